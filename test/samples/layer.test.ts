// Layers are real tars in real gzip, whatever their size, and the same for the same seed.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { layerChunks, makeLayer } from "../../electron/samples/layer.ts";
import { runCommand } from "../support/child.ts";
import { tempFolder } from "../support/temp.ts";

describe("makeLayer", () => {
  it.each([0, 1, 511, 512, 65_535, 262_144, 600_001])(
    "makes a gzip and tar of %i bytes that others read",
    async (size) => {
      const spec = { seed: "s", size, path: "opt/file.bin", compression: "gzip" } as const;
      const chunks: Buffer[] = [];
      const made = await makeLayer(spec, (chunk) => {
        chunks.push(Buffer.from(chunk));
      });
      const bytes = Buffer.concat(chunks);
      expect(made.size).toBe(bytes.length);
      expect(made.digest).toBe(`sha256:${createHash("sha256").update(bytes).digest("hex")}`);
      const tar = gunzipSync(bytes);
      expect(made.diffId).toBe(`sha256:${createHash("sha256").update(tar).digest("hex")}`);
      await using folder = await tempFolder();
      const { writeFile } = await import("node:fs/promises");
      await writeFile(join(folder.path, "layer.tgz"), bytes);
      const listed = await runCommand("tar", ["tvzf", join(folder.path, "layer.tgz")]);
      expect([listed.code, listed.stderr]).toEqual([0, ""]);
      expect(listed.stdout.toString()).toMatch(new RegExp(`-rw-r--r-- \\S+ +${size} .* opt/file.bin`));
    },
  );

  it("gives the same bytes for a seed and others for another", async () => {
    const spec = { seed: "a", size: 300_000, path: "f", compression: "none" } as const;
    const made = await makeLayer(spec);
    expect(made.digest).toBe(made.diffId);
    expect(await makeLayer(spec)).toEqual(made);
    expect((await makeLayer({ ...spec, seed: "b" })).digest).not.toBe(made.digest);
    // Pinned: samples are the same on every machine and in every release.
    expect(made.digest).toMatchInlineSnapshot(
      `"sha256:5d0b1ea93047870e6341c1e3277c1894cb337ae13adbcacb5d9278d2b8242750"`,
    );
    expect(Buffer.concat([...layerChunks(spec)]).length).toBe(made.size);
  });
});
