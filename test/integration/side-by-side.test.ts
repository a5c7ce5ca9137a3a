// Several processes on one data folder at once: two replications and the web host, none of which disturbs another.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildBundles } from "../support/build.ts";
import { startBuiltHost } from "../support/built-host.ts";
import { readJson, Stage } from "../support/cli.ts";
import { type BuiltImage, buildImage, pushImage } from "../support/image-builder.ts";

describe("one data folder", () => {
  let stage: Stage;
  let image: BuiltImage;
  beforeAll(async () => {
    await buildBundles("cli", "host", "client");
    stage = await Stage.open();
    image = await buildImage({ seed: "side", layers: 3, layerSize: 2_000_000 });
    for (const tag of ["v1", "v2", "v3"]) await pushImage(stage.source, image, "side/app", tag);
  });
  afterAll(() => stage.close());

  it("serves two replications and the window's host side by side", async () => {
    const host = await startBuiltHost(stage.home.path);
    const words = (prefix: string): string[] =>
      stage.replicateWords("--repository", "side/app", "--prefix", prefix, "--verify");
    const files = (name: string): string[] => ["--report", join(stage.home.path, `a report of ${name}.json`)];
    const ends = await Promise.all([
      stage.run(...words("left"), ...files("left")),
      stage.run(...words("right"), ...files("right")),
      stage.run("runs", "--json"),
    ]);
    const [left, right] = [readJson(ends[0], 0), readJson(ends[1], 0)];
    expect([left.images.copied, right.images.copied]).toEqual([3, 3]);
    expect(ends[2].code, ends[2].stderr).toBe(0);
    const { runs } = await host.client.call("runs.list", {});
    const states = new Map(runs.map((run) => [run.id, run.state]));
    expect([states.get(left.run ?? ""), states.get(right.run ?? "")]).toEqual(["succeeded", "succeeded"]);
    await stage.expectSame(image, "left/side/app", "v3");
    await stage.expectSame(image, "right/side/app", "v3");
    await host.stop();
  });
});
