// What the desktop does around the window: notices, taskbar, tray, the end of the queue, links, updates, the window's place.
import { EventEmitter } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { Updater } from "../../electron/desktop/updates.ts";
import { deskRun } from "../support/desk-app.ts";
import { type Given, startTestDesktop } from "../support/desktop.ts";
import { PreventableEvent } from "../support/electron-stand-in/app.ts";
import { testFolder } from "../support/test-folder.ts";

const total = { bytes: 25, total: 100, bytesPerSecond: 2 * 1024 * 1024, secondsLeft: 3 };

describe("notices", () => {
  it("tell of a run that ended, and lead to it", async () => {
    const { standIn, app } = await startTestDesktop();
    const run = deskRun();
    app.news.tell("run.changed", run);
    app.news.tell("run.changed", { ...run, state: "succeeded", finishedAt: 61_000 });
    await vi.waitFor(() => expect(standIn.notifications).toHaveLength(1), 3_000);
    const [notice] = standIn.notifications;
    expect(notice?.shown).toBe(true);
    expect(notice?.options).toEqual({ title: "Transfer done", body: "A → B: 2 images in 1 min" });
    standIn.window().hide();
    notice?.emit("click");
    expect(standIn.window().visible).toBe(true);
    expect(app.commands).toEqual([{ kind: "run", runId: run.id }]);
  });

  it("are one for runs that fail together, and none while the window has the focus", async () => {
    const { standIn, app } = await startTestDesktop();
    const [one, two, three] = [deskRun(), deskRun(), deskRun()];
    for (const run of [one, two]) {
      app.news.tell("run.changed", run);
      app.news.tell("run.changed", { ...run, state: "failed", finishedAt: 61_000 });
    }
    await vi.waitFor(() => expect(standIn.notifications).toHaveLength(1), 3_000);
    expect(standIn.notifications[0]?.options.title).toBe("2 transfers failed");
    standIn.window().focused = true;
    app.news.tell("run.changed", three);
    app.news.tell("run.changed", { ...three, state: "failed", finishedAt: 61_000 });
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(standIn.notifications).toHaveLength(1);
  });
});

describe("taskbar", () => {
  it("shows progress and how many transfers are under way, and clears both", async () => {
    const { standIn, app } = await startTestDesktop();
    const run = deskRun();
    app.news.tell("run.changed", run);
    await vi.waitFor(() => expect(standIn.window().bars.at(-1)).toEqual([2, "indeterminate"]));
    app.news.total(total);
    await vi.waitFor(() => expect(standIn.window().bars.at(-1)).toEqual([0.25, "normal"]));
    app.news.tell("run.changed", { ...run, state: "paused", stateReason: "user" });
    await vi.waitFor(() => expect(standIn.window().bars.at(-1)).toEqual([0.25, "paused"]));
    app.news.tell("run.changed", { ...run, state: "cancelled" });
    await vi.waitFor(() => expect(standIn.window().bars.at(-1)).toEqual([-1, "none"]));
    expect(standIn.app.badges).toEqual([1, 0]);
  });

  it("does not set again what is shown", async () => {
    const { standIn, app } = await startTestDesktop();
    app.news.tell("run.changed", deskRun());
    app.news.total(total);
    await vi.waitFor(() => expect(standIn.window().bars.at(-1)).toEqual([0.25, "normal"]));
    const before = standIn.window().bars.length;
    for (let i = 0; i < 20; i++) app.news.total({ ...total, bytes: 25 + i / 1000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(standIn.window().bars).toHaveLength(before);
  });
});

describe("tray", () => {
  it("is there while transfers go on without a window, and pauses them all", async () => {
    const { standIn, app } = await startTestDesktop();
    const run = deskRun();
    app.news.tell("run.changed", run);
    app.news.total(total);
    app.run(1);
    expect(standIn.trays).toEqual([]);
    standIn.answers.push(1);
    standIn.app.quit();
    await vi.waitFor(() => expect(standIn.trays).toHaveLength(1));
    const [tray] = standIn.trays;
    expect(tray?.toolTip).toBe("Freightliner: 1 transfer, 25 %, 2.0 MiB/s");
    expect(tray?.menu.map(({ label }) => label)).toContain("A → B (runs)");
    expect(() => tray?.choose("Resume all")).toThrow("nobody can choose");
    tray?.choose("Pause all");
    await vi.waitFor(() => expect(app.news.asked).toEqual(["runs.pauseAll"]));
    tray?.choose("A → B (runs)");
    expect(standIn.window().visible).toBe(true);
    expect(app.commands).toEqual([{ kind: "run", runId: run.id }]);
    expect(tray?.destroyed).toBe(true);
  });

  it("keeps the program when the window is closed, where the person wants that", async () => {
    const { standIn, app } = await startTestDesktop();
    app.news.set("closeToTray", true);
    await vi.waitFor(() => expect(standIn.trays).toHaveLength(1));
    const window = standIn.window();
    window.close();
    expect(window.closed).toBe(false);
    expect(window.visible).toBe(false);
    standIn.trays[0]?.emit("click");
    expect(window.visible).toBe(true);
    app.news.set("closeToTray", false);
    await vi.waitFor(() => expect(standIn.trays[0]?.destroyed).toBe(true));
    window.close();
    await vi.waitFor(() => expect(standIn.app.hasQuit).toBe(true));
  });

  it("quits from its menu", async () => {
    const { standIn, app } = await startTestDesktop();
    app.news.set("closeToTray", true);
    await vi.waitFor(() => expect(standIn.trays).toHaveLength(1));
    standIn.trays[0]?.choose("Quit");
    await vi.waitFor(() => expect(standIn.app.hasQuit).toBe(true));
    expect(app.closes).toBe(1);
  });
});

describe("keeping awake", () => {
  it("can be switched off", async () => {
    const { standIn, app } = await startTestDesktop();
    app.run(1);
    expect(standIn.blockers.size).toBe(1);
    app.news.set("keepAwake", false);
    await vi.waitFor(() => expect(standIn.blockers.size).toBe(0));
    app.news.set("keepAwake", true);
    await vi.waitFor(() => expect(standIn.blockers.size).toBe(1));
  });
});

describe("the end of the queue", () => {
  it.each(["nothing", "notify", "quit"])("does %s", async (what) => {
    const { standIn, app } = await startTestDesktop();
    app.news.set("afterQueue", what);
    app.news.set("notifications", { succeeded: false, failed: false, signInNeeded: false });
    const run = deskRun();
    app.news.tell("run.changed", run);
    app.news.tell("run.changed", { ...run, state: "succeeded", finishedAt: 61_000 });
    if (what === "quit") await vi.waitFor(() => expect(standIn.app.hasQuit).toBe(true));
    else await new Promise((resolve) => setTimeout(resolve, 50));
    const titles = standIn.notifications.map(({ options }) => options.title);
    expect(titles).toEqual(what === "notify" ? ["All transfers have ended"] : []);
    expect(standIn.app.hasQuit).toBe(what === "quit");
  });

  it("quits without a question, once the engine has let go of the last run", async () => {
    const { standIn, app } = await startTestDesktop();
    app.news.set("afterQueue", "quit");
    app.run(1);
    const run = deskRun();
    app.news.tell("run.changed", run);
    app.news.tell("run.changed", { ...run, state: "succeeded", finishedAt: 61_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([standIn.app.hasQuit, standIn.messages]).toEqual([false, []]);
    app.run(0);
    await vi.waitFor(() => expect(standIn.app.hasQuit).toBe(true));
    expect(standIn.messages).toEqual([]);
  });

  it("is not reached by cancelling", async () => {
    const { standIn, app } = await startTestDesktop();
    app.news.set("afterQueue", "quit");
    const run = deskRun();
    app.news.tell("run.changed", run);
    app.news.tell("run.changed", { ...run, state: "cancelled", stateReason: "user", finishedAt: 61_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(standIn.app.hasQuit).toBe(false);
  });

  it("is not reached while something is paused", async () => {
    const { standIn, app } = await startTestDesktop();
    app.news.set("afterQueue", "quit");
    const [one, two] = [deskRun(), deskRun()];
    app.news.tell("run.changed", one);
    app.news.tell("run.changed", two);
    app.news.tell("run.changed", { ...two, state: "paused", stateReason: "user" });
    app.news.tell("run.changed", { ...one, state: "succeeded", finishedAt: 61_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(standIn.app.hasQuit).toBe(false);
  });
});

describe("deep links", () => {
  const link = "freightliner://copy?from=a%2Fapp%3Av1&to=b%2Fapp";
  const parsed = { from: "a/app:v1", to: "b/app" };

  it("of the command line wait for the window", async () => {
    const { app } = await startTestDesktop({ argv: [link] });
    expect(app.desk?.takeLinks()).toEqual([parsed]);
    expect(app.desk?.takeLinks()).toEqual([]);
  });

  it("of a second start and of the operating system are told, and show the window", async () => {
    const { standIn, app } = await startTestDesktop();
    standIn.window().hide();
    standIn.app.emit("second-instance", new PreventableEvent(), ["freightliner", link]);
    expect(standIn.window().visible).toBe(true);
    const event = new PreventableEvent();
    standIn.app.emit("open-url", event, "freightliner:copy?to=y&from=x%2Fz");
    expect(event.defaultPrevented).toBe(true);
    expect(app.linksWaiting).toEqual([1, 2]);
    expect(app.desk?.takeLinks()).toEqual([parsed, { from: "x/z", to: "y" }]);
    expect(standIn.messages).toEqual([]);
  });

  it.each([
    "freightliner://start?from=a&to=b",
    "freightliner://copy?from=a",
    "freightliner://copy?from=%E0%A4%A&to=b",
    `freightliner://copy?from=${"a".repeat(2000)}&to=b`,
    "freightliner://evil@copy?from=a&to=b",
  ])("that cannot be read are refused in words: %s", async (text) => {
    const { standIn, app } = await startTestDesktop();
    standIn.app.emit("second-instance", new PreventableEvent(), ["freightliner", text]);
    expect(app.desk?.takeLinks()).toEqual([]);
    await vi.waitFor(() => expect(standIn.messages).toHaveLength(1));
    expect(standIn.messages[0]?.detail).toContain("is not a link of Freightliner");
  });

  it("that cannot be read are told in one box at a time: after it the latest of those that came meanwhile", async () => {
    const { standIn } = await startTestDesktop();
    const refused = (name: string): void => {
      standIn.app.emit("open-url", new PreventableEvent(), `freightliner://${name}`);
    };
    const closed = Promise.withResolvers<number>();
    standIn.answers.push(closed.promise);
    for (const name of ["one", "two", "three"]) refused(name);
    await vi.waitFor(() => expect(standIn.messages).toHaveLength(1));
    refused("four");
    closed.resolve(0);
    await vi.waitFor(() => expect(standIn.messages).toHaveLength(2));
    expect(standIn.messages[1]?.detail).toContain("freightliner://four");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(standIn.messages).toHaveLength(2);
    refused("five");
    await vi.waitFor(() => expect(standIn.messages).toHaveLength(3));
  });

  it("are registered by a package only", async () => {
    const packed = await startTestDesktop({
      prepare: ({ app }) => {
        app.isPackaged = true;
      },
    });
    expect(packed.standIn.app.schemes).toEqual(["freightliner"]);
    expect((await startTestDesktop()).standIn.app.schemes).toEqual([]);
  });

  it("do not pile up", async () => {
    const { standIn, app } = await startTestDesktop();
    for (let i = 0; i < 100; i++)
      standIn.app.emit("second-instance", new PreventableEvent(), [`freightliner://copy?from=a${i}&to=b`]);
    expect(app.desk?.takeLinks()).toHaveLength(20);
  });
});

class FakeUpdater extends EventEmitter implements Updater {
  autoDownload = false;
  autoInstallOnAppQuit = true;
  checks = 0;
  installs = 0;
  newest: string | undefined = "9.0.0";
  async checkForUpdates(): Promise<void> {
    this.checks++;
    if (this.newest === undefined) this.emit("update-not-available");
    else this.emit("update-available", { version: this.newest, releaseNotes: "<p>Faster</p><p>Safer</p>" });
  }
  quitAndInstall(): void {
    this.installs++;
  }
}

describe("updates", () => {
  const withUpdater = async (given: Given = {}) => {
    const updater = new FakeUpdater();
    const started = await startTestDesktop({
      ...given,
      options: { loadUpdater: async () => updater, ...given.options },
    });
    await vi.waitFor(() => expect(updater.checks).toBe(1));
    const updates = started.app.desk?.updates;
    if (updates === undefined) throw new Error("the shell handed no desk over");
    return { ...started, updater, updates };
  };

  it("are looked for at the start, downloaded, and told", async () => {
    const { updater, updates, app } = await withUpdater();
    expect(updater).toMatchObject({ autoDownload: true, autoInstallOnAppQuit: false });
    expect(updates.get()).toMatchObject({ state: "downloading", version: "9.0.0", notes: "Faster\nSafer" });
    updater.emit("download-progress", { percent: 41.7 });
    updater.emit("update-downloaded", { version: "9.0.0" });
    expect(app.updates.map(({ state, percent }) => [state, percent])).toEqual([
      ["checking", null],
      ["downloading", 0],
      ["downloading", 41],
      ["ready", null],
    ]);
  });

  it("wait for running transfers, then replace the program", async () => {
    const { updater, updates, app } = await withUpdater();
    await expect(updates.install(false)).rejects.toMatchObject({ code: "unsupported" });
    updater.emit("update-downloaded", { version: "9.0.0" });
    app.run(2);
    await updates.install(false);
    expect(updates.get()).toMatchObject({
      state: "waiting",
      text: "It is installed as soon as no transfer runs.",
    });
    app.run(1);
    expect(updater.installs).toBe(0);
    expect(app.closes).toBe(0);
    app.run(0);
    await vi.waitFor(() => expect(updater.installs).toBe(1));
    expect(app.closes).toBe(1);
  });

  it("pause running transfers where the person does not want to wait", async () => {
    const { updater, updates, app } = await withUpdater();
    updater.emit("update-downloaded", { version: "9.0.0" });
    app.run(1);
    await updates.install(false);
    await updates.install(true);
    expect(app.closes).toBe(1);
    expect(updater.installs).toBe(1);
  });

  it("are not installed while the program quits: pausing what runs is not its end", async () => {
    const { standIn, updater, updates, app } = await withUpdater();
    updater.emit("update-downloaded", { version: "9.0.0" });
    app.run(1);
    await updates.install(false);
    const paused = Promise.withResolvers<void>();
    app.closing = () => {
      app.run(0);
      return paused.promise;
    };
    standIn.answers.push(0);
    standIn.app.quit();
    await vi.waitFor(() => expect(app.closes).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    paused.resolve();
    await vi.waitFor(() => expect(standIn.app.hasQuit).toBe(true));
    expect(updater.installs).toBe(0);
  });

  it("are installed when what was kept running without a window has ended", async () => {
    const { standIn, updater, updates, app } = await withUpdater();
    updater.emit("update-downloaded", { version: "9.0.0" });
    app.run(1);
    await updates.install(false);
    standIn.answers.push(1);
    standIn.app.quit();
    await vi.waitFor(() => expect(standIn.window().visible).toBe(false));
    app.run(0);
    await vi.waitFor(() => expect(updater.installs).toBe(1));
    expect(app.closes).toBe(1);
  });

  it("leave no window without an engine behind where installing fails", async () => {
    const { standIn, updater, updates } = await withUpdater();
    updater.emit("update-downloaded", { version: "9.0.0" });
    updater.quitAndInstall = () => {
      updater.emit("error", new Error("no rights"));
    };
    await updates.install(true);
    await vi.waitFor(() => expect(standIn.app.hasQuit).toBe(true));
  });

  it("say why looking for them failed, and that a program without a place for them has none", async () => {
    const { updater, updates } = await withUpdater();
    updater.emit("error", new Error("net::ERR_NAME_NOT_RESOLVED"));
    expect(updates.get()).toMatchObject({ state: "failed", text: "net::ERR_NAME_NOT_RESOLVED" });
    updater.newest = undefined;
    expect(await updates.check(AbortSignal.timeout(1000))).toMatchObject({ state: "idle", version: null });
    const plain = await startTestDesktop();
    expect(plain.app.desk?.updates.get()).toMatchObject({ state: "unsupported" });
  });

  it("are not looked for where the person does not want that", async () => {
    const updater = new FakeUpdater();
    const { app } = await startTestDesktop({
      options: { loadUpdater: async () => updater },
      before: ({ news }) => {
        news.settings.checkForUpdates = false;
      },
    });
    expect(app.desk?.updates.get().state).toBe("idle");
    expect(updater.checks).toBe(0);
  });
});

describe("the window's place", () => {
  const place = { x: 30, y: 40, width: 1000, height: 700, maximized: true };
  const homeWith = async (state: unknown): Promise<string> => {
    const home = await testFolder("desktop");
    await mkdir(join(home, "desktop"));
    await writeFile(
      join(home, "desktop", "window.json"),
      typeof state === "string" ? state : JSON.stringify(state),
    );
    return home;
  };

  it("is where it was last time", async () => {
    const { standIn } = await startTestDesktop({ home: await homeWith(place) });
    const window = standIn.window();
    expect(window.options).toMatchObject({ x: 30, y: 40, width: 1000, height: 700 });
    await vi.waitFor(() => expect(window.maximized).toBe(true));
  });

  it("is not shown before its page, however large", async () => {
    const { standIn } = await startTestDesktop({ home: await homeWith(place), argv: ["--smoke"] });
    expect(standIn.window().maximized).toBe(false);
  });

  it.each([{ ...place, x: 4000 }, { ...place, y: -900 }, { ...place, width: 3 }, "{", { x: 1 }])(
    "is the default where %j would be out of sight or unreadable",
    async (state) => {
      const { standIn } = await startTestDesktop({ home: await homeWith(state) });
      expect(standIn.window().options).toMatchObject({ width: 1280, height: 860 });
      expect(standIn.window().options.x).toBeUndefined();
    },
  );

  it("is kept when it is moved and when it closes", async () => {
    const { standIn, home } = await startTestDesktop();
    const window = standIn.window();
    window.bounds = { x: 7, y: 8, width: 900, height: 600 };
    window.emit("move");
    const file = join(home, "desktop", "window.json");
    await vi.waitFor(
      async () => expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ x: 7 }),
      2_000,
    );
    window.maximized = true;
    window.close();
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
      x: 7,
      y: 8,
      width: 900,
      height: 600,
      maximized: true,
    });
  });
});
