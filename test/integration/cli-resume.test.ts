// The command line in mid-blob: interrupted or killed, and taken up by another process; a proxy counts what was sent.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { readJson, Stage, signIn } from "../support/cli.ts";
import { startFixtureRegistry } from "../support/fixture-registry.ts";
import { type BuiltImage, buildLargeImage, pushImage } from "../support/image-builder.ts";
import { startProcess } from "../support/processes.ts";
import { getBlob, sha256 } from "../support/raw-http.ts";
import { digestOf } from "../support/skopeo.ts";
import { type SlowProxy, startSlowProxy } from "../support/slow-proxy.ts";

const mebibyte = 1024 * 1024;
const size = 40 * mebibyte;
/** Heads of requests, answers and manifests. */
const overhead = 300_000;

describe("a command that ends in mid-blob", () => {
  let stage: Stage;
  let image: BuiltImage;
  let layer: string;
  beforeAll(async () => {
    stage = await Stage.open();
    image = await buildLargeImage({ seed: "cli-resume", totalSize: size, layers: 1 });
    layer = image.blobs.find((blob) => blob.size > mebibyte)?.digest ?? "";
  });
  afterAll(() => stage.close());

  const inFrontOf = async (port: number): Promise<SlowProxy> => {
    const proxy = await startSlowProxy({ port, bytesPerSecond: 12 * mebibyte });
    onTestFinished(() => proxy.close());
    return proxy;
  };

  it("by SIGINT is resumed by another process: less than one part is sent twice", async () => {
    await pushImage(stage.source, image, "interrupted/app", "v1");
    const up = await inFrontOf(stage.destination.port);
    const words = ["replicate", "--source", stage.source.host, "--destination", up.host, ...signIn];
    const run = stage.start(...words, "--repository", "interrupted/app", "--json");
    await up.waitForBytes("up", 18 * mebibyte);
    run.signal("SIGINT");
    const end = await run.ended;
    const interrupted = readJson(end, 130);
    expect(interrupted).toMatchObject({ status: "interrupted" });
    // What the summary says that unfinished blobs have there is what the next process does not send again.
    const { unfinished = 0 } = interrupted.bytes;
    expect(unfinished).toBeGreaterThan(12 * mebibyte);
    const told = await stage.run("runs", "show", interrupted.run ?? "");
    expect(told.stdout).toMatch(/sent in whole blobs in .*, \d+\.\d MiB of unfinished blobs there, /);
    up.setSpeed(0);

    const result = readJson(await stage.run("resume", ...signIn, "--json"), 0);

    expect(result).toMatchObject({ status: "succeeded", images: { copied: 1, failed: 0 } });
    expect(result.bytes.resumed).toBe(unfinished);
    expect(up.bytesUp).toBeLessThan(size + 4 * mebibyte + overhead);
    expect(result.bytes.transferred).toBeLessThan(size - 12 * mebibyte);
    await stage.expectSame(image, "interrupted/app", "v1");
    expect(sha256(await getBlob(stage.destination, "interrupted/app", layer))).toBe(layer);
  });

  it("by SIGINT loses nothing of a large blob either where a part takes longer than a moment", async () => {
    const large = await buildLargeImage({ seed: "cli-resume-large", totalSize: 120 * mebibyte, layers: 1 });
    await pushImage(stage.source, large, "paced/app", "v1");
    const up = await inFrontOf(stage.destination.port);
    // Fast enough for the largest parts: the third one is on its way, and takes two seconds.
    up.setSpeed(30 * mebibyte);
    const words = ["replicate", "--source", stage.source.host, "--destination", up.host, ...signIn];
    const run = stage.start(...words, "--repository", "paced/app", "--json");
    await up.waitForBytes("up", 40 * mebibyte);
    run.signal("SIGINT");
    expect(readJson(await run.ended, 130)).toMatchObject({ status: "interrupted" });
    up.setSpeed(0);

    const result = readJson(await stage.run("resume", ...signIn, "--json"), 0);

    expect(result.bytes.resumed).toBeGreaterThan(40 * mebibyte);
    expect(result.bytes.resumed + result.bytes.transferred).toBe(result.bytes.to_transfer);
    expect(up.bytesUp).toBeLessThan(121 * mebibyte + overhead);
    await stage.expectSame(large, "paced/app", "v1");
  });

  it("by kill -9 sends that blob alone again where distribution 2.8 gives its session up", async () => {
    await pushImage(stage.source, image, "killed/app", "v1");
    const up = await inFrontOf(stage.destination.port);
    const words = ["replicate", "--source", stage.source.host, "--destination", up.host, ...signIn];
    const run = stage.start(...words, "--repository", "killed/app", "--json");
    await up.waitForBytes("up", 18 * mebibyte);
    await run.kill9();
    up.setSpeed(0);
    const result = readJson(await stage.run("resume", ...signIn, "--json"), 0);
    expect(result).toMatchObject({ status: "succeeded", images: { copied: 1, failed: 0 } });
    await stage.expectSame(image, "killed/app", "v1");
  });

  it("by kill -9 goes on from the true offset where the registry tells it", async () => {
    await pushImage(stage.source, image, "told/app", "v1");
    const fixture = await startFixtureRegistry();
    onTestFinished(() => fixture.stop());
    const up = await inFrontOf(fixture.port);
    const home = stage.home.path;
    const words = ["replicate", "--source", stage.source.host, "--destination", up.host];
    const run = startProcess({ home, args: [...words, "--repository", "told/app", "--json"] });
    await up.waitForBytes("up", 18 * mebibyte);
    await run.kill9();
    const sentBefore = up.bytesUp;
    up.setSpeed(0);

    const again = await startProcess({ home, args: ["resume", "--json"] }).ended;

    const result = readJson(again, 0);
    expect(result).toMatchObject({ status: "succeeded", images: { copied: 1, failed: 0 } });
    expect(up.bytesUp).toBeLessThan(size + 4 * mebibyte + overhead);
    expect(up.bytesUp - sentBefore).toBeLessThan(size - 12 * mebibyte);
    expect(await digestOf(fixture, "told/app", "v1")).toBe(image.digest);
    expect(sha256(await getBlob(fixture, "told/app", layer))).toBe(layer);
  });
});
