// Tabs: each keeps what its pane showed, also when it is closed and opened again.
import { beforeEach, describe, expect, it } from "vitest";
import {
  emptyPane,
  filterTags,
  showEndpoint,
  showRepository,
  usePanes,
} from "../../../renderer/state/panes.ts";
import { useSettings } from "../../../renderer/state/settings.ts";
import {
  closeTab,
  currentTabs,
  newTab,
  reopenTab,
  restoreTabs,
  showTab,
  stepTab,
  useTabs,
} from "../../../renderer/state/tabs.ts";

const left = () => usePanes.getState().left;
const ids = () => useTabs.getState().left.tabs.map(({ id }) => id);

beforeEach(() => {
  useSettings.setState({ values: {}, loaded: true });
  const first = useTabs.getState().left.tabs[0];
  if (first === undefined) throw new Error("a pane has no tab");
  useTabs.setState({ left: { tabs: [first], active: first.id, closed: [] } });
  usePanes.setState({ left: emptyPane, right: emptyPane, active: "left" });
  showEndpoint("left", "a");
  showRepository("left", "shop/web");
  filterTags("left", "v1");
});

describe("tabs", () => {
  it("open at the same registry and leave the old one as it was", () => {
    newTab("left");
    expect(left()).toMatchObject({ endpointId: "a", repository: undefined, tagFilter: "" });
    showTab("left", ids()[0] ?? 0);
    expect(left()).toMatchObject({ repository: "shop/web", tagFilter: "v1" });
  });
  it("show their neighbour when they are closed, and come back as they were", () => {
    newTab("left");
    showRepository("left", "shop/api");
    closeTab("left", ids()[1] ?? 0);
    expect(left().repository).toBe("shop/web");
    reopenTab("left");
    expect(left().repository).toBe("shop/api");
    expect(currentTabs("left").map(({ pane }) => pane.repository)).toEqual(["shop/web", "shop/api"]);
  });
  it("never close the last one", () => {
    closeTab("left", ids()[0] ?? 0);
    expect(left().repository).toBe("shop/web");
    expect(ids()).toHaveLength(1);
  });
  it("go round and round", () => {
    newTab("left");
    stepTab("left", 1);
    expect(left().repository).toBe("shop/web");
    stepTab("left", -1);
    expect(left().repository).toBeUndefined();
  });
  it("are there again in the next session, without registries that are gone", () => {
    newTab("left");
    showEndpoint("left", "gone");
    newTab("left", { ...emptyPane, endpointId: "b", repository: "x" });
    restoreTabs(["a", "b"]);
    expect(useTabs.getState().left.tabs.map(({ pane }) => pane.repository)).toEqual(["shop/web", "x"]);
  });
});
