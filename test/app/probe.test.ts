// What a probe found is kept with its date, told to every window, and used: no deletes where none are done.
import { expect, it, onTestFinished } from "vitest";
import { startFixtureRegistry } from "../support/fixture-registry.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { startRealRegistry } from "../support/real-registry.ts";
import { tempFolder } from "../support/temp.ts";
import { appStage } from "./app-stage.ts";

async function setUp(settings: object = {}) {
  const registry = await startRealRegistry();
  onTestFinished(() => registry.stop());
  await pushImage(registry, await buildImage({ seed: "kept", layerSize: 100 }), "team/app", "v1");
  const stage = await appStage();
  const added = await stage.client.call("endpoints.add", {
    settings: { kind: "registry", host: registry.host, plainHttp: "always", ...settings },
  });
  return { ...stage, registry, id: added.id };
}

it("a probe is kept with its date, and spares deletes that would be refused", async () => {
  const { client, heard, registry, id } = await setUp();
  const before = Date.now();
  const probed = await client.call("endpoints.probe", { id, repository: "team/app", write: true });
  expect(probed.capabilities?.probedAt).toBeGreaterThanOrEqual(before);
  expect(probed.capabilities).toMatchObject({ repository: "team/app" });
  expect(probed.capabilities?.capabilities).toContainEqual(
    expect.objectContaining({ name: "delete", answer: "no" }),
  );
  expect(heard("endpoint.changed").at(-1)?.capabilities).toEqual(probed.capabilities);
  const { endpoints } = await client.call("endpoints.list", {});
  expect(endpoints.find((one) => one.id === id)?.capabilities).toEqual(probed.capabilities);

  await registry.clearAccessLog();
  const gone = client.call("image.delete", { endpointId: id, repository: "team/app", reference: "v1" });
  await expect(gone).rejects.toMatchObject({ code: "unsupported", message: /deletes nothing: its probe of/ });
  expect(await registry.accessLog()).toEqual([]);
});

it("a probe is forgotten with another sign-in or another place, and stays with another name", async () => {
  const { client, id, registry } = await setUp();
  const probe = () => client.call("endpoints.probe", { id, repository: "team/app", write: true });
  const first = await probe();
  expect((await client.call("endpoints.update", { id, name: "renamed" })).capabilities).toEqual(
    first.capabilities,
  );
  const credential = { username: "anna", password: "secret" };
  expect((await client.call("endpoints.signIn", { id, credential })).capabilities).toBeNull();
  // What may be different now is asked of the registry again.
  const gone = client.call("image.delete", { endpointId: id, repository: "team/app", reference: "v1" });
  await expect(gone).rejects.toMatchObject({ message: expect.not.stringContaining("probe") });
  await probe();
  expect((await client.call("endpoints.check", { id })).health.state).toBe("ok");
  const outside = await client.call("endpoints.signInChanged", { id });
  expect([outside.capabilities, outside.health.state]).toEqual([null, "unknown"]);
  await probe();
  const settings = {
    kind: "registry",
    host: registry.host,
    plainHttp: "always",
    provider: "distribution",
  } as const;
  expect((await client.call("endpoints.update", { id, settings })).capabilities).toBeNull();
});

it("what a probe showed for certain is known to the runs that follow", async () => {
  const registry = await startFixtureRegistry();
  onTestFinished(() => registry.stop());
  registry.fault({ do: "no-referrers" });
  registry.fault({ do: "no-mounts" });
  await pushImage(registry, await buildImage({ seed: "known", layerSize: 100 }), "team/app", "v1");
  const { client } = await appStage();
  const { id } = await client.call("endpoints.add", {
    settings: { kind: "registry", host: registry.host, plainHttp: "always" },
  });
  await client.call("endpoints.probe", { id, repository: "team/app", write: true });
  registry.clearRecords();
  const run = await client.call("runs.plan", {
    sourceId: id,
    destinationId: id,
    selection: [
      { kind: "image", repository: "team/app", reference: "v1", destinationRepository: "team/copy" },
    ],
  });
  const stateOf = async () => (await client.call("runs.get", { runId: run.id })).state;
  await expect.poll(stateOf, { timeout: 10_000 }).toBe("planned");
  await client.call("runs.start", { runId: run.id });
  await expect.poll(stateOf, { timeout: 10_000 }).toBe("succeeded");
  expect(registry.count({ kind: "referrers" })).toBe(0);
  expect(registry.requests.filter(({ path }) => path.includes("mount="))).toEqual([]);
});

it("nothing is written to what is marked as read-only, without a repository, or at a folder", async () => {
  const { client, id, registry } = await setUp({ readOnly: true });
  await registry.clearAccessLog();
  await expect(
    client.call("endpoints.probe", { id, repository: "team/app", write: true }),
  ).rejects.toMatchObject({ code: "forbidden" });
  const looked = await client.call("endpoints.probe", { id });
  expect(looked.capabilities).toMatchObject({ repository: null });
  const methods = (await registry.accessLog()).map(({ method }) => method);
  expect(methods.filter((method) => method !== "GET" && method !== "HEAD")).toEqual([]);

  const folder = await tempFolder("probe");
  onTestFinished(() => folder.remove());
  const layout = await client.call("endpoints.add", { settings: { kind: "layout", path: folder.path } });
  await expect(client.call("endpoints.probe", { id: layout.id })).rejects.toMatchObject({ code: "usage" });
  const writable = await setUp();
  await expect(
    writable.client.call("endpoints.probe", { id: writable.id, write: true }),
  ).rejects.toMatchObject({ code: "usage" });
});
