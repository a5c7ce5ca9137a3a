// Repositories that people named at a registry that does not list: shown, found by patterns, and forgotten again.
import { expect, it, onTestFinished } from "vitest";
import { startFixtureRegistry } from "../support/fixture-registry.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { appStage } from "./app-stage.ts";

it("names of people are listed, streamed and planned where the registry keeps its catalogue to itself", async () => {
  const [from, to] = await Promise.all([startFixtureRegistry(), startFixtureRegistry()]);
  onTestFinished(() => Promise.all([from.stop(), to.stop()]).then(() => undefined));
  await pushImage(from, await buildImage({ seed: "named", layerSize: 100 }), "team/app", "v1");
  from.fault({ do: "status", status: 404 }, { kind: "catalog" });
  const { client } = await appStage();
  const add = (host: string) =>
    client.call("endpoints.add", { settings: { kind: "registry", host, plainHttp: "always" } });
  const [source, destination] = [await add(from.host), await add(to.host)];
  const list = (more: object = {}) => client.call("repositories.list", { endpointId: source.id, ...more });
  expect(await list()).toMatchObject({ names: [], complete: false });

  await client.call("repositories.remember", { endpointId: source.id, names: ["team/app", "team/gone"] });
  expect(await list()).toEqual({ names: ["team/app", "team/gone"], total: 2, complete: false });
  expect(await list({ stream: "" })).toMatchObject({ names: ["team/app", "team/gone"], complete: false });

  await client.call("repositories.forget", { endpointId: source.id, names: ["team/gone"] });
  expect(await list()).toMatchObject({ names: ["team/app"] });
  expect(await client.call("repositories.named", { endpointId: source.id })).toEqual({ names: ["team/app"] });
  const run = await client.call("runs.plan", {
    sourceId: source.id,
    destinationId: destination.id,
    selection: [{ kind: "repositories", include: ["team/*"], tags: {} }],
  });
  await expect
    .poll(async () => (await client.call("runs.get", { runId: run.id })).state, { timeout: 10_000 })
    .toBe("planned");
  const { images } = await client.call("runs.images", { runId: run.id });
  expect(images).toMatchObject([{ sourceRepository: "team/app", sourceReference: "v1", action: "copy" }]);
});
