// What is dropped on a pane from outside: an archive, a folder and a sync file open there, each in its way.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { connection } from "../../../../renderer/api/client.ts";
import { openDropped } from "../../../../renderer/screens/transfer/files/open-dropped.ts";
import { useEndpoints } from "../../../../renderer/state/endpoints.ts";
import { emptyPane, usePanes } from "../../../../renderer/state/panes.ts";
import type { Endpoint, EndpointSettings } from "../../../../shared/endpoint.ts";
import { capabilities, ScriptedHost } from "../scripted-host.ts";

const host = new ScriptedHost();
const paths = { ...capabilities, can: { ...capabilities.can, filePaths: true } };

function endpoint(id: string, settings: EndpointSettings): Endpoint {
  return {
    ...{ id, name: id, settings, capabilities: null, sample: false, temporary: false },
    credential: { source: "none", username: null, place: null, expiresAt: null, problem: null },
    health: { state: "ok", checkedAt: 1, steps: [] },
  };
}

beforeEach(async () => {
  await vi.waitFor(() => expect(connection.state.kind).toBe("open"));
  host.asked.length = 0;
  useEndpoints.setState({ endpoints: [] });
  usePanes.setState({ left: emptyPane, right: emptyPane });
  host.answer("archives.open", ({ path }) => endpoint("archive", { kind: "archive", path, readOnly: true }));
  host.answer("endpoints.add", () => endpoint("folder", { kind: "layout", path: "/home/ada/images" }));
});

function openWith(can: boolean): void {
  vi.spyOn(connection, "state", "get").mockReturnValue({
    kind: "open",
    capabilities: can ? paths : capabilities,
  });
  vi.stubGlobal("freightliner", { pathForFile: (file: File) => `/home/ada/${file.name}` });
}

describe("dropped on a pane", () => {
  it.each(["app.tar", "app.tar.gz", "APP.TGZ"])("an archive (%s) opens there by its path", async (name) => {
    openWith(true);
    await openDropped("right", [new File(["x"], name)]);
    expect(host.calls("archives.open")).toEqual([{ path: `/home/ada/${name}` }]);
    expect(usePanes.getState().right.endpointId).toBe("archive");
    expect(usePanes.getState().left.endpointId).toBe(emptyPane.endpointId);
    expect(useEndpoints.getState().endpoints.map(({ id }) => id)).toEqual(["archive"]);
  });

  it("a folder is added as an image layout", async () => {
    openWith(true);
    await openDropped("left", [new File([], "images")]);
    expect(host.calls("endpoints.add")).toMatchObject([
      { settings: { kind: "layout", path: "/home/ada/images" } },
    ]);
    expect(usePanes.getState().left.endpointId).toBe("folder");
  });

  it("one that cannot be opened keeps none of the others from opening", async () => {
    openWith(true);
    vi.stubGlobal("freightliner", {
      pathForFile(file: File) {
        if (file.name === "gone.tar") throw new Error("it is not there any more");
        return `/home/ada/${file.name}`;
      },
    });
    await openDropped("left", [new File([], "gone.tar"), new File([], "good.tar")]);
    expect(host.calls("archives.open")).toEqual([{ path: "/home/ada/good.tar" }]);
    expect(usePanes.getState().left.endpointId).toBe("archive");
  });

  it("nothing but a sync file is asked for where a browser does not tell paths", async () => {
    openWith(false);
    await openDropped("left", [new File(["x"], "app.tar"), new File([], "images")]);
    expect(host.asked).toEqual([]);
    expect(usePanes.getState().left.endpointId).toBe(emptyPane.endpointId);
  });
});
