// The desktop's entry with the stand-in in Electron's place: real configuration, real engine, real database.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { createStandIn } from "../support/electron-stand-in/stand-in.ts";
import { testFolder } from "../support/test-folder.ts";

const standIn = vi.hoisted(() => ({ electron: {} as Record<string, unknown> }));
vi.mock("electron", () => standIn.electron);

const argv = process.argv;
const exits: string[] = ["SIGTERM", "SIGINT", "SIGHUP", "uncaughtException", "unhandledRejection"];
const before = new Map(exits.map((name) => [name, process.listeners(name as "SIGTERM")]));
afterEach(() => {
  process.argv = argv;
  for (const [name, listeners] of before) {
    for (const listener of process.listeners(name as "SIGTERM")) {
      if (!listeners.includes(listener)) process.removeListener(name, listener);
    }
  }
});

it("the entry starts the shell over the configured data folder", async () => {
  const home = await testFolder("main");
  const parts = createStandIn();
  Object.assign(standIn.electron, parts.electron);
  process.argv = ["electron", "app", `--home=${home}`, "--smoke"];
  await import("../../electron/main.ts");
  expect(parts.app.getPath("userData")).toBe(join(home, "desktop"));
  await parts.app.becomeReady();
  const written: string[] = [];
  const write = vi
    .spyOn(process.stdout, "write")
    .mockImplementation((text) => written.push(String(text)) > 0);
  await vi.waitFor(() => expect(parts.windows[0]?.webContents.url).toBe("app://bundle/"));
  const hello = JSON.stringify({ t: "call", id: 1, method: "app.hello", params: {} });
  parts.window().webContents.receive("freightliner:frame", [hello]);
  await vi.waitFor(() => expect(parts.app.exits).toEqual([0]));
  write.mockRestore();
  expect(JSON.parse(written.join(""))).toMatchObject({ ok: true, hello: true, checks: { database: "ok" } });
  expect((await stat(join(home, "logs", "desktop.log"))).isFile()).toBe(true);
});
