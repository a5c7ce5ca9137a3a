// The commands of the panes, from what is selected to the job that is asked for.
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Endpoint } from "../../../../shared/endpoint.ts";

const planned = vi.hoisted(() => [] as unknown[]);
vi.mock("../../../../renderer/state/plan.ts", () => ({
  planTransfer: (spec: unknown) => {
    planned.push(spec);
    return Promise.resolve();
  },
}));

const { copyToClipboard, copyToOther, paneSource, paste, pasteText, referencesOf } = await import(
  "../../../../renderer/screens/transfer/commands.ts"
);
const { listKey } = await import("../../../../renderer/screens/transfer/tag-list.ts");
const { queryClient } = await import("../../../../renderer/api/query.ts");
const { useClipboard } = await import("../../../../renderer/state/clipboard.ts");
const { useEndpoints } = await import("../../../../renderer/state/endpoints.ts");
const { emptyPane, showEndpoint, showRepository, updatePane, usePanes } = await import(
  "../../../../renderer/state/panes.ts"
);
const { everythingSelected, selectOnly, toggle } = await import("../../../../renderer/state/selection.ts");

const endpoint = (id: string, host: string): Endpoint => ({
  id,
  name: id,
  settings: {
    kind: "registry",
    host,
    plainHttp: "auto",
    insecureSkipVerify: false,
    trustedTokenHosts: [],
    connections: 8,
  },
  credential: { source: "none", username: null, place: null, expiresAt: null, problem: null },
  capabilities: null,
  health: { state: "ok", checkedAt: null, steps: [] },
  sample: false,
  temporary: false,
});

beforeEach(() => {
  planned.length = 0;
  queryClient.clear();
  useClipboard.setState({ payload: undefined });
  useEndpoints.setState({ endpoints: [endpoint("aaa", "a.example:5000"), endpoint("bbb", "b.example")] });
  usePanes.setState({ left: emptyPane, right: emptyPane, active: "left" });
  showEndpoint("left", "aaa");
  showEndpoint("right", "bbb");
  queryClient.setQueryData(["repositories.list", "aaa"], {
    names: ["shop/web", "shop/api", "alpine"],
    complete: true,
  });
});

describe("pasted text", () => {
  it("of several references plans a copy of them to the pane", () => {
    pasteText("right", "a.example:5000/shop/web:v1\na.example:5000/shop/api\n");
    expect(planned).toEqual([
      {
        sourceId: "aaa",
        destinationId: "bbb",
        selection: [
          { kind: "image", repository: "shop/web", reference: "v1" },
          { kind: "repositories", names: ["shop/api"], tags: {} },
        ],
      },
    ]);
  });

  it.each([
    ["a.example:5000/shop/web:v1\nc.example/x:1", "left out"],
    ["a.example:5000/shop/web:v1\nb.example/x:1", "two registries"],
    ["b.example/x:1\nb.example/x:2", "the same registry"],
    ["some words of a mail", "no references"],
  ])("%j plans nothing: %s", (text) => {
    pasteText("right", text);
    expect(planned).toEqual([]);
  });
});

describe("what a pane's copy takes", () => {
  it("is the row of the tree until tags are selected", () => {
    expect(paneSource("left")).toMatchObject({ kind: "registry", count: 3 });
    updatePane("left", { treeFocus: "shop" });
    expect(paneSource("left")).toMatchObject({ kind: "folder", path: "shop", count: 2 });
    updatePane("left", { treeFocus: "alpine" });
    expect(paneSource("left")).toMatchObject({ kind: "repository", repository: "alpine" });
    showRepository("left", "shop/web");
    updatePane("left", { source: "tags", selection: selectOnly(["v1", "v2"]) });
    expect(paneSource("left")).toMatchObject({ kind: "tags", tags: { by: "name", names: ["v1", "v2"] } });
  });

  it("is a rule with the filter's globs where all are selected", () => {
    showRepository("left", "shop/web");
    updatePane("left", {
      source: "tags",
      tagFilter: "v1.*",
      selection: toggle(everythingSelected, "v1.2"),
    });
    const list = listKey({
      endpointId: "aaa",
      repository: "shop/web",
      filter: { include: ["v1.*"] },
      sort: "name",
    });
    queryClient.setQueryData(["tags.list", "aaa", "shop/web", "name", list, 3], {
      tags: [],
      matched: 2000,
      total: 90_000,
    });
    expect(paneSource("left")).toMatchObject({
      tags: { by: "rule", rule: { include: ["v1.*"] }, except: ["v1.2"], count: 1999 },
    });
  });

  it("is nothing where nothing is selected", () => {
    showRepository("left", "shop/web");
    updatePane("left", { source: "tags", selection: selectOnly([]) });
    expect(paneSource("left")).toBeUndefined();
  });
});

describe("copy and paste", () => {
  it("ask for the same job as a drop on the other pane", async () => {
    showRepository("left", "shop/web");
    updatePane("left", { source: "tags", selection: selectOnly(["v1"]) });
    copyToOther("left");
    copyToClipboard("left");
    paste("right");
    await vi.waitFor(() => expect(planned).toHaveLength(2));
    expect(planned[0]).toEqual(planned[1]);
    expect(planned[0]).toMatchObject({ sourceId: "aaa", destinationId: "bbb", mapping: { kind: "keep" } });
  });

  it("do not ask for a copy onto itself", () => {
    updatePane("left", { treeFocus: "alpine" });
    copyToClipboard("left");
    paste("left");
    expect(planned).toEqual([]);
  });

  it("do nothing without a registry on the other side", async () => {
    usePanes.setState({ right: emptyPane });
    copyToOther("left");
    await Promise.resolve();
    expect(planned).toEqual([]);
  });
});

describe("referencesOf", () => {
  it("writes what other tools read", () => {
    expect(
      referencesOf({
        kind: "tags",
        endpointId: "aaa",
        repository: "shop/web",
        tags: { by: "name", names: ["v1", "v2"] },
      }),
    ).toBe("a.example:5000/shop/web:v1\na.example:5000/shop/web:v2");
    expect(referencesOf({ kind: "repository", endpointId: "bbb", repository: "alpine" })).toBe(
      "b.example/alpine",
    );
  });
});
