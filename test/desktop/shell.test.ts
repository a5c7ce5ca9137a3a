// The shell from start to quit over the stand-in: boot order, window, IPC, security handlers, leaving, crashes.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MenuItemConstructorOptions } from "electron";
import { describe, expect, it, vi } from "vitest";
import { frameChannel } from "../../electron/desktop/channel.ts";
import { maxClientFrame } from "../../shared/wire.ts";
import { FakeDesktopApp, startTestDesktop } from "../support/desktop.ts";
import { PreventableEvent } from "../support/electron-stand-in/app.ts";
import type { StandIn } from "../support/electron-stand-in/stand-in.ts";
import { topFrame } from "../support/electron-stand-in/window.ts";

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe("boot order", () => {
  it("does what must come before ready, and only then waits for it", async () => {
    const { standIn } = await startTestDesktop({ stayUnready: true });
    expect(standIn.app.calls).toEqual([
      "setName Freightliner",
      "setPath",
      "lock",
      "enableSandbox",
      "registerSchemesAsPrivileged",
    ]);
    expect(standIn.crashReporter).toEqual({ uploadToServer: false });
    expect(standIn.schemes).toEqual([
      { scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ]);
    expect(standIn.menu).toBeNull();
    expect(standIn.windows).toEqual([]);
  });

  it("opens one window with our preferences, shown when its page is there", async () => {
    const { standIn } = await startTestDesktop();
    const window = standIn.window();
    await vi.waitFor(() => expect(window.visible).toBe(true));
    expect(window.calls).toEqual(["loadURL app://bundle/"]);
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      preload: "/bundle/preload.cjs",
      devTools: true,
    });
    expect(window.options.show).toBe(false);
    expect(JSON.stringify(standIn.menu)).toContain("toggleDevTools");
  });

  it("starts once: the second one shows the first one's window", async () => {
    const first = await startTestDesktop();
    first.standIn.window().minimized = true;
    const second = await startTestDesktop({ home: first.home });
    expect(second.standIn.app.hasQuit).toBe(true);
    expect(second.standIn.windows).toEqual([]);
    expect(second.standIn.app.calls).not.toContain("enableSandbox");
    expect(first.standIn.window().minimized).toBe(false);
    expect(first.standIn.window().calls).toContain("focus");
  });

  it("opens one window, also where it is asked for while the rest still comes up", async () => {
    const parts: StandIn[] = [];
    const { standIn } = await startTestDesktop({
      prepare: (made) => parts.push(made),
      before: (app) => {
        const connect = app.connectDirect.bind(app);
        app.connectDirect = () => {
          for (const part of parts) part.app.emit("activate");
          return connect();
        };
      },
    });
    await settled();
    expect(standIn.windows).toHaveLength(1);
  });

  it("refuses to run a package under a remote debugger", async () => {
    const { standIn } = await startTestDesktop({
      prepare: ({ app }) => {
        app.isPackaged = true;
        app.switches.add("remote-debugging-port");
      },
    });
    expect(standIn.app.exits).toEqual([1]);
  });

  it("has no developer tools in a package", async () => {
    const { standIn } = await startTestDesktop({
      prepare: ({ app }) => {
        app.isPackaged = true;
      },
    });
    expect(standIn.window().options.webPreferences?.devTools).toBe(false);
    expect(JSON.stringify(standIn.menu)).not.toContain("toggleDevTools");
  });

  it("says why it cannot start", async () => {
    const failing = { createApp: () => Promise.reject(new Error("the database is locked")) };
    const { standIn, log } = await startTestDesktop({ options: failing });
    expect(standIn.errorBoxes).toEqual(["Freightliner cannot start: the database is locked"]);
    expect(standIn.app.exits).toEqual([1]);
    expect(log).toContain("something failed in the shell");
  });
});

describe("IPC", () => {
  it("carries frames of our page both ways", async () => {
    const { standIn, send } = await startTestDesktop();
    send({ t: "call", id: 7, method: "app.hello", params: { x: "ü" } });
    const [channel, text] = standIn.window().webContents.sent[0] ?? [];
    expect(channel).toBe(frameChannel);
    expect(JSON.parse(String(text))).toEqual({ t: "result", id: 7, value: { x: "ü" } });
  });

  it("hears nobody else, and nothing that is no frame", async () => {
    const { standIn, app, log } = await startTestDesktop();
    const { webContents } = standIn.window();
    const frame = JSON.stringify({ t: "call", id: 1, method: "app.hello", params: {} });
    webContents.receive(frameChannel, [frame], null);
    webContents.receive(frameChannel, [frame], { ...topFrame, parent: topFrame });
    webContents.receive(frameChannel, [frame], { ...topFrame, origin: "https://evil.test" });
    webContents.receive(frameChannel, [frame], topFrame, 999);
    webContents.receive(frameChannel, ["{"]);
    webContents.receive(frameChannel, [{ t: "call" }]);
    webContents.receive(frameChannel, [`"${"x".repeat(maxClientFrame)}"`]);
    expect(app.pipes).toEqual([]);
    expect(webContents.sent).toEqual([]);
    expect(log.filter((line) => line === "the window's IPC was refused")).toHaveLength(7);
  });

  it("R001 ends the page's pipe when a frame makes something fail, not the program", async () => {
    const { standIn, app, log, send } = await startTestDesktop();
    send(null);
    expect(app.closedPipes).toBe(1);
    expect(log).toContain("something failed in the shell");
    send({ t: "call", id: 1, method: "app.hello", params: {} });
    expect(standIn.window().webContents.sent).toHaveLength(1);
  });

  it.each(["reload", "crash", "close"])("ends the page's pipe on %s", async (how) => {
    const { standIn, app, send } = await startTestDesktop();
    send({ t: "call", id: 1, method: "app.hello", params: {} });
    const window = standIn.window();
    if (how === "reload") window.webContents.navigated("app://bundle/");
    if (how === "crash")
      window.webContents.emit("render-process-gone", {}, { reason: "crashed", exitCode: 5 });
    if (how === "close") window.close();
    expect(app.closedPipes).toBe(1);
    app.pipes[0]?.send({ t: "result", id: 1, value: null });
    expect(window.webContents.sent).toHaveLength(1);
    if (how === "close") return;
    send({ t: "call", id: 1, method: "app.hello", params: {} });
    expect(app.pipes).toHaveLength(2);
    expect(window.webContents.sent).toHaveLength(2);
  });

  it("keeps the pipe when the page only changes its fragment", async () => {
    const { standIn, app, send } = await startTestDesktop();
    send({ t: "call", id: 1, method: "app.hello", params: {} });
    const details = { isMainFrame: true, isSameDocument: true };
    standIn.window().webContents.emit("did-start-navigation", details);
    expect(app.closedPipes).toBe(0);
  });
});

describe("security handlers", () => {
  it("grant nothing but copying text, in every session", async () => {
    const { standIn } = await startTestDesktop();
    const sessions = [...standIn.sessions.values()];
    expect(sessions).toHaveLength(2);
    for (const session of sessions) {
      for (const permission of [
        "media",
        "geolocation",
        "notifications",
        "local-network",
        "clipboard-read",
        "hid",
      ]) {
        expect(session.grants(permission, "app://bundle/"), permission).toEqual({
          request: false,
          check: false,
          device: false,
        });
      }
      const copy = session.grants("clipboard-sanitized-write", "app://bundle/");
      expect(copy).toEqual({ request: true, check: true, device: false });
      expect(session.grants("clipboard-sanitized-write", "https://evil.test/").request).toBe(false);
      expect(session.lets("https://evil.test/")).toBe(false);
      for (const [from, on, saved] of [
        ["https://evil.test/x.exe", "app://bundle/", false],
        ["blob:https://evil.test/1", "app://bundle/", false],
        ["blob:app://bundle/1", "https://evil.test/", false],
        ["blob:app://bundle/1", "app://bundle/", true],
      ] as const) {
        const download = new PreventableEvent();
        session.emit("will-download", download, { getURL: () => from }, { getURL: () => on });
        expect(download.defaultPrevented, `${from} on ${on}`).toBe(!saved);
      }
      expect(session.lets("blob:app://bundle/1")).toBe(true);
      expect(session.lets("blob:https://evil.test/1")).toBe(false);
    }
    expect(standIn.sessions.get("freightliner-ui")?.lets("app://bundle/assets/x.js")).toBe(true);
  });

  it("keep pages in place and open no windows", async () => {
    const { standIn } = await startTestDesktop();
    const { webContents } = standIn.window();
    standIn.answers.push(0);
    for (const event of ["will-navigate", "will-frame-navigate", "will-redirect"] as const) {
      expect(webContents.navigates(event, "https://evil.test/"), event).toBe(false);
      expect(webContents.navigates(event, "app://bundle/"), event).toBe(true);
    }
    expect(webContents.navigates("will-frame-navigate", "app://bundle/", false)).toBe(false);
    const webview = new PreventableEvent();
    webContents.emit("will-attach-webview", webview);
    expect(webview.defaultPrevented).toBe(true);
    expect(webContents.openHandler({ url: "https://docs.test/" } as never)).toEqual({ action: "deny" });
    await vi.waitFor(() => expect(standIn.opened).toEqual(["https://docs.test/"]));
  });
});

describe("leaving", () => {
  it("quits at once when nothing runs, after closing the app", async () => {
    const { standIn, app } = await startTestDesktop();
    standIn.window().close();
    await vi.waitFor(() => expect(standIn.app.hasQuit).toBe(true));
    expect(app.closes).toBe(1);
    expect(standIn.messages).toEqual([]);
  });

  it("asks while transfers run: cancel, keep running, pause and quit", async () => {
    const { standIn, app } = await startTestDesktop();
    const window = standIn.window();
    await vi.waitFor(() => expect(window.visible).toBe(true));
    app.run(2);
    window.close();
    await settled();
    expect(standIn.messages[0]?.message).toBe("2 transfers are running.");
    expect(window.closed).toBe(false);
    expect(app.closes).toBe(0);

    standIn.answers.push(1);
    standIn.app.quit();
    await settled();
    expect(window.visible).toBe(false);
    expect(standIn.app.hasQuit).toBe(false);
    standIn.app.emit("second-instance", new PreventableEvent(), ["freightliner"]);
    expect(window.visible).toBe(true);
    app.run(0);
    await settled();
    expect(standIn.app.hasQuit).toBe(false);

    app.run(1);
    standIn.answers.push(0);
    standIn.app.quit();
    await vi.waitFor(() => expect(standIn.app.hasQuit).toBe(true));
    expect(standIn.messages[2]?.message).toBe("A transfer is running.");
    expect(app.closes).toBe(1);
    expect(window.closed).toBe(true);
  });

  it("quits by itself when what was kept running has ended", async () => {
    const { standIn, app } = await startTestDesktop();
    app.run(1);
    standIn.answers.push(1);
    standIn.app.quit();
    await settled();
    app.run(0);
    await vi.waitFor(() => expect(standIn.app.hasQuit).toBe(true));
  });

  it("keeps leaving where the question is answered while the machine shuts down", async () => {
    const { standIn, app } = await startTestDesktop();
    app.run(1);
    const answer = Promise.withResolvers<number>();
    standIn.answers.push(answer.promise);
    standIn.app.quit();
    const closed = Promise.withResolvers<void>();
    app.closing = () => closed.promise;
    standIn.powerMonitor.emit("shutdown");
    answer.resolve(0);
    await settled();
    closed.resolve();
    await vi.waitFor(() => expect(standIn.app.hasQuit).toBe(true));
    expect(app.closes).toBe(1);
  });

  it("asks once, however often somebody wants to quit", async () => {
    const { standIn, app } = await startTestDesktop();
    app.run(1);
    const answer = Promise.withResolvers<number>();
    standIn.answers.push(answer.promise);
    standIn.app.quit();
    standIn.app.quit();
    standIn.window().close();
    expect(standIn.messages).toHaveLength(1);
    answer.resolve(0);
    await vi.waitFor(() => expect(standIn.app.hasQuit).toBe(true));
    expect(app.closes).toBe(1);
  });

  it("does not wait longer than the deadline, and leaves when closing fails", async () => {
    const slow = await startTestDesktop();
    slow.app.closing = () => new Promise(() => {});
    slow.standIn.app.quit();
    await vi.waitFor(() => expect(slow.standIn.app.hasQuit).toBe(true));
    const failing = await startTestDesktop();
    failing.app.closing = () => Promise.reject(new Error("disk full"));
    failing.standIn.app.quit();
    await vi.waitFor(() => expect(failing.standIn.app.hasQuit).toBe(true));
    expect(failing.log).toContain("something failed in the shell");
  });

  it.each(["SIGTERM", "shutdown", "session-end"])("leaves without a question on %s", async (what) => {
    const { standIn, app, process } = await startTestDesktop();
    app.run(1);
    if (what === "SIGTERM") process.emit("SIGTERM");
    if (what === "shutdown") standIn.powerMonitor.emit("shutdown");
    if (what === "session-end") standIn.window().emit("session-end");
    await vi.waitFor(() => expect(standIn.app.hasQuit).toBe(true));
    expect(standIn.messages).toEqual([]);
    expect(app.closes).toBe(1);
  });

  it("stays without windows on macOS, and opens one again", async () => {
    const { standIn, app } = await startTestDesktop({ options: { platform: "darwin" } });
    app.run(1);
    standIn.window().close();
    await settled();
    expect(standIn.app.hasQuit).toBe(false);
    standIn.app.emit("activate");
    await vi.waitFor(() => expect(standIn.windows).toHaveLength(1));
  });
});

describe("power", () => {
  it("keeps the machine awake while transfers run", async () => {
    const { standIn, app } = await startTestDesktop();
    app.run(1);
    expect(standIn.blockers.size).toBe(1);
    app.run(0);
    expect(standIn.blockers.size).toBe(0);
  });

  it("does so from the start for transfers that go on from last time", async () => {
    const app = new FakeDesktopApp();
    app.activeRuns = 1;
    const { standIn } = await startTestDesktop({ options: { createApp: async () => app } });
    expect(standIn.blockers.size).toBe(1);
  });
});

describe("menu", () => {
  const itemsOf = (standIn: StandIn): MenuItemConstructorOptions[] =>
    (standIn.menu ?? []).flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  const choose = (standIn: StandIn, label: string): void =>
    itemsOf(standIn)
      .find((item) => item.label === label)
      ?.click?.({} as never, undefined, {} as never);

  it("opens the data and the log folder", async () => {
    const { standIn, home } = await startTestDesktop();
    choose(standIn, "Open data folder");
    choose(standIn, "Open log folder");
    expect(standIn.opened).toEqual([home, `${home}/logs`]);
  });

  it("asks the window, which comes to the front for it", async () => {
    const { standIn, app } = await startTestDesktop();
    standIn.window().minimized = true;
    choose(standIn, "Jobs");
    choose(standIn, "Command palette…");
    expect(standIn.window().minimized).toBe(false);
    expect(app.commands).toEqual([
      { kind: "screen", screen: "jobs" },
      { kind: "command", id: "app.palette" },
    ]);
  });

  it("names only commands that the window has, and leaves their keys to it", async () => {
    const { standIn, app } = await startTestDesktop();
    const items = itemsOf(standIn);
    for (const item of items) {
      if (item.accelerator !== undefined) expect(item.registerAccelerator, item.label).toBe(false);
      if (item.role === undefined) item.click?.({} as never, undefined, {} as never);
    }
    const asked = app.commands.flatMap((command) => (command.kind === "command" ? [command.id] : []));
    expect(asked.length).toBeGreaterThan(5);
    const sources = (await readdir("renderer", { recursive: true })).filter((name) => /\.tsx?$/.test(name));
    const text = (await Promise.all(sources.map((name) => readFile(join("renderer", name), "utf8")))).join();
    expect(asked.filter((id) => !text.includes(`"${id}"`))).toEqual([]);
  });
});

describe("crashes", () => {
  it("loads a crashed page again, three times a minute", async () => {
    const { standIn, clock } = await startTestDesktop();
    const { webContents } = standIn.window();
    const crash = (reason: string): boolean =>
      webContents.emit("render-process-gone", {}, { reason, exitCode: 1 });
    crash("clean-exit");
    expect(webContents.reloads).toBe(0);
    for (let i = 0; i < 4; i++) crash("oom");
    expect(webContents.reloads).toBe(3);
    expect(standIn.errorBoxes[0]).toContain("keeps crashing");
    clock.now += 61_000;
    crash("crashed");
    expect(webContents.reloads).toBe(4);
  });

  it("R001 restarts once after an error that nobody caught, with transfers paused", async () => {
    const { standIn, app, process, log } = await startTestDesktop();
    process.emit("uncaughtException", new Error("bug"));
    process.emit("uncaughtException", new Error("another"));
    await vi.waitFor(() => expect(standIn.app.exits).toEqual([1]));
    expect(app.closes).toBe(1);
    expect(standIn.app.relaunches).toEqual([{ args: ["app", "--after-crash"] }]);
    expect(log.filter((line) => line.includes("nobody caught"))).toHaveLength(2);

    const again = await startTestDesktop({ argv: ["--after-crash"] });
    again.app.closing = () => Promise.reject(new Error("disk full"));
    again.process.emit("uncaughtException", new Error("bug"));
    await vi.waitFor(() => expect(again.standIn.app.exits).toEqual([1]));
    expect(again.standIn.app.relaunches).toEqual([]);
  });

  it("notes promises and helper processes that failed, and goes on", async () => {
    const { standIn, process, log } = await startTestDesktop();
    process.emit("unhandledRejection", new Error("lost"));
    standIn.app.emit("child-process-gone", {}, { type: "GPU", reason: "crashed" });
    expect(log).toHaveLength(2);
    expect(standIn.app.hasQuit).toBe(false);
  });
});

describe("--smoke", () => {
  it("prints what it found when the page has greeted the engine", async () => {
    const { standIn, send, printed } = await startTestDesktop({
      argv: ["--smoke"],
      options: { deadlines: { smokeMs: 5_000 } },
    });
    expect(standIn.window().visible).toBe(false);
    send({ t: "call", id: 3, method: "app.hello", params: {} });
    await vi.waitFor(() => expect(standIn.app.exits).toEqual([0]));
    expect(JSON.parse(printed[0] ?? "")).toMatchObject({ ok: true, hello: true, checks: { database: "ok" } });
  });

  it("fails where no page comes, and where nothing can start", async () => {
    const silent = await startTestDesktop({ argv: ["--smoke"] });
    await vi.waitFor(() => expect(silent.standIn.app.exits).toEqual([1]));
    expect(JSON.parse(silent.printed[0] ?? "")).toMatchObject({ ok: false, hello: false });
    const broken = await startTestDesktop({
      argv: ["--smoke"],
      options: { createApp: () => Promise.reject(new Error("no disk")) },
    });
    expect(broken.standIn.app.exits).toEqual([1]);
    expect(JSON.parse(broken.printed[0] ?? "")).toEqual({ ok: false, error: "no disk" });
  });
});
