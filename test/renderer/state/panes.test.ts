// What the panes show at the start, and what they remember.
import { beforeEach, describe, expect, it } from "vitest";
import {
  emptyPane,
  fillPanes,
  filterTags,
  showEndpoint,
  showRepository,
  updatePane,
  usePanes,
} from "../../../renderer/state/panes.ts";
import { nothingSelected, selectOnly } from "../../../renderer/state/selection.ts";
import { useSettings } from "../../../renderer/state/settings.ts";

beforeEach(() => {
  useSettings.setState({ values: {}, loaded: true });
  usePanes.setState({ left: emptyPane, right: emptyPane, active: "left" });
});

describe("fillPanes", () => {
  it("puts two different registries side by side", () => {
    fillPanes(["a", "b", "c"]);
    expect(usePanes.getState().left.endpointId).toBe("a");
    expect(usePanes.getState().right.endpointId).toBe("b");
  });

  it("leaves one pane empty where there is only one registry, and fills it later", () => {
    fillPanes(["a"]);
    expect(usePanes.getState().right.endpointId).toBeUndefined();
    fillPanes(["a", "b"]);
    expect(usePanes.getState().right.endpointId).toBe("b");
  });

  it("shows what was shown last, and not what was removed since", () => {
    useSettings.setState({
      values: {
        panes: {
          left: { endpointId: "gone" },
          right: { endpointId: "b", repository: "shop/web", expanded: ["shop"], typed: ["x/y"] },
        },
      },
    });
    fillPanes(["b", "c"]);
    const { left, right } = usePanes.getState();
    expect(left.endpointId).toBe("c");
    expect(right).toMatchObject({ endpointId: "b", repository: "shop/web", typed: ["x/y"] });
    expect(right.expanded.has("shop")).toBe(true);
  });

  it("starts afresh where what was remembered cannot be read", () => {
    useSettings.setState({ values: { panes: { left: 7 } } });
    fillPanes(["a", "b"]);
    expect(usePanes.getState().left.endpointId).toBe("a");
  });

  it("replaces a registry that was removed while it was shown", () => {
    fillPanes(["a", "b"]);
    showRepository("left", "shop/web");
    fillPanes(["b", "c"]);
    expect(usePanes.getState().left).toMatchObject({ endpointId: "c", repository: undefined });
  });
});

describe("changes", () => {
  it("open the folders on the way to a repository and forget the last selection", () => {
    fillPanes(["a", "b"]);
    updatePane("left", { selection: selectOnly(["v1"]), tagFilter: "v*" });
    showRepository("left", "a/b/c");
    const { left } = usePanes.getState();
    expect([...left.expanded]).toEqual(["a", "a/b"]);
    expect(left).toMatchObject({
      repository: "a/b/c",
      treeFocus: "a/b/c",
      tagFilter: "",
      selection: nothingSelected,
    });
  });

  it("keep everything where the same repository is chosen again", () => {
    fillPanes(["a", "b"]);
    showRepository("left", "shop/web");
    updatePane("left", { selection: selectOnly(["v1"]) });
    showRepository("left", "shop/web");
    expect(usePanes.getState().left.selection).toEqual(selectOnly(["v1"]));
  });

  it("drop the selection with a new filter, and everything with another registry", () => {
    fillPanes(["a", "b"]);
    showRepository("left", "shop/web");
    updatePane("left", { selection: selectOnly(["v1"]) });
    filterTags("left", "v2");
    expect(usePanes.getState().left.selection).toEqual(nothingSelected);
    showEndpoint("left", "b");
    expect(usePanes.getState().left).toMatchObject({ endpointId: "b", repository: undefined, tagFilter: "" });
  });

  it("are remembered as plain values", () => {
    fillPanes(["a", "b"]);
    showRepository("right", "x/y");
    expect(useSettings.getState().values.panes).toMatchObject({
      right: { endpointId: "b", repository: "x/y", expanded: ["x"], typed: [] },
    });
  });
});
