// Resume inside a blob between real registries (distribution 2.8): a proxy that counts bytes is the witness, skopeo the judge.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { OciLayout } from "../../electron/layout/layout.ts";
import { type Digest, parseDigest } from "../../shared/digest.ts";
import type { AccessLogLine } from "../support/access-log.ts";
import { type BuiltImage, buildLargeImage, pushImage } from "../support/image-builder.ts";
import { getBlob, sha256 } from "../support/raw-http.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { openRegistry, ResumeStage } from "../support/resume-stage.ts";
import { digestOf, skopeoCopy } from "../support/skopeo.ts";
import { startSlowProxy } from "../support/slow-proxy.ts";
import { tempFolder } from "../support/temp.ts";

const mebibyte = 1024 * 1024;
const size = 40 * mebibyte;
/** Heads of requests, answers and the manifest. */
const overhead = 200_000;
/** What the proxy lets through at once; a part of 4 MiB takes a third of a second. */
const pace = 12 * mebibyte;

describe("resume inside a blob with distribution 2.8", () => {
  let from: RealRegistry;
  let to: RealRegistry;
  let image: BuiltImage;
  let layer: Digest;
  beforeAll(async () => {
    [from, to] = await Promise.all([startRealRegistry(), startRealRegistry()]);
    image = await buildLargeImage({ seed: "resume", totalSize: size, layers: 1 });
    layer = parseDigest(image.blobs.find((blob) => blob.size > mebibyte)?.digest ?? "", "test");
  });
  afterAll(() => Promise.all([from.stop(), to.stop()]));

  const prepare = async (repository: string) => {
    await pushImage(from, image, repository, "v1");
    const [down, up] = await Promise.all([
      startSlowProxy({ port: from.port }),
      startSlowProxy({ port: to.port, bytesPerSecond: pace }),
    ]);
    onTestFinished(() => Promise.all([down.close(), up.close()]).then(() => undefined));
    const ends = { source: openRegistry(down.host), destination: openRegistry(up.host) };
    const stage = await ResumeStage.open(ends);
    await Promise.all([from.clearAccessLog(), to.clearAccessLog()]);
    return { stage, down, up, planned: await stage.plan(repository) };
  };
  const expectWhole = async (repository: string): Promise<void> => {
    expect(await digestOf(to, repository, "v1")).toBe(image.digest);
    expect(sha256(await getBlob(to, repository, layer))).toBe(layer);
  };
  const blobGets = (lines: readonly AccessLogLine[]) =>
    lines.filter((line) => line.method === "GET" && line.path.includes("/blobs/sha256:"));

  it("goes on behind the last part after a pause, and reads the source by Range", async () => {
    const { stage, down, up, planned } = await prepare("paused/app");
    const paused = await stage.run(planned, up.waitForBytes("up", 18 * mebibyte));
    expect(paused).toMatchObject({ state: "paused", stateReason: "user" });
    const sentBefore = up.bytesUp;
    up.setSpeed(0);

    const done = await stage.run(paused);

    expect(done).toMatchObject({ state: "succeeded", tallies: { retries: 0 } });
    const { bytesResumed, bytesTransferred } = done.tallies;
    expect(bytesResumed).toBeGreaterThanOrEqual(16 * mebibyte);
    expect(bytesResumed + bytesTransferred).toBe(planned.plan.bytesToTransfer);
    // The part that was under way was finished: hardly a byte went twice, in either direction.
    expect(up.bytesUp).toBeLessThan(size + overhead);
    expect(up.bytesUp - sentBefore).toBeLessThan(size - bytesResumed + overhead);
    // What was read ahead is read again, the rest is not: less than the bytes that were resumed.
    expect(down.bytesDown).toBeLessThan(size + 12 * mebibyte);
    expect(blobGets(await from.accessLog()).some((line) => line.status === 206)).toBe(true);
    await expectWhole("paused/app");
  });

  it("goes on in another process, which reads the first bytes for their hash and sends the others alone", async () => {
    const { stage, up, planned } = await prepare("restarted/app");
    const paused = await stage.run(planned, up.waitForBytes("up", 18 * mebibyte), "shutdown");
    expect(paused).toMatchObject({ state: "paused", stateReason: "shutdown" });
    stage.forgetEverything();
    up.setSpeed(0);
    const replanned = await stage.plan("restarted/app");
    expect(replanned.plan.bytesResumable).toBeGreaterThanOrEqual(16 * mebibyte);

    const done = await stage.run(paused);

    expect(done.state).toBe("succeeded");
    expect(done.tallies.bytesResumed).toBe(replanned.plan.bytesResumable);
    expect(up.bytesUp).toBeLessThan(size + overhead);
    await expectWhole("restarted/app");
  });

  it("survives a source that resets in mid-body, without a byte more to the destination", async () => {
    const { stage, down, up, planned } = await prepare("reset/app");
    up.setSpeed(0);
    down.setSpeed(pace);
    void down.waitForBytes("down", 15 * mebibyte).then(() => down.cut());
    const done = await stage.run(planned);
    expect(done).toMatchObject({ state: "succeeded", tallies: { retries: 1 } });
    expect(up.bytesUp).toBeLessThan(size + overhead);
    expect(down.bytesDown).toBeLessThan(size + 12 * mebibyte);
    await expectWhole("reset/app");
  });

  it("begins a blob anew whose part broke off with the connection: 2.8 gives such a session up", async () => {
    const { stage, up, planned } = await prepare("broken/app");
    // Parts are whole mebibytes: this is the middle of one, whatever their sizes have come to.
    void up.waitForBytes("up", 18.5 * mebibyte).then(() => {
      up.cut();
      up.setSpeed(0);
    });
    const done = await stage.run(planned);
    expect(done).toMatchObject({ state: "succeeded", tallies: { bytesResumed: 0 } });
    expect(stage.store.journal.capability(up.host, "upload-status")).toBe(false);
    await expectWhole("broken/app");
  });

  it("gives its session back where the user cancels", async () => {
    const { stage, up, planned } = await prepare("cancelled/app");
    const run = await stage.run(planned, up.waitForBytes("up", 10 * mebibyte), "user-cancel");
    expect(run.state).toBe("cancelled");
    expect(stage.store.journal.upload("dst", "cancelled/app", layer)).toBeUndefined();
    expect((await to.accessLog()).filter((line) => line.method === "DELETE").length).toBe(1);
  });

  it("goes on in a layout folder in another process, hashing what lies there instead of reading it again", async () => {
    await pushImage(from, image, "folder/app", "v1");
    const down = await startSlowProxy({ port: from.port, bytesPerSecond: pace });
    const folder = await tempFolder("resume-layout");
    onTestFinished(() => Promise.all([down.close(), folder.remove()]).then(() => undefined));
    const open = () => OciLayout.open({ path: join(folder.path, "images"), create: true });
    const stage = await ResumeStage.open({ source: openRegistry(down.host), destination: await open() });
    const planned = await stage.plan("folder/app");
    const paused = await stage.run(planned, down.waitForBytes("down", 20 * mebibyte), "shutdown");
    expect(paused.state).toBe("paused");
    stage.forgetEverything();
    down.setSpeed(0);
    const done = await stage.run(paused);
    expect(done).toMatchObject({ state: "succeeded", tallies: { retries: 0 } });
    expect(done.tallies.bytesResumed).toBeGreaterThan(8 * mebibyte);
    expect(down.bytesDown).toBeLessThan(size + 12 * mebibyte);
    const path = join(folder.path, "images");
    await skopeoCopy({ reference: `oci:${path}:folder/app:v1` }, { reference: `dir:${folder.path}/judged` });
  });
});
