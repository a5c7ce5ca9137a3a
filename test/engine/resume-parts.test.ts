// Large blobs in parts: stopped, broken off and taken up again, in this process and in another one.
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEngineContext } from "../../electron/engine/context.ts";
import { Stopped, type StopReason } from "../../electron/engine/ports.ts";
import { replicateRun } from "../../electron/engine/replicate.ts";
import type { Run } from "../../shared/run.ts";
import { failure } from "./failure.ts";
import { everything, type Harness, harness } from "./harness.ts";
import { bytesOf, putImage, reachable } from "./images.ts";
import { chunked, sha256 } from "./memory-endpoint.ts";
import { EarlyAnswer } from "./memory-upload.ts";

const part = 100_000;
const transfer = { partsFrom: 200_000, partSize: part };
const size = 1_000_000;
const layer = bytesOf("big", size);
const digest = sha256(layer);

interface Filled extends Harness {
  readonly small: number;
}

/** One image with one large layer; `small` are the bytes of its config. */
function filled(): Filled {
  const h = harness({ transfer });
  h.source.chunkSize = 10_000;
  putImage(h.source, { repository: "app", tag: "v1", layers: [["big", size]] });
  const small = [...h.source.repository("app").blobs.values()].find((blob) => blob.length !== size)?.length;
  return { ...h, small: small ?? 0 };
}

/** Stops the run when the destination has received so many bytes of its large layer. */
async function stoppedAfter(h: Filled, bytes: number, reason: StopReason = "user-pause"): Promise<Run> {
  const controller = new AbortController();
  h.destination.partFault = (_, session) => {
    if (session.size >= bytes) controller.abort(new Stopped(reason));
  };
  const run = await h.planAndRun(everything(), controller.signal);
  h.destination.partFault = () => undefined;
  return run;
}

/** What a restarted program knows: the store, and nothing else. */
async function inAnotherProcess(h: Filled, run: Run): Promise<Run> {
  const context = createEngineContext({
    journal: h.store.journal,
    clock: h.clock,
    transfer,
    listener: { imageChanged: () => undefined, progress: () => undefined },
  });
  h.store.runs.transition(run.id, "queued", null);
  const claimed = h.store.runs.claim(run.id);
  if (claimed === undefined) throw new Error("the run was not claimed");
  return replicateRun(h.request(claimed), context, h.never);
}

async function resumed(h: Filled, run: Run): Promise<Run> {
  return h.run(h.store.runs.transition(run.id, "queued", null));
}

function expectWhole(h: Filled): void {
  const tag = h.destination.repository("app").tags.get("v1");
  expect([...reachable(h.destination, "app", tag ?? "")]).toContain(digest);
  expect(sha256(h.destination.repository("app").blobs.get(digest) ?? new Uint8Array())).toBe(digest);
  expect(h.store.journal.upload("dst", "app", digest)).toBeUndefined();
  expect(h.destination.openSessions).toBe(0);
}

describe("a large blob", () => {
  it("goes up in parts, each byte once, and leaves no session behind", async () => {
    const h = filled();
    const done = await h.planAndRun(everything());
    expect(done).toMatchObject({ state: "succeeded", tallies: { bytesResumed: 0, retries: 0 } });
    expect(h.destination.count("patch-blob")).toBe(size / part);
    expect(h.destination.bytesReceived).toBe(size + h.small);
    expect(done.tallies.bytesTransferred).toBe(size + h.small);
    expect(h.store.journal.capability(h.destination.host, "upload-parts")).toBe(true);
    expectWhole(h);
  });

  it("goes whole below the threshold, and where the destination is known to take blobs whole only", async () => {
    const h = harness({ transfer: { partsFrom: size + 1, partSize: part } });
    putImage(h.source, { repository: "app", tag: "v1", layers: [["big", size]] });
    expect((await h.planAndRun(everything())).state).toBe("succeeded");
    const other = filled();
    other.destination.parts = false;
    expect((await other.planAndRun(everything())).state).toBe("succeeded");
    expect([h, other].map((one) => one.destination.count("begin-upload"))).toEqual([0, 0]);
  });

  it("keeps to the least part that the destination asks for", async () => {
    const h = filled();
    h.destination.leastPart = 240_000;
    expect((await h.planAndRun(everything())).state).toBe("succeeded");
    // Four of them, and what is left as the last.
    expect(h.destination.count("patch-blob")).toBe(5);
    expectWhole(h);
  });

  it("is not written in a session that somebody else writes in", async () => {
    const h = filled();
    const planned = await h.plan(everything());
    const other = await h.plan(everything());
    h.store.runs.start(other.id, []);
    h.store.runs.claim(other.id);
    expect(h.store.journal.claim(other.id, `blob:${h.destination.host}/app@${digest}`)).toBe(true);
    expect((await h.run(planned)).state).toBe("succeeded");
    expect(h.destination.count("begin-upload")).toBe(0);
    expect(h.destination.count("put-blob")).toBeGreaterThan(0);
  });
});

describe("a pause in mid-blob", () => {
  it("finishes the part, and the same process goes on behind it with a Range download", async () => {
    const h = filled();
    const paused = await stoppedAfter(h, 350_000);
    expect(paused).toMatchObject({ state: "paused", stateReason: "user" });
    expect(h.destination.openSessions).toBe(1);
    const offset = h.store.journal.upload("dst", "app", digest)?.offset ?? 0;
    expect(offset).toBe(400_000);

    const done = await resumed(h, paused);
    expect(done).toMatchObject({ state: "succeeded", tallies: { bytesResumed: offset } });
    expect(h.destination.bytesReceived).toBe(size + h.small);
    expect(h.source.resumedReads).toEqual([offset]);
    expectWhole(h);
  });

  it("lets another process read the first bytes again for the hash, and send them not", async () => {
    const h = filled();
    const paused = await stoppedAfter(h, 350_000, "shutdown");
    expect(paused).toMatchObject({ state: "paused", stateReason: "shutdown" });
    const done = await inAnotherProcess(h, paused);
    expect(done).toMatchObject({ state: "succeeded", tallies: { bytesResumed: 400_000 } });
    expect(done.tallies.bytesTransferred).toBe(600_000 + h.small);
    expect(h.destination.bytesReceived).toBe(size + h.small);
    expect(h.source.resumedReads).toEqual([]);
    expectWhole(h);
  });

  it("is told by the next plan", async () => {
    const h = filled();
    await stoppedAfter(h, 350_000);
    const planned = await h.plan(everything());
    expect(planned.plan).toMatchObject({ bytesToTransfer: size, bytesResumable: 400_000 });
  });

  it("by whoever cancels gives the session back", async () => {
    const h = filled();
    const run = await stoppedAfter(h, 350_000, "user-cancel");
    expect(run.state).toBe("cancelled");
    expect(h.destination.openSessions).toBe(0);
    expect(h.store.journal.upload("dst", "app", digest)).toBeUndefined();
  });

  it("of a destination that lost the session begins that blob anew", async () => {
    const h = filled();
    const paused = await stoppedAfter(h, 350_000);
    h.store.journal.saveUpload("dst", "app", digest, { token: "gone 400000", offset: 400_000 });
    const done = await resumed(h, paused);
    expect(done).toMatchObject({ state: "succeeded", tallies: { bytesResumed: 0 } });
    expect(h.destination.bytesReceived).toBe(size + 400_000 + h.small);
  });

  it("of a destination that refuses to go on with the session begins that blob anew, in the same run", async () => {
    const h = filled();
    const paused = await stoppedAfter(h, 350_000);
    h.destination.fault = ({ operation }) => {
      if (operation === "patch-blob" && h.destination.count("begin-upload") === 1)
        throw failure("refused-by-registry", operation, { status: 400 });
    };
    const done = await resumed(h, paused);
    expect(done).toMatchObject({ state: "succeeded", tallies: { bytesResumed: 0, retries: 1 } });
    expectWhole(h);
  });
});

describe("a part that breaks off", () => {
  const breaks = (h: Filled, at: number): void => {
    let broken = false;
    h.destination.partFault = (_, session) => {
      if (broken || session.size < at) return;
      broken = true;
      throw failure("unreachable", "patch-blob");
    };
  };

  it("is gone on with at the true offset where the destination tells it", async () => {
    const h = filled();
    breaks(h, 450_000);
    const done = await h.planAndRun(everything());
    expect(done).toMatchObject({ state: "succeeded", tallies: { retries: 1, bytesResumed: 0 } });
    // What came of the broken part is there: nothing is sent twice.
    expect(h.destination.bytesReceived).toBe(size + h.small);
    expect(h.store.journal.capability(h.destination.host, "upload-status")).toBe(true);
    expectWhole(h);
  });

  it("costs that blob a new beginning where the destination gives the session up", async () => {
    const h = filled();
    h.destination.status = "cancels";
    breaks(h, 450_000);
    const done = await h.planAndRun(everything());
    expect(done).toMatchObject({ state: "succeeded", tallies: { retries: 1, bytesResumed: 0 } });
    expect(h.destination.bytesReceived).toBe(size + 450_000 + h.small);
    expect(h.store.journal.capability(h.destination.host, "upload-status")).toBe(false);
    expectWhole(h);
  });

  it("counts nothing as resumed where what was resumed was lost and begun anew", async () => {
    const h = filled();
    const paused = await stoppedAfter(h, 350_000);
    h.destination.status = "cancels";
    const at = [650_000, 750_000];
    h.destination.partFault = (_, session) => {
      if (session.size !== at[0]) return;
      at.shift();
      // The session that was begun anew is the one that is gone on with.
      if (at.length === 0) h.destination.status = "true-offset";
      throw failure("unreachable", "patch-blob");
    };
    const done = await resumed(h, paused);
    expect(done).toMatchObject({ state: "succeeded", tallies: { bytesResumed: 0 } });
    expectWhole(h);
  });

  it("by an answer that did not wait for all of it costs that session and not the blob", async () => {
    const h = filled();
    let early = 0;
    h.destination.partFault = (before, session) => {
      if (early === 0 && session.size > 250_000 && before === 50_000) {
        early++;
        throw new EarlyAnswer();
      }
    };
    const done = await h.planAndRun(everything());
    expect(early).toBe(1);
    expect(done.state).toBe("succeeded");
    expectWhole(h);
  });

  it("for its size is sent in smaller ones, as are those of the next blob", async () => {
    const h = filled();
    let refused = 0;
    h.destination.partFault = (before) => {
      if (before < 60_000) return;
      refused++;
      throw failure("too-large", "patch-blob", { status: 413 });
    };
    expect((await h.planAndRun(everything())).state).toBe("succeeded");
    expectWhole(h);
    expect(refused).toBe(1);
    putImage(h.source, { repository: "other", tag: "v1", layers: [["more", size]] });
    expect((await h.planAndRun(everything(["other"]))).state).toBe("succeeded");
    expect(refused).toBe(1);
  });

  it("again and again uses no tries up as long as parts arrive in between", async () => {
    const h = filled();
    let parts = 0;
    h.destination.partFault = (before) => {
      if (before === 0) parts++;
      if (before === 50_000 && parts % 2 === 0) throw failure("unreachable", "patch-blob");
    };
    const done = await h.planAndRun(everything());
    expect(done.state).toBe("succeeded");
    expect(done.tallies.retries).toBeGreaterThan(5);
    expectWhole(h);
  });
});

describe("a destination that takes blobs whole only", () => {
  it("is found out with the first part and remembered", async () => {
    const h = filled();
    h.destination.fault = ({ operation }) => {
      if (operation === "patch-blob") throw failure("unsupported", operation);
    };
    const done = await h.planAndRun(everything());
    expect(done).toMatchObject({ state: "succeeded", tallies: { retries: 0 } });
    expect(h.store.journal.capability(h.destination.host, "upload-parts")).toBe(false);
    putImage(h.source, { repository: "other", tag: "v1", layers: [["more", size]] });
    expect((await h.planAndRun(everything(["other"]))).state).toBe("succeeded");
    expect(h.destination.count("begin-upload")).toBe(1);
    expect(h.destination.openSessions).toBe(0);
  });
});

describe("the source of a large blob", () => {
  it("that breaks off in mid-body is gone on with, and the part in progress survives", async () => {
    const h = filled();
    h.source.body = (blob, bytes, count) =>
      blob.digest === digest && count <= 3 ? breaking(bytes, 210_000) : chunked(bytes, 10_000);
    // Each of the breaks comes a mebibyte or a minute after the one before it, as those of a flaky line do.
    const clock = h.clock.monotonic.bind(h.clock);
    let jumps = 0;
    Object.assign(h.clock, { monotonic: () => clock() + jumps * 61_000 });
    const body = h.source.body;
    h.source.body = (...args) => {
      jumps++;
      return body(...args);
    };
    const done = await h.planAndRun(everything());
    expect(done).toMatchObject({ state: "succeeded", tallies: { retries: 3 } });
    // What lies unread in a connection that breaks is asked for again; nothing that was handed on is.
    const [first = 0, second = 0, third = 0] = h.source.resumedReads;
    expect(h.source.resumedReads).toHaveLength(3);
    expect([first, second - first, third - second].every((bytes) => bytes > 100_000)).toBe(true);
    expect(third).toBeLessThanOrEqual(630_000);
    expect(h.destination.bytesReceived).toBe(size + h.small);
    expect(h.destination.count("patch-blob")).toBe(size / part);
    expectWhole(h);
  });

  it("that drips and breaks off once a minute is given up", async () => {
    const h = filled();
    const clock = h.clock.monotonic.bind(h.clock);
    let jumps = 0;
    Object.assign(h.clock, { monotonic: () => clock() + jumps * 61_000 });
    let opened = 0;
    h.source.body = (blob, bytes) => {
      if (blob.digest !== digest) return chunked(bytes, 10_000);
      jumps++;
      opened++;
      return breaking(bytes, 10);
    };
    const done = await h.planAndRun(everything());
    expect(done.state).toBe("failed");
    // Eight tries of the blob, each of which reads on behind one break.
    expect(opened).toBeLessThanOrEqual(16);
  });

  it("that serves whole bodies only is read again and nothing is sent twice", async () => {
    const h = filled();
    h.source.ranges = false;
    h.source.body = (blob, bytes, count) =>
      blob.digest === digest && count === 1 ? breaking(bytes, 250_000) : chunked(bytes, 10_000);
    const done = await h.planAndRun(everything());
    expect(done).toMatchObject({ state: "succeeded", tallies: { retries: 1 } });
    expect(h.destination.bytesReceived).toBe(size + h.small);
    expectWhole(h);
  });

  it("that serves other bytes never has them committed, and its session is given back", async () => {
    const h = filled();
    h.source.body = (blob, bytes) => {
      const wrong = Uint8Array.from(bytes);
      if (blob.digest === digest) wrong[777_777] = (wrong[777_777] ?? 0) ^ 1;
      return chunked(wrong, 10_000);
    };
    const done = await h.planAndRun(everything());
    expect(done.state).toBe("failed");
    expect(h.rows(done)[0]).toMatchObject({ error: { code: "digest-mismatch", side: "source" } });
    expect(h.destination.count("commit-blob")).toBe(0);
    expect(h.destination.openSessions).toBe(0);
    expect(h.store.journal.upload("dst", "app", digest)).toBeUndefined();
  });
});

describe("breaks of both sides at any byte", () => {
  it("end with the same content, and no more is sent twice than the parts that broke", async () => {
    const at = fc.integer({ min: 0, max: size - 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(at, { maxLength: 3 }),
        fc.array(at, { maxLength: 1 }),
        async (there, here) => {
          const h = filled();
          const left = [...there].sort((a, b) => a - b);
          h.destination.partFault = (_, session) => {
            const next = left[0];
            if (next === undefined || session.size < next) return;
            left.shift();
            throw failure("unreachable", "patch-blob");
          };
          h.source.body = (blob, bytes, count) =>
            blob.digest === digest && here[count - 1] !== undefined
              ? breaking(bytes, Math.min(here[count - 1] ?? 0, bytes.length - 1))
              : chunked(bytes, 10_000);
          const done = await h.planAndRun(everything());
          expect(done.state).toBe("succeeded");
          expect(h.destination.bytesReceived).toBe(size + h.small);
          expectWhole(h);
        },
      ),
      { numRuns: 15 },
    );
  });
});

/** A body whose connection is reset after so many bytes. */
function breaking(bytes: Uint8Array, at: number): Readable {
  let sent = 0;
  return new Readable({
    read() {
      if (sent >= at) {
        this.destroy(failure("unreachable", "get-blob"));
        return;
      }
      const end = Math.min(sent + 10_000, at);
      this.push(bytes.subarray(sent, end));
      sent = end;
    },
  });
}
