// A logout in another process takes the sign-in away from what runs here, tokens that came of it included.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type FixtureOptions, startFixtureRegistry } from "../support/fixture-registry.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { tempFolder } from "../support/temp.ts";
import { appStage } from "./app-stage.ts";

const user = "mover";
const password = "open sesame";

async function registry(options: FixtureOptions = {}) {
  const started = await startFixtureRegistry(options);
  onTestFinished(() => started.stop());
  return started;
}

it("pauses a run that has a good token of the old password", async () => {
  const source = await registry();
  const guarded = await registry({ auth: { kind: "token", user, password } });
  await pushImage(source, await buildImage({ seed: "logout", layerSize: 1000 }), "team/app", "v1");
  const home = await tempFolder("logout-elsewhere");
  onTestFinished(() => home.remove());
  const docker = join(home.path, "config.json");
  const auth = Buffer.from(`${user}:${password}`).toString("base64");
  await writeFile(docker, JSON.stringify({ auths: { [guarded.host]: { auth } } }));

  const here = await appStage({ home: home.path, face: "web" });
  const there = await appStage({ home: home.path });
  const add = (host: string) =>
    here.client.call("endpoints.add", { settings: { kind: "registry", host, plainHttp: "always" } });
  const [{ id: sourceId }, { id: destinationId }] = [await add(source.host), await add(guarded.host)];
  const stateOf = async (runId: string): Promise<string> => {
    const { state, stateReason } = await here.client.call("runs.get", { runId });
    return `${state} ${stateReason}`;
  };
  const { id: runId } = await here.client.call("runs.plan", {
    sourceId,
    destinationId,
    selection: [{ kind: "image", repository: "team/app", reference: "v1" }],
  });
  await expect.poll(() => stateOf(runId), { timeout: 10_000 }).toBe("planned null");

  const held = source.fault({ do: "slow", bytesPerSecond: 300 }, { kind: "blob", method: "GET" });
  await here.client.call("runs.start", { runId });
  // The token to push with is there.
  await expect.poll(() => guarded.count({ kind: "uploads" }), { timeout: 10_000 }).toBeGreaterThan(0);
  expect(held.count).toBeGreaterThan(0);
  await rm(docker);
  const before = here.heard("endpoint.changed").length;
  await there.client.call("endpoints.signInChanged", { id: destinationId });
  await expect
    .poll(
      () =>
        here
          .heard("endpoint.changed")
          .slice(before)
          .find(({ id }) => id === destinationId)?.credential.source,
      { timeout: 5_000 },
    )
    .toBe("none");
  await expect.poll(() => stateOf(runId), { timeout: 15_000 }).toBe("paused sign-in-needed");
}, 60_000);
