// The menu of a plan's row: what it offers for each kind of row, and that "Only this one" leaves out every other.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { connection } from "../../../../renderer/api/client.ts";
import { noFilter } from "../../../../renderer/screens/plan/plan-image.ts";
import { planRowMenu } from "../../../../renderer/screens/plan/plan-row-menu.tsx";
import { useNavigation } from "../../../../renderer/state/navigation.ts";
import { setTicked, tickAll, usePlanTicks } from "../../../../renderer/state/plan-ticks.ts";
import { makeImage, makeRun } from "../run-fixtures.ts";
import { ScriptedHost } from "../scripted-host.ts";

const host = new ScriptedHost();
const run = makeRun(1, { state: "planned" });
const images = [makeImage(1), makeImage(2), makeImage(3, { action: "skip", state: "skipped" })];
const items = (at: number, ticked = true) =>
  planRowMenu(run, images[at] ?? makeImage(9), { ticked, busy: usePlanTicks.getState().busy }).flat();
const choose = (at: number, id: string) =>
  items(at)
    .find((item) => item.id === id)
    ?.onSelect();

beforeEach(async () => {
  usePlanTicks.setState({ out: new Map(), shared: undefined, busy: false });
  host.answer("runs.images", () => ({ images, total: images.length }));
  await vi.waitFor(() => expect(connection.state.kind).toBe("open"));
});

describe("planRowMenu", () => {
  it("leaves out every row but the one", async () => {
    choose(1, "only");
    await vi.waitFor(() => expect([...usePlanTicks.getState().out.keys()]).toEqual([1]));
  });

  it("ticks nothing else while it reads the plan for the one, and then lets it start", async () => {
    let answer = (): void => undefined;
    host.answer("runs.images", () => {
      return new Promise((resolve) => {
        answer = () => resolve({ images, total: images.length });
      });
    });
    choose(1, "only");
    expect(items(0).flatMap(({ id, disabled }) => (disabled === true ? id : []))).toEqual(["tick", "only"]);
    setTicked(images.slice(1, 2), false);
    await tickAll(run.id, noFilter, true);
    expect(usePlanTicks.getState()).toMatchObject({ out: new Map(), busy: true });
    answer();
    await vi.waitFor(() => expect(usePlanTicks.getState().busy).toBe(false));
    expect([...usePlanTicks.getState().out.keys()]).toEqual([1]);
  });

  it("counts what rows share also where many are left out meanwhile", async () => {
    const answers: (() => void)[] = [];
    host.answer("runs.images", () => {
      return new Promise((resolve) => answers.push(() => resolve({ images, total: images.length })));
    });
    setTicked(images.slice(0, 1), false);
    choose(1, "only");
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    for (const answer of answers) answer();
    await vi.waitFor(() => expect(usePlanTicks.getState()).toMatchObject({ shared: 0, busy: false }));
  });

  it("ticks and leaves out one row, by the word for what it would do", () => {
    expect(items(0).find(({ id }) => id === "tick")?.label).toBe("Leave it out");
    choose(0, "tick");
    expect([...usePlanTicks.getState().out.keys()]).toEqual([1]);
    expect(items(0, false).find(({ id }) => id === "tick")?.label).toBe("Tick");
  });

  it("has nothing to tick where nothing is written, and compares with what is there", () => {
    expect(items(2).map(({ id }) => id)).toEqual(["inspect", "compare", "digest"]);
    choose(2, "compare");
    expect(useNavigation.getState().drawer).toMatchObject({
      kind: "compare",
      source: { endpointId: "a" },
      destination: { endpointId: "b", reference: "v3" },
    });
  });
});
