// Archives as skopeo writes them become layouts with the same digests; what is made to do harm leaves nothing behind.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { tidyArchives } from "../../electron/app/archive-folders.ts";
import { silentLog } from "../../electron/app/log.ts";
import { unpackArchive } from "../../electron/layout/unpack-archive.ts";
import { appStage } from "../app/app-stage.ts";
import { blobsOf, buildMultiPlatform, pushImage } from "../support/image-builder.ts";
import { startRealRegistry } from "../support/real-registry.ts";
import { skopeoCopy } from "../support/skopeo.ts";
import { tempFolder } from "../support/temp.ts";

async function folder(): Promise<string> {
  const made = await tempFolder("archive");
  onTestFinished(() => made.remove());
  return made.path;
}

const { signal } = new AbortController();

it("opens what skopeo writes, packed or not, with every digest as it was", async () => {
  const registry = await startRealRegistry();
  onTestFinished(() => registry.stop());
  const image = await buildMultiPlatform({ seed: "archive", layerSize: 300_000 });
  await pushImage(registry, image, "team/app", "v1");
  const place = await folder();
  const tar = join(place, "App.tar");
  await skopeoCopy(
    { reference: `docker://${registry.host}/team/app:v1`, target: registry },
    { reference: `oci-archive:${tar}:v1` },
  );
  writeFileSync(join(place, "packed.tar.gz"), gzipSync(readFileSync(tar)));
  const { client, home } = await appStage();
  for (const file of ["App.tar", "packed.tar.gz"]) {
    const endpoint = await client.call("archives.open", { path: join(place, file) });
    expect(endpoint).toMatchObject({ name: file, settings: { kind: "archive", path: join(place, file) } });
    const { names } = await client.call("repositories.list", { endpointId: endpoint.id });
    expect(names).toEqual([file.split(".")[0]?.toLowerCase()]);
    const at = { endpointId: endpoint.id, repository: names[0] ?? "", reference: "v1" };
    expect((await client.call("image.inspect", at)).root.digest).toBe(image.digest);
    const again = await client.call("archives.open", { path: join(place, file) });
    expect(again.id).toBe(endpoint.id);
  }
  const layouts = readdirSync(join(home, "archives")).map((name) => join(home, "archives", name));
  expect(layouts).toHaveLength(2);
  for (const folder of layouts) {
    const inside = readdirSync(folder).find((name) => name === "app" || name === "packed") ?? "";
    const blobs = readdirSync(join(folder, inside, "blobs", "sha256"));
    for (const { digest } of blobsOf(image)) expect(blobs).toContain(digest.slice("sha256:".length));
  }
  await expect(client.call("archives.open", { path: join(place, "none.tar") })).rejects.toMatchObject({
    code: "not-found",
  });
  expect((await client.call("endpoints.list", {})).endpoints).toHaveLength(2);
  expect(readdirSync(join(home, "archives"))).toHaveLength(2);
});

it("opens them only for reading, under a name that a repository may have, and removes them with their endpoint", async () => {
  const { client, home } = await appStage();
  const { tar } = await archive(layout);
  const odd = join(dirname(tar), "...tar");
  renameSync(tar, odd);
  const endpoint = await client.call("archives.open", { path: odd });
  const archives = join(home, "archives");
  expect(endpoint.settings).toEqual({ kind: "archive", readOnly: true, path: odd });
  expect(readdirSync(join(archives, readdirSync(archives)[0] ?? ""))).toContain("archive");
  await client.call("endpoints.remove", { id: endpoint.id });
  expect(readdirSync(archives)).toEqual([]);
  expect(existsSync(odd)).toBe(true);
});

it("tidies away what dead processes left, and nothing that is used or waits to be packed", async () => {
  const home = await folder();
  const inArchives = (name: string) => join(home, "archives", name);
  const machine = hostname()
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, 40);
  const dead = spawnSync("true").pid;
  const users = [`left/users/${machine}-${dead}-0123456789ab`, `used/users/${machine}-1-0123456789ab`];
  for (const name of [...users, "left/app", "used/app", "waits/app"])
    mkdirSync(inArchives(name), { recursive: true });
  writeFileSync(inArchives("waits/note.json"), '{"stamp":null,"format":"oci","dirty":true}');
  await tidyArchives(home, silentLog);
  expect(readdirSync(join(home, "archives")).toSorted()).toEqual(["used", "waits"]);
});

const layout = {
  "oci-layout": '{"imageLayoutVersion":"1.0.0"}',
  "index.json": '{"schemaVersion":2,"manifests":[]}',
};
const blobName = (content: string) => `blobs/sha256/${createHash("sha256").update(content).digest("hex")}`;

/** GNU tar's own words, so that the archive is one that somebody could really send. */
async function archive(files: Readonly<Record<string, string>>, args: readonly string[] = [], link?: string) {
  const place = await folder();
  const inside = join(place, "inside");
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(inside, name)), { recursive: true });
    writeFileSync(join(inside, name), content);
  }
  if (link !== undefined) symlinkSync("/etc/passwd", join(inside, link));
  const tar = join(place, "made.tar");
  execFileSync("tar", ["-cf", tar, ...args, "-C", inside, "."]);
  return { tar, target: join(place, "target") };
}

it("takes archives of GNU and pax tar, and leaves other files out", async () => {
  for (const format of ["gnu", "pax", "ustar"]) {
    const files = { ...layout, [blobName("x")]: "x", "manifest.json": "[]" };
    const { tar, target } = await archive(files, [`--format=${format}`]);
    await unpackArchive(tar, target, signal);
    expect(readFileSync(join(target, blobName("x")), "utf8")).toBe("x");
    expect(readdirSync(target).toSorted()).toEqual(["blobs", "index.json", "oci-layout"]);
  }
});

it.each([
  ["a wrong digest", { ...layout, [blobName("x")]: "y" }, [], undefined, "digest-mismatch"],
  ["a link", layout, [], blobName("x").replace("blobs/sha256/", ""), "protocol"],
  ["a name that leads out", layout, ["--transform=s,^./index.json,../index.json,"], undefined, "protocol"],
  ["an absolute name", layout, ["-P", "--transform=s,^./index.json,/tmp/index.json,"], undefined, "protocol"],
  ["no index", { "oci-layout": "{}" }, [], undefined, "protocol"],
  [
    "an index that is too long",
    { ...layout, "index.json": " ".repeat(9_000_000) },
    [],
    undefined,
    "too-large",
  ],
] as const)("refuses %s, and leaves nothing", async (_, files, args, link, code) => {
  const { tar, target } = await archive(files, args, link);
  await expect(unpackArchive(tar, target, signal)).rejects.toMatchObject({ code });
  expect(readdirSync(dirname(target)).filter((name) => name.startsWith("target"))).toEqual([]);
});

it("does not take a folder's claimed content into memory, and opens nothing but files", async () => {
  const place = await folder();
  const header = Buffer.alloc(512);
  header.write("folder/");
  const size = 256 * 1024 * 1024;
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  header.write("5", 156);
  header.write(" ".repeat(8), 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const tar = join(place, "made.tar");
  writeFileSync(tar, header);
  truncateSync(tar, 512 + size + 1024);
  const before = process.memoryUsage().rss;
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss - before);
  }, 10);
  await expect(unpackArchive(tar, join(place, "target"), signal)).rejects.toMatchObject({ code: "protocol" });
  clearInterval(timer);
  expect(most).toBeLessThan(160 * 1024 * 1024);

  execFileSync("mkfifo", [join(place, "pipe.tar")]);
  await expect(unpackArchive(join(place, "pipe.tar"), join(place, "target"), signal)).rejects.toMatchObject({
    code: "protocol",
  });
});

it("refuses what is cut off, no archive at all, or stopped", async () => {
  const { tar, target } = await archive({ ...layout, [blobName("x".repeat(50_000))]: "x".repeat(50_000) });
  const whole = readFileSync(tar);
  for (const bytes of [whole.subarray(0, 20_000), Buffer.from("no archive".repeat(200)), Buffer.alloc(0)]) {
    writeFileSync(tar, bytes);
    await expect(unpackArchive(tar, target, signal)).rejects.toMatchObject({ code: "protocol" });
  }
  writeFileSync(tar, gzipSync(whole).subarray(0, 100));
  await expect(unpackArchive(tar, target, signal)).rejects.toThrow();
  const reason = new Error("stopped");
  await expect(unpackArchive(tar, target, AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(readdirSync(dirname(target)).filter((name) => name.startsWith("target"))).toEqual([]);
});
