// The small parts: retry, locks, bounded maps, order, flights, clock.
import { describe, expect, it } from "vitest";
import { BlobFlights } from "../../electron/engine/blob-flights.ts";
import { BoundedMap } from "../../electron/engine/bounded-map.ts";
import { systemClock } from "../../electron/engine/clock.ts";
import { forEachAtMost, inOrder } from "../../electron/engine/in-order.ts";
import { KeyedLock } from "../../electron/engine/keyed-lock.ts";
import { type Clock, Stopped } from "../../electron/engine/ports.ts";
import { retrying } from "../../electron/engine/retry.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { quickClock } from "./harness.ts";
import { failure, sha256 } from "./memory-endpoint.ts";

const never = new AbortController().signal;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("retrying", () => {
  const run = (clock: Clock, work: (attempt: number) => Promise<string>, signal = never) =>
    retrying({ clock, signal, side: "source", operation: "get-blob" }, work);

  it("tries as often as it takes a host to come back, with growing, jittered waits", async () => {
    const clock = quickClock();
    let tries = 0;
    const error = await run(clock, async () => {
      tries++;
      throw failure("unreachable", "get-blob");
    }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "unreachable", side: "source" });
    expect(tries).toBe(8);
    expect(clock.sleeps).toEqual([375, 750, 1500, 3000, 6000, 12_000, 24_000]);
  });

  it("does not try again what cannot be cured", async () => {
    const clock = quickClock();
    const error = await run(clock, async () => {
      throw failure("forbidden", "get-blob");
    }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "forbidden" });
    await expect(
      run(clock, async () => {
        throw new TypeError("a fault of ours");
      }),
    ).rejects.toMatchObject({ code: "internal", operation: "get-blob" });
    expect(clock.sleeps).toEqual([]);
  });

  it("reads wrong content once again, from scratch", async () => {
    const clock = quickClock();
    let tries = 0;
    await expect(
      run(clock, async () => {
        tries++;
        throw failure(tries === 1 ? "digest-mismatch" : "size-mismatch", "read-blob");
      }),
    ).rejects.toMatchObject({ code: "size-mismatch" });
    expect(tries).toBe(2);
  });

  it("waits as long as it was asked to, at most ten minutes", async () => {
    const clock = quickClock();
    const asked = [3000, 3_600_000];
    const answer = await run(clock, async (attempt) => {
      const retryAfterMs = asked[attempt - 1];
      if (retryAfterMs !== undefined) throw failure("rate-limited", "get-manifest", { retryAfterMs });
      return "served";
    });
    expect(answer).toBe("served");
    expect(clock.sleeps).toEqual([3000, 600_000]);
  });

  it("stops for its reason, in a wait and in the work", async () => {
    const controller = new AbortController();
    const reason = new Stopped("user-cancel");
    const waiting = run(
      systemClock,
      async () => {
        throw failure("rate-limited", "get-blob", { retryAfterMs: 60_000 });
      },
      controller.signal,
    );
    setTimeout(() => controller.abort(reason), 10);
    await expect(waiting).rejects.toBe(reason);
    await expect(run(systemClock, async () => "late", controller.signal)).rejects.toBe(reason);
  });

  it("asks before it tries again", async () => {
    const told: number[] = [];
    const refusing = retrying(
      {
        clock: quickClock(),
        signal: never,
        side: "destination",
        operation: "x",
        onRetry: (_, attempt) => {
          told.push(attempt);
          return attempt < 2;
        },
      },
      async () => {
        throw failure("timeout", "x");
      },
    );
    await expect(refusing).rejects.toMatchObject({ code: "timeout", side: "destination" });
    expect(told).toEqual([1, 2]);
  });
});

describe("keyed lock", () => {
  it("lets one at a time in per key, in order, whatever becomes of the others", async () => {
    const lock = new KeyedLock();
    const order: string[] = [];
    const controller = new AbortController();
    const first = lock.within("a", never, async () => {
      await turn();
      order.push("first");
      throw new Error("failed");
    });
    const leaving = lock.within("a", controller.signal, async () => order.push("left"));
    const last = lock.within("a", never, async () => order.push("last"));
    await lock.within("b", never, async () => order.push("other key"));
    controller.abort(new Stopped("user-cancel"));
    await expect(leaving).rejects.toMatchObject({ reason: "user-cancel" });
    await expect(first).rejects.toThrow("failed");
    await last;
    expect(order).toEqual(["other key", "first", "last"]);
    expect(lock.size).toBe(0);
    await expect(lock.within("a", controller.signal, async () => 1)).rejects.toBeInstanceOf(Stopped);
  });
});

describe("bounded map", () => {
  it("forgets what was not touched for longest", () => {
    const map = new BoundedMap<string, number>(2);
    map.set("a", 1);
    map.set("b", 2);
    expect(map.get("a")).toBe(1);
    map.set("c", 3);
    expect([map.get("a"), map.get("b"), map.get("c"), map.size]).toEqual([1, undefined, 3, 2]);
    map.delete("a");
    expect(map.get("a")).toBeUndefined();
  });
});

describe("in order", () => {
  async function* numbers(count: number, taken: number[]): AsyncGenerator<number> {
    for (let at = 0; at < count; at++) {
      taken.push(at);
      yield at;
    }
  }

  it("gives results in order and takes no more inputs than it works on", async () => {
    const taken: number[] = [];
    const got: number[] = [];
    for await (const result of inOrder(numbers(20, taken), 3, async (n) => {
      for (let at = 0; at < (n * 7) % 4; at++) await turn();
      return n;
    })) {
      got.push(result);
      expect(taken.length).toBeLessThanOrEqual(got.length + 3);
    }
    expect(got).toEqual(Array.from({ length: 20 }, (_, at) => at));
  });

  it("begins nothing new after a failure and lets the rest end", async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    await expect(
      forEachAtMost([0, 1, 2, 3, 4, 5], 2, async (n) => {
        begun.push(n);
        if (n === 0) throw new Error("zero");
        await turn();
        ended.push(n);
      }),
    ).rejects.toThrow("zero");
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([1]);
    await forEachAtMost([], 4, async () => undefined);
  });
});

describe("blob flights", () => {
  const digest = sha256(new Uint8Array(1));
  const at = (repository: string) => ({ host: "h", repository, digest });

  it("remember where blobs were seen, for some minutes", () => {
    let now = 0;
    const flights = new BlobFlights({ monotonic: () => now });
    for (const name of ["a", "b", "c", "d"]) flights.seen(at(name));
    expect(flights.placesOf("h", digest)).toEqual(["d", "c", "b"]);
    expect([flights.wasSeen(at("d")), flights.wasSeen(at("a"))]).toEqual([true, false]);
    flights.missed(at("c"));
    flights.missed(at("zzz"));
    expect(flights.placesOf("h", digest)).toEqual(["d", "b"]);
    now = 11 * 60_000;
    expect(flights.wasSeen(at("d"))).toBe(false);
    expect(flights.placesOf("other", digest)).toEqual([]);
  });

  it("stop mounting at a host that refuses, for a while", () => {
    let now = 0;
    const flights = new BlobFlights({ monotonic: () => now });
    flights.mounted(at("a"), false, true);
    expect([flights.mayMount(at("a")), flights.mayMount(at("b"))]).toEqual([false, true]);
    for (const name of ["b", "c", "d"]) flights.mounted(at(name), false, true);
    expect(flights.mountsAt("h")).toBe(false);
    expect(flights.mayMount(at("e"))).toBe(false);
    now = 6 * 60_000;
    expect(flights.mountsAt("h")).toBe(true);
    flights.mounted(at("e"), true, true);
    expect(flights.mountsAt("h")).toBe(true);
  });
});

describe("the real clock", () => {
  it("goes on, and its waits can be stopped", async () => {
    const before = systemClock.monotonic();
    await systemClock.sleep(5, never);
    expect(systemClock.monotonic()).toBeGreaterThan(before);
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
    expect(systemClock.random()).toBeLessThan(1);
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort(new Stopped("shutdown"));
    await expect(sleeping).rejects.toMatchObject({ reason: "shutdown" });
    await expect(systemClock.sleep(1, controller.signal)).rejects.toBeInstanceOf(Stopped);
    expect(new FreightlinerError({ code: "io", operation: "x", message: "y" }).side).toBe("local");
  });
});
