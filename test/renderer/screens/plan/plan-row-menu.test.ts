// The menu of a plan's row: what it offers for each kind of row, and that "Only this one" leaves out every other.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { connection } from "../../../../renderer/api/client.ts";
import { planRowMenu } from "../../../../renderer/screens/plan/plan-row-menu.tsx";
import { useNavigation } from "../../../../renderer/state/navigation.ts";
import { usePlanTicks } from "../../../../renderer/state/plan-ticks.ts";
import { makeImage, makeRun } from "../run-fixtures.ts";
import { ScriptedHost } from "../scripted-host.ts";

const host = new ScriptedHost();
const run = makeRun(1, { state: "planned" });
const images = [makeImage(1), makeImage(2), makeImage(3, { action: "skip", state: "skipped" })];
const items = (at: number, ticked = true) => planRowMenu(run, images[at] ?? makeImage(9), ticked).flat();
const choose = (at: number, id: string) =>
  items(at)
    .find((item) => item.id === id)
    ?.onSelect();

beforeEach(async () => {
  usePlanTicks.setState({ out: new Map(), busy: false });
  host.answer("runs.images", () => ({ images, total: images.length }));
  await vi.waitFor(() => expect(connection.state.kind).toBe("open"));
});

describe("planRowMenu", () => {
  it("leaves out every row but the one", async () => {
    choose(1, "only");
    await vi.waitFor(() => expect([...usePlanTicks.getState().out.keys()]).toEqual([1]));
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
