// Writes of the journal that may wait a moment: they keep their order, go along with the next one, and losing them is harmless.
import { describe, expect, it } from "vitest";
import { BlobFlights } from "../../electron/engine/blob-flights.ts";
import { LateWrites } from "../../electron/engine/late-writes.ts";
import { everything, harness } from "./harness.ts";
import { putImage } from "./images.ts";
import { manualClock, settle } from "./manual-clock.ts";

describe("late writes", () => {
  function written(): { late: LateWrites; clock: ReturnType<typeof manualClock>; done: string[] } {
    const clock = manualClock();
    const done: string[] = [];
    const late = new LateWrites(clock, () => {
      for (const step of late.take()) step();
      done.push("|");
    });
    return { late, clock, done };
  }

  it("are written together and in order after a few milliseconds", async () => {
    const { late, clock, done } = written();
    late.add(() => done.push("a"));
    late.add(() => done.push("b"));
    await clock.advance(4);
    expect(done).toEqual([]);
    await clock.advance(1);
    expect(done).toEqual(["a", "b", "|"]);
    late.add(() => done.push("c"));
    await clock.advance(5);
    expect(done).toEqual(["a", "b", "|", "c", "|"]);
  });

  it("that somebody took along are not written again, and nothing is written for nothing", async () => {
    const { late, clock, done } = written();
    late.add(() => done.push("a"));
    expect(late.take()).toHaveLength(1);
    await clock.advance(10);
    late.flush();
    expect(done).toEqual([]);
  });

  it("leave no timer behind when the run has ended", async () => {
    const { late, clock, done } = written();
    late.add(() => done.push("a"));
    late.end();
    await settle();
    expect(clock.sleeping).toBe(0);
    await clock.advance(10);
    expect(done).toEqual([]);
  });

  it("that fail are kept by who writes, and nobody is left with a rejection", async () => {
    const clock = manualClock();
    let tries = 0;
    const late = new LateWrites(clock, () => {
      tries++;
      throw new Error("disk full");
    });
    late.add(() => undefined);
    await clock.advance(5);
    expect(tries).toBe(1);
  });
});

describe("what the journal writes together", () => {
  it("is there as a whole or not at all", async () => {
    const h = harness();
    const { journal, runs } = h.store;
    putImage(h.source, { repository: "app", tag: "v1", layers: [["one", 300]] });
    const planned = await h.plan(everything());
    runs.start(planned.id, []);
    runs.claim(planned.id);
    const remembered = (): boolean | undefined => journal.capability("some.test", "referrers");
    expect(() =>
      journal.together(() => {
        journal.rememberCapability("some.test", "referrers", true);
        journal.unclaim("no-such-run", "key");
        throw new Error("stopped in between");
      }),
    ).toThrow("stopped in between");
    expect(remembered()).toBeUndefined();
    journal.together(() => journal.rememberCapability("some.test", "referrers", true));
    expect(remembered()).toBe(true);
  });
});

describe("a run", () => {
  it("fails where what waits cannot be written, though nothing else is written any more", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers: [["one", 300]] });
    const planned = await h.plan(everything());
    const { blobFinished } = h.store.journal;
    Object.assign(h.store.journal, {
      blobFinished: () => {
        throw new Error("disk full");
      },
    });
    await expect(h.run(planned)).rejects.toThrow("disk full");
    Object.assign(h.store.journal, { blobFinished });
  });

  it("that lost the last rows of its blobs in a kill asks for them and sends none again", async () => {
    const h = harness();
    for (const tag of ["v1", "v2"])
      putImage(h.source, { repository: "app", tag, layers: [[`layer of ${tag}`, 4000]] });
    const planned = await h.plan(everything());
    const { blobFinished } = h.store.journal;
    const kill = new AbortController();
    // As a kill right behind the last answer leaves it: the blobs are there, and no row says so.
    Object.assign(h.store.journal, { blobFinished: () => undefined });
    h.destination.fault = ({ operation }) => {
      if (operation === "put-manifest") kill.abort(new Error("killed"));
    };
    const stopped = await h.run(planned, kill.signal);
    expect(stopped.state).toBe("paused");
    const sent = h.destination.count("put-blob");
    expect(sent).toBeGreaterThan(0);
    Object.assign(h.store.journal, { blobFinished });
    h.destination.fault = () => undefined;
    h.forgetPlans();
    Object.assign(h.context, { flights: new BlobFlights(h.clock) });
    h.store.runs.transition(stopped.id, "queued", null);
    const done = await h.run(h.store.runs.get(stopped.id));
    expect(done.state).toBe("succeeded");
    expect(h.destination.count("put-blob")).toBe(4);
    for (const image of h.rows(done)) expect(image.verified).toBe(true);
  });
});
