// Layout folders through the built command line, both ways, and `verify`: skopeo judges.
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stage, signIn } from "../support/cli.ts";
import {
  type BuiltImage,
  blobBytesOf,
  blobsOf,
  buildImage,
  buildMultiPlatform,
  pushImage,
} from "../support/image-builder.ts";
import { sha256 } from "../support/raw-http.ts";
import { blobFile } from "../support/registry-files.ts";
import { dockerReference, skopeo, skopeoCopy } from "../support/skopeo.ts";

describe("layout folders and verify", () => {
  let stage: Stage;
  let index: BuiltImage;
  beforeAll(async () => {
    stage = await Stage.open();
    index = await buildMultiPlatform({ seed: "layout", layers: 2, layerSize: 100_000 });
    await pushImage(stage.source, index, "team/app", "v1");
  });
  afterAll(() => stage.close());

  it("copies to an OCI layout that skopeo reads", async () => {
    const folder = join(stage.home.path, "out");
    const end = await stage.run("copy", `${stage.source.host}/team/app:v1`, `oci:${folder}:v1`);
    expect(end.code, end.stderr).toBe(0);
    expect(sha256(await skopeo(["inspect", "--raw", `oci:${folder}:v1`]))).toBe(index.digest);
    // skopeo reads and checks every blob on its way into a registry.
    await skopeoCopy(
      { reference: `oci:${folder}:v1` },
      { reference: dockerReference(stage.destination, "from/skopeo", "v1"), target: stage.destination },
    );
    await stage.expectSame(index, "from/skopeo", "v1");
  });

  it("copies into an OCI archive and out of it again, and leaves nothing unpacked behind", async () => {
    const file = join(stage.home.path, "one.tar");
    const out = await stage.run("copy", `${stage.source.host}/team/app:v1`, `oci-archive:${file}:v1`);
    expect(out.code, out.stderr).toBe(0);
    expect(out.stdout).toContain(`oci-archive:${file}:`);
    expect(sha256(await skopeo(["inspect", "--raw", `oci-archive:${file}:v1`]))).toBe(index.digest);
    const list = await stage.run("ls", `oci-archive:${file}`, "--json");
    expect(JSON.parse(list.stdout)).toMatchObject({ repositories: ["one"] });
    const back = `${stage.source.host}/out/of/archive:v1`;
    for (const command of ["copy", "verify"]) {
      const end = await stage.run(command, `oci-archive:${file}:v1`, back);
      expect(end.code, end.stderr).toBe(0);
    }
    expect(await readdir(join(stage.home.path, "archives"))).toEqual([]);
  });

  it("copies from an OCI layout that skopeo wrote", async () => {
    const folder = join(stage.home.path, "in");
    await skopeoCopy(
      { reference: dockerReference(stage.source, "team/app", "v1"), target: stage.source },
      { reference: `oci:${folder}:v1` },
    );
    const end = await stage.run(
      "copy",
      `oci:${folder}:v1`,
      `${stage.destination.host}/from/layout`,
      ...signIn,
    );
    expect(end.code, end.stderr).toBe(0);
    await stage.expectSame(index, "from/layout", "v1");
    const tags = await stage.run("list-tags", `oci:${folder}`, "--json");
    expect(JSON.parse(tags.stdout)).toEqual({ repository: "in", tags: ["v1"] });
  });

  it("replicates many repositories into one layout and back", async () => {
    const folder = join(stage.home.path, "vault");
    await pushImage(stage.source, await buildImage({ seed: "second" }), "team/second", "v2");
    const out = ["replicate", "--source", stage.source.host, "--destination", `oci:${folder}`];
    const there = await stage.run(...out, "--repository-pattern", "team/*");
    expect(there.code, there.stderr).toBe(0);
    const listed = await stage.run("ls", `oci:${folder}`, "--json");
    expect(JSON.parse(listed.stdout)).toMatchObject({ repositories: ["team/app", "team/second"] });
    const back = [
      "replicate",
      "--source",
      `oci:${folder}`,
      "--destination",
      stage.destination.host,
      ...signIn,
    ];
    const home = await stage.run(...back, "--repository-pattern", "**", "--prefix", "back");
    expect(home.code, home.stderr).toBe(0);
    await stage.expectSame(index, "back/team/app", "v1");
  });

  it.each(["oci:", "oci-archive:"])(
    "brings a layer into %s once, whatever repositories it is for",
    async (kind) => {
      const image = await buildImage({ seed: "shared", layers: 2, layerSize: 100_000 });
      for (const name of ["one", "two", "three"])
        await pushImage(stage.source, image, `shared/${name}`, "v1");
      await stage.source.clearAccessLog();
      const into = `${kind}${join(stage.home.path, `shared-${kind.length}`)}`;
      const ends = ["--source", stage.source.host, "--destination", into];
      const end = await stage.run("replicate", ...ends, "--repository-pattern", "shared/*", "--json");
      expect(end.code, end.stderr).toBe(0);
      const bytes = blobBytesOf(image);
      expect(JSON.parse(end.stdout)).toMatchObject({
        images: { copied: 3 },
        bytes: { to_transfer: bytes, transferred: bytes, mounted: 2 * bytes },
      });
      const read = (await stage.source.accessLog()).filter(
        ({ method, path }) => method === "GET" && path.includes("/blobs/"),
      );
      expect(read).toHaveLength(blobsOf(image).length);
      const names = JSON.parse((await stage.run("ls", into, "--json")).stdout);
      expect(names).toMatchObject({ repositories: ["shared/one", "shared/three", "shared/two"] });
    },
  );

  it("verifies equal images with 0 and different ones with 5", async () => {
    const pair = [`${stage.source.host}/team/app:v1`, `${stage.destination.host}/checked/app:v1`] as const;
    await stage.run("copy", ...pair, ...signIn);

    const equal = await stage.run("verify", ...pair, ...signIn);
    expect(equal.code, equal.stderr).toBe(0);
    expect(equal.stdout).toContain(`Equal: ${index.digest}`);

    const other = await buildImage({ seed: "something else" });
    await pushImage(stage.destination, other, "checked/app", "v2");
    const different = await stage.run(
      "verify",
      pair[0],
      `${stage.destination.host}/checked/app:v2`,
      ...signIn,
    );
    expect(different.code, different.stderr).toBe(5);
    expect(different.stdout).toContain(other.digest);

    const missing = await stage.run("verify", pair[0], `${stage.destination.host}/checked/app:v3`, ...signIn);
    expect(missing.code, missing.stderr).toBe(5);
  });

  it("verifies down to the blobs: a byte that rots on the destination's disk is found", async () => {
    const image = await buildImage({ seed: "rotten" });
    await pushImage(stage.source, image, "rot/app", "v1");
    const pair = [`${stage.source.host}/rot/app:v1`, `${stage.destination.host}/rot/app:v1`] as const;
    await stage.run("copy", ...pair, ...signIn);
    const layer = blobsOf(image)[1];
    const file = blobFile(stage.destination, layer?.digest ?? "");
    await rm(file);
    await writeFile(file, Buffer.alloc(layer?.size ?? 0, 7));

    const end = await stage.run("verify", ...pair, ...signIn, "--json");

    expect(end.code, end.stderr).toBe(5);
    const result = JSON.parse(end.stdout) as {
      equal: boolean;
      differences: { what: string; digest: string }[];
    };
    expect(result.equal).toBe(false);
    expect(result.differences).toContainEqual(
      expect.objectContaining({ what: "blob", digest: layer?.digest }),
    );
  });
});
