// A plan says what the disk has no room for; what it says is of this machine's own folders and archives.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { mediaTypes } from "../../shared/media-types.ts";
import { tempFolder } from "../support/temp.ts";
import { cli } from "./cli-harness.ts";

/** A layout whose image claims a layer of a pebibyte; a plan reads no layer. */
function writeLayout(path: string, layerSize: number): void {
  const blobs = join(path, "blobs/sha256");
  mkdirSync(blobs, { recursive: true });
  const put = (content: object): { digest: string; size: number } => {
    const text = JSON.stringify(content);
    const hex = createHash("sha256").update(text).digest("hex");
    writeFileSync(join(blobs, hex), text);
    return { digest: `sha256:${hex}`, size: text.length };
  };
  const config = { mediaType: mediaTypes.ociConfig, ...put({ architecture: "amd64", os: "linux" }) };
  const layer = { mediaType: mediaTypes.ociLayerZstd, digest: `sha256:${"a".repeat(64)}`, size: layerSize };
  const mediaType = mediaTypes.ociManifest;
  const manifest = { mediaType, ...put({ schemaVersion: 2, mediaType, config, layers: [layer] }) };
  // The same layer in two repositories lies in a layout once.
  const entries = ["v1", "other/app:v1"].map((name) => ({
    ...manifest,
    annotations: { "org.opencontainers.image.ref.name": name },
  }));
  writeFileSync(join(path, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(path, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: entries }));
}

it.each([
  ["oci:", 1024 ** 5, "1.0 PiB"],
  // Worked on in the data folder, and packed on the same disk.
  ["oci-archive:", 1024 ** 5, "2.0 PiB"],
  ["oci:", 1000, undefined],
  ["oci-archive:", 1000, undefined],
])("a plan into %s with %d bytes warns of %s", async (kind, size, needed) => {
  const home = await tempFolder("plan-room");
  onTestFinished(() => home.remove());
  writeLayout(join(home.path, "from"), size);
  const into = join(home.path, "into.tar");
  const end = await cli(
    { home: home.path },
    ...["plan", "--source", `oci:${join(home.path, "from")}`, "--destination", `${kind}${into}`],
    ...["--repository-pattern", "**"],
  );
  expect(end.code, end.stderr).toBe(0);
  expect(end.stdout).toContain("Plan: 2 images: 2 to copy;");
  const [warning] = /Warning: There is not enough room.*/.exec(end.stdout) ?? [];
  if (needed === undefined) expect(warning).toBeUndefined();
  else {
    expect(warning).toContain(`: ${needed} are needed on the disk of ${into}, and `);
    expect(warning).toMatch(/ [\d.]+ \wi?B are free there\.$/);
  }
});
