// What tags can be used for beside copying, and where nothing may be written.
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Endpoint } from "../../../../shared/endpoint.ts";

vi.mock("../../../../renderer/state/plan.ts", () => ({ planTransfer: () => Promise.resolve() }));
const { dropAt } = await import("../../../../renderer/screens/transfer/commands.ts");
const { commandLine, webPage } = await import("../../../../renderer/screens/transfer/tag-actions.ts");
const { droppedKind } = await import("../../../../renderer/screens/transfer/files/open-dropped.ts");
const { nextSort } = await import("../../../../renderer/screens/transfer/tag-sort.ts");
const { useEndpoints } = await import("../../../../renderer/state/endpoints.ts");
const { fittingColumns, startWidths } = await import("../../../../renderer/state/tag-columns.ts");
const { applyFilter, deleteFilter, renameFilter, saveFilter, savedFilters } = await import(
  "../../../../renderer/state/saved-filters.ts"
);
const { emptyPane, usePanes } = await import("../../../../renderer/state/panes.ts");
const { useSettings } = await import("../../../../renderer/state/settings.ts");

const registry = (id: string, host: string, more: object = {}): Endpoint =>
  ({ id, name: id, settings: { kind: "registry", host, ...more } }) as Endpoint;
const image = (endpointId: string) => ({ endpointId, repository: "shop/web", reference: "v1" });

beforeEach(() => {
  useSettings.setState({ values: {}, loaded: true });
  usePanes.setState({ left: { ...emptyPane, tagFilter: "v1", chips: { regex: "v.*" } }, right: emptyPane });
  useEndpoints.setState({
    endpoints: [
      registry("open", "r.example"),
      registry("closed", "s.example", { readOnly: true }),
      registry("plain", "p.example", { plainHttp: "always" }),
      { id: "folder", name: "folder", settings: { kind: "layout", path: "/my images" } } as Endpoint,
      { id: "archive", name: "archive", settings: { kind: "archive", path: "/one.tar" } } as Endpoint,
    ],
  });
});

describe("dropAt", () => {
  it("refuses a registry that is read only, with the reason", () => {
    const payload = { kind: "repository", endpointId: "open", repository: "shop/web" } as const;
    const drop = dropAt(payload, { endpointId: "closed", place: { kind: "registry" } });
    expect(drop).toMatchObject({
      allowed: false,
      why: expect.stringContaining("closed is set to read only"),
    });
    expect(dropAt(payload, { endpointId: "plain", place: { kind: "registry" } }).allowed).toBe(true);
  });
});

describe("commandLine", () => {
  it("writes what the tools take", () => {
    expect(commandLine("docker", image("open"))).toBe("docker pull r.example/shop/web:v1");
    expect(commandLine("skopeo", image("plain"))).toBe(
      "skopeo inspect --tls-verify=false docker://p.example/shop/web:v1",
    );
    expect(commandLine("skopeo", image("folder"))).toBe("skopeo inspect 'oci:/my images:shop/web:v1'");
    expect(commandLine("docker", image("folder"))).toBeUndefined();
    expect(commandLine("skopeo", image("archive"))).toBe("skopeo inspect oci-archive:/one.tar:shop/web:v1");
  });
});

describe("webPage", () => {
  it("knows the pages of the large registries and of no other", () => {
    expect(webPage(registry("h", "docker.io"), "library/alpine")).toBe("https://hub.docker.com/_/alpine");
    expect(webPage(registry("h", "docker.io"), "team/app")).toBe("https://hub.docker.com/r/team/app/tags");
    expect(webPage(registry("q", "quay.io"), "a/b")).toBe("https://quay.io/repository/a/b?tab=tags");
    expect(webPage(registry("x", "r.example"), "a/b")).toBeUndefined();
  });
});

describe("the tag table", () => {
  it("drops columns that do not fit, the least wanted first", () => {
    const choice = { shown: ["state", "digest", "size", "platforms"], widths: startWidths } as const;
    expect(fittingColumns(choice, 1000)).toEqual(choice.shown);
    expect(fittingColumns(choice, 520)).toEqual(["state", "digest", "size"]);
    expect(fittingColumns(choice, 200)).toEqual([]);
  });
  it("sorts the newest and the largest first, then turns round", () => {
    expect(nextSort("created", "name")).toBe("created-descending");
    expect(nextSort("created", "created-descending")).toBe("created");
    expect(nextSort("tag", "created")).toBe("name");
    expect(nextSort("tag", "version-descending")).toBe("version");
    expect(nextSort("digest", "name")).toBeUndefined();
  });
});

describe("saved filters", () => {
  it("are applied, renamed, deleted, and brought back at their place", () => {
    saveFilter("one", "left");
    saveFilter("two", "left");
    renameFilter("one", "first");
    const undo = deleteFilter("first");
    expect(savedFilters().map(({ name }) => name)).toEqual(["two"]);
    undo();
    expect(savedFilters().map(({ name }) => name)).toEqual(["first", "two"]);
    const [first] = savedFilters();
    if (first === undefined) throw new Error("it was not kept");
    applyFilter("right", first);
    expect(usePanes.getState().right).toMatchObject({ tagFilter: "v1", chips: { regex: "v.*" } });
  });
});

describe("droppedKind", () => {
  it("goes by the name", () => {
    expect(["a.yml", "b.tar.gz", "c.tgz", "layout"].map(droppedKind)).toEqual([
      "sync-file",
      "archive",
      "archive",
      "folder",
    ]);
  });
});
