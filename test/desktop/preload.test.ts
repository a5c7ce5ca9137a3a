// The preload script with Electron's renderer side replaced: what it exposes and what it keeps to itself.
import { EventEmitter } from "node:events";
import { describe, expect, it, vi } from "vitest";

const ipc = Object.assign(new EventEmitter(), {
  sent: [] as unknown[][],
  send: (...args: unknown[]) => void ipc.sent.push(args),
});
interface Exposed {
  send(frame: unknown): void;
  onFrame(listener: (...args: unknown[]) => void): () => void;
  pathForFile(file: { name: string }): string;
}
const exposed = new Map<string, Exposed>();

vi.mock("electron", () => ({
  contextBridge: { exposeInMainWorld: (name: string, value: Exposed) => exposed.set(name, value) },
  ipcRenderer: ipc,
  webUtils: { getPathForFile: (file: { name: string }) => `/dropped/${file.name}` },
}));

describe("preload", () => {
  it("exposes one frozen object of functions", async () => {
    await import("../../electron/desktop/preload.ts");
    expect([...exposed.keys()]).toEqual(["freightliner"]);
    const api = exposed.get("freightliner");
    if (api === undefined) throw new Error("nothing was exposed");
    expect(Object.isFrozen(api)).toBe(true);
    expect(Object.keys(api)).toEqual(["send", "onFrame", "pathForFile"]);

    api.send({ t: "credit", batches: 1 });
    expect(ipc.sent).toEqual([["freightliner:frame", '{"t":"credit","batches":1}']]);

    const seen: unknown[][] = [];
    const stop = api.onFrame((...args) => void seen.push(args));
    ipc.emit("freightliner:frame", { sender: "secret" }, '{"t":"subscribed"}');
    stop();
    ipc.emit("freightliner:frame", {}, '{"t":"late"}');
    expect(seen).toEqual([[{ t: "subscribed" }]]);
    expect(api.pathForFile({ name: "a.tar" })).toBe("/dropped/a.tar");
  });
});
