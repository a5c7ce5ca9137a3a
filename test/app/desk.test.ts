// What the desktop does for the contract, with a shell and without one.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import type { Desk } from "../../electron/app/desk.ts";
import type { UpdateStatus } from "../../shared/update.ts";
import { appStage } from "./app-stage.ts";

const idle: UpdateStatus = {
  state: "idle",
  current: "1.0.0",
  version: null,
  notes: null,
  percent: null,
  text: null,
};
const link = { from: "registry.example.com/team/app:1", to: "localhost:5000/app" };

it("asks the shell for folders, links and updates", async () => {
  const openFolder = vi.fn(async () => {});
  const install = vi.fn(async (_now: boolean) => {});
  const waiting = [link];
  const desk: Desk = {
    openFolder,
    takeLinks: () => waiting.splice(0),
    updates: { get: () => idle, check: async () => ({ ...idle, version: "1.1.0" }), install },
  };
  const { client, home } = await appStage({ desk });

  await client.call("desktop.openFolder", { folder: "backups" });
  expect(openFolder).toHaveBeenCalledWith(join(home, "backups"));
  expect(existsSync(join(home, "backups"))).toBe(true);
  expect(await client.call("links.take", {})).toEqual({ links: [link] });
  expect(await client.call("links.take", {})).toEqual({ links: [] });
  expect(await client.call("updates.get", {})).toEqual(idle);
  expect((await client.call("updates.check", {})).version).toBe("1.1.0");
  await client.call("updates.install", {});
  expect(install).toHaveBeenCalledExactlyOnceWith(false);
});

it("says that there is no shell", async () => {
  const { client, home } = await appStage();
  await expect(client.call("desktop.openFolder", { folder: "data" })).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringContaining(home),
  });
  await expect(client.call("updates.install", {})).rejects.toMatchObject({ code: "unsupported" });
  expect((await client.call("updates.get", {})).state).toBe("unsupported");
  expect((await client.call("updates.check", {})).state).toBe("unsupported");
  expect(await client.call("links.take", {})).toEqual({ links: [] });
});

it("tells windows what the shell asks of them", async () => {
  const { app, heard } = await appStage();
  const command = { kind: "screen", screen: "history" } as const;
  app.sendCommand(command);
  app.linkWaiting(2);
  app.updateChanged(idle);
  await vi.waitFor(() => expect(heard("update.changed")).toEqual([idle]));
  expect(heard("window.command")).toEqual([command]);
  expect(heard("link.waiting")).toEqual([{ waiting: 2 }]);
});

it("fills in where the data lies and what a face without a desktop can do", async () => {
  const { client, home } = await appStage({ face: "web" });
  const { dataFolder, can } = await client.call("app.hello", {});
  expect(dataFolder).toBe(home);
  expect(Object.values(can)).not.toContain(true);
});
