// What is told of the place of secrets, and when runs that wait for it go on.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { silentLog } from "../../electron/app/log.ts";
import { SecretNews } from "../../electron/app/secret-news.ts";

const waiting = { id: "RUN1", stateReason: "secrets-locked" };
const byHand = { id: "RUN2", stateReason: "user" };

function stage(resumes = true) {
  const seen = { readable: false, asked: 0, statuses: 0, resumed: [] as string[], told: [] as unknown[] };
  let open: readonly object[] = [waiting, byHand];
  const news = new SecretNews({
    keeper: () =>
      ({
        status: async () => {
          seen.statuses++;
          return { place: "keychain" };
        },
        canRead: async () => {
          seen.asked++;
          return seen.readable;
        },
      }) as never,
    store: { endpoints: { list: () => [] }, runs: { open: () => open } } as never,
    hub: { emit: (name: string) => void seen.told.push(name) } as never,
    queue: () =>
      ({
        resume: (id: string) => {
          seen.resumed.push(id);
          open = [byHand];
        },
      }) as never,
    publish: () => {},
    resumes,
    log: silentLog,
  });
  return { news, seen };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("R009 looks at a keychain that cannot be had while a run waits for it, and lets that one go on", async () => {
  const { news, seen } = stage();
  news.open();
  await vi.advanceTimersByTimeAsync(40_000);
  expect(seen.asked).toBeGreaterThan(1);
  expect(seen.resumed).toEqual([]);
  seen.readable = true;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(seen.resumed).toEqual(["RUN1"]);
  const { asked } = seen;
  // Nothing waits any more, and nothing is asked.
  await vi.advanceTimersByTimeAsync(60_000);
  expect(seen.asked).toBe(asked);
  news.close();
});

it("tells several changes in a row once, and nothing after its end", async () => {
  const { news, seen } = stage(false);
  for (let at = 0; at < 5; at++) news.changed();
  await vi.advanceTimersByTimeAsync(10);
  expect(seen.told).toEqual(["secrets.changed"]);
  // The command line goes on with nothing that it was not told to.
  expect(seen.asked).toBe(0);
  news.close();
  news.changed();
  await vi.advanceTimersByTimeAsync(10);
  expect(seen.told).toHaveLength(1);
});

it("asks nothing that is closed by the time its news would be due", async () => {
  const { news, seen } = stage(false);
  news.open();
  news.close();
  await vi.advanceTimersByTimeAsync(10);
  expect([seen.statuses, seen.told]).toEqual([0, []]);
});
