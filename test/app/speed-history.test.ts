// Bytes per second of the last hour: gaps are zero, older values go, the second that runs does not count yet.
import { expect, it } from "vitest";
import { SpeedHistory } from "../../electron/app/speed-history.ts";

function at() {
  const clock = { ms: 500_000 };
  return { clock, history: new SpeedHistory(() => clock.ms) };
}

it("has one value a second, with zeros where nothing moved", () => {
  const { clock, history } = at();
  history.runStarted("A");
  history.moved("A", 10);
  clock.ms += 400;
  history.moved("A", 5);
  history.moved("A", -100);
  expect(history.read()).toEqual([]);
  clock.ms += 2600;
  history.runStarted("B");
  history.moved("B", 7);
  clock.ms += 1000;
  expect(history.read()).toEqual([15, 0, 0, 7]);
  expect(history.read("A")).toEqual([15, 0, 0, 0]);
  expect(history.read("B")).toEqual([7]);
  history.runEnded("A");
  expect(history.read("A")).toEqual([]);
});

it("keeps an hour, also over a long silence", () => {
  const { clock, history } = at();
  for (let second = 0; second < 4000; second++) {
    history.moved("A", second + 1);
    clock.ms += 1000;
  }
  const values = history.read();
  expect(values).toHaveLength(3599);
  expect([values[0], values.at(-1)]).toEqual([402, 4000]);
  clock.ms += 1_800_000;
  expect(history.read().filter((value) => value > 0)).toHaveLength(1799);
  clock.ms += 86_400_000;
  history.moved("A", 1);
  clock.ms += 1000;
  expect(history.read().filter((value) => value > 0)).toEqual([1]);
});
