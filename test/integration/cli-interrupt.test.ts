// Killed, interrupted and resumed: no blob that arrived is sent again, and the registry's access log is the witness.
import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AccessLogLine } from "../support/access-log.ts";
import { password, readJson, Stage, signIn } from "../support/cli.ts";
import {
  type BuiltImage,
  blobBytesOf,
  blobsOf,
  buildImage,
  buildLargeImage,
  pushImage,
} from "../support/image-builder.ts";
import { runProcess } from "../support/processes.ts";
import { listTags } from "../support/raw-http.ts";
import { blobFile } from "../support/registry-files.ts";
import { type SlowProxy, startSlowProxy } from "../support/slow-proxy.ts";

const megabyte = 1024 * 1024;

/** Digests of the blobs that the registry confirmed, once for each time. */
function committed(lines: readonly AccessLogLine[]): string[] {
  return lines
    .filter((line) => line.method === "PUT" && line.path.includes("/blobs/uploads/") && line.status === 201)
    .map((line) => decodeURIComponent(/[?&]digest=([^&]+)/.exec(line.path)?.[1] ?? ""));
}

describe("a run that is stopped in the middle", () => {
  let stage: Stage;
  let proxy: SlowProxy;
  beforeAll(async () => {
    stage = await Stage.open();
    proxy = await startSlowProxy({ port: stage.source.port });
  });
  afterAll(async () => {
    await proxy.close();
    await stage.close();
  });
  beforeEach(() => stage.destination.clearAccessLog());

  const words = (repository: string, ...more: readonly string[]): string[] => [
    ...["replicate", "--source", proxy.host, "--destination", stage.destination.host, ...signIn],
    ...["--repository", repository, "--parallel-workers", "1", ...more],
  ];
  const prepare = async (repository: string): Promise<BuiltImage> => {
    const image = await buildLargeImage({ seed: repository, totalSize: 48 * megabyte, layers: 12 });
    await pushImage(stage.source, image, repository, "v1");
    return image;
  };
  /** Resolves when some blobs have arrived and others have not. */
  const untilSomeArrived = async (count: number): Promise<void> => {
    const deadline = Date.now() + 60_000;
    while (committed(await stage.destination.accessLog()).length < count) {
      if (Date.now() > deadline) throw new Error("No blob arrived within 60 s.");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  it("is killed with kill -9 in mid-run; then resume finishes and sends no completed blob again", async () => {
    const image = await prepare("killed/app");
    proxy.setSpeed(8 * megabyte);
    const run = stage.start(...words("killed/app"));
    await untilSomeArrived(3);
    await run.kill9();
    const before = committed(await stage.destination.accessLog());
    expect(before.length).toBeLessThan(blobsOf(image).length);
    expect(await listTags(stage.destination, "killed/app")).toEqual([]);
    proxy.setSpeed(0);

    const end = await stage.run("resume", ...signIn, "--json");

    const result = readJson(end, 0);
    expect(result).toMatchObject({ status: "succeeded", images: { total: 1, copied: 1, failed: 0 } });
    // What was under way when the log was first read may have been committed a moment later: it counts once, too.
    const after = committed(await stage.destination.accessLog()).slice(before.length);
    expect(after.filter((digest) => before.includes(digest))).toEqual([]);
    expect(new Set([...before, ...after])).toEqual(new Set(blobsOf(image).map((blob) => blob.digest)));
    // A blob that arrived in the moment of the kill could not be written down; it is found there instead of sent.
    expect(result.bytes.transferred + result.bytes.already_present).toBe(blobBytesOf(image));
    await stage.expectSame(image, "killed/app", "v1");
  });

  it("gets SIGINT, ends with 130 within two seconds, and the printed resume command works", async () => {
    const image = await prepare("paused/app");
    proxy.setSpeed(8 * megabyte);
    const checkpoint = join(stage.home.path, "paused.json");
    const run = stage.start(...words("paused/app", "--json", "--checkpoint-file", checkpoint));
    await untilSomeArrived(2);
    const asked = performance.now();
    run.signal("SIGINT");
    const end = await run.ended;
    expect(performance.now() - asked).toBeLessThan(2_000);
    const interrupted = readJson(end, 130);
    expect(interrupted).toMatchObject({ status: "interrupted", images: { copied: 0 } });
    expect(await listTags(stage.destination, "paused/app")).toEqual([]);
    const before = committed(await stage.destination.accessLog());
    await stage.destination.clearAccessLog();
    proxy.setSpeed(0);

    const printed = /npx freightliner (resume .*)$/m.exec(end.stderr)?.[1] ?? "";
    expect(printed).toContain(interrupted.run);
    const resumed = await stage.run(...printed.split(" "), "--json");

    expect(readJson(resumed, 0)).toMatchObject({
      run: interrupted.run,
      status: "succeeded",
      images: { copied: 1 },
    });
    const after = committed(await stage.destination.accessLog());
    expect(after.filter((digest) => before.includes(digest))).toEqual([]);
    await stage.expectSame(image, "paused/app", "v1");
    expect(JSON.parse(await readFile(checkpoint, "utf8"))).toMatchObject({
      version: 1,
      run: interrupted.run,
    });
  });

  it("goes on from the checkpoint file in another data folder's place", async () => {
    const image = await prepare("checkpoint/app");
    proxy.setSpeed(8 * megabyte);
    const checkpoint = join(stage.home.path, "checkpoint.json");
    const run = stage.start(...words("checkpoint/app", "--checkpoint-file", checkpoint));
    await untilSomeArrived(1);
    run.signal("SIGTERM");
    expect((await run.ended).code).toBe(130);
    proxy.setSpeed(0);

    // FREIGHTLINER_HOME names an empty folder here; the checkpoint knows the right one.
    const elsewhere = join(stage.home.path, "elsewhere");
    const resumed = await runProcess({
      home: elsewhere,
      args: ["resume", "--checkpoint-file", checkpoint, ...signIn, "--json"],
      input: `${password}\n`,
    });

    expect(readJson(resumed, 0)).toMatchObject({ status: "succeeded", images: { copied: 1 } });
    await stage.expectSame(image, "checkpoint/app", "v1");
  });

  it("has nothing to resume where all is done", async () => {
    const end = await stage.run("resume", "--json");
    expect(readJson(end, 0)).toMatchObject({ run: null, status: "succeeded" });
    expect(end.stderr).toContain("nothing to resume");
  });

  it("is retried for what failed alone", async () => {
    const good = await buildImage({ seed: "retry-good" });
    const bad = await buildImage({ seed: "retry-bad" });
    await pushImage(stage.source, good, "retried/app", "v1");
    await pushImage(stage.source, bad, "retried/app", "v2");
    // The source has lost a layer of one of the two, and finds it again later.
    const file = blobFile(stage.source, blobsOf(bad)[1]?.digest ?? "");
    await rename(file, `${file}.lost`);
    const first = readJson(await stage.run(...words("retried/app", "--json")), 1);
    expect(first).toMatchObject({ status: "failed", images: { total: 2, copied: 1, failed: 1 } });
    expect(await listTags(stage.destination, "retried/app")).toEqual(["v1"]);
    await rename(`${file}.lost`, file);
    await stage.destination.clearAccessLog();

    const second = readJson(await stage.run("resume", "--retry-failed", ...signIn, "--json"), 0);

    expect(second).toMatchObject({ run: first.run, status: "succeeded", images: { copied: 2, failed: 0 } });
    await stage.expectSame(bad, "retried/app", "v2");
    const log = await stage.destination.accessLog();
    expect(log.filter((line) => line.method === "PUT" && line.path.includes("/manifests/v1"))).toEqual([]);
  });
});
