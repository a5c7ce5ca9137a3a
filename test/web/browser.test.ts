// Finding a browser and watching its window, with a script in the browser's place.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { findBrowser, openWindow, realSurroundings, windowArguments } from "../../electron/web/browser.ts";
import { windowIsGone } from "../../electron/web/leave.ts";
import { testFolder } from "../support/test-folder.ts";

const base = { preferred: undefined, userHome: "/home/u" };

describe("findBrowser", () => {
  it("looks at the usual places of each platform", () => {
    const only = (wanted: string) => ({ exists: (file: string) => file === wanted });
    const linux = "/snap/bin/chromium";
    expect(findBrowser({ ...base, platform: "linux", ...only(linux) })).toBe(linux);
    const mac = "/home/u/Applications/Chromium.app/Contents/MacOS/Chromium";
    expect(findBrowser({ ...base, platform: "darwin", ...only(mac) })).toBe(mac);
    const windows = "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe";
    expect(findBrowser({ ...base, platform: "win32", ...only(windows) })).toBe(windows);
    expect(findBrowser({ ...base, platform: "linux", ...only("nowhere") })).toBeUndefined();
  });

  it("takes the one that the user named", () => {
    expect(findBrowser({ ...realSurroundings("/my/browser"), exists: () => false })).toBe("/my/browser");
  });
});

describe("windowArguments", () => {
  const given = {
    browser: "/usr/bin/chromium",
    url: "http://x/#t=1",
    home: "/data",
    userHome: "/home/u",
    asRoot: false,
  };
  it("gives the window a profile of its own and keeps the sandbox", () => {
    const args = windowArguments(given);
    expect(args).toContain("--app=http://x/#t=1");
    expect(args).toContain("--user-data-dir=/data/browser");
    expect(args.join(" ")).not.toMatch(/no-sandbox|remote-debugging/);
    expect(windowArguments({ ...given, asRoot: true })).toContain("--no-sandbox");
  });

  it("keeps out of hidden folders for a browser from a snap", () => {
    const args = windowArguments({ ...given, browser: "/snap/bin/chromium" });
    expect(args).toContain("--user-data-dir=/home/u/snap/chromium/common/freightliner");
  });
});

async function script(body: string): Promise<{ browser: string; home: string }> {
  const home = await testFolder("browser");
  const browser = join(home, "browser.sh");
  await writeFile(browser, `#!/bin/sh\n${body}\n`);
  await chmod(browser, 0o755);
  return { browser, home };
}

describe("openWindow", () => {
  const common = { url: "http://x/#t=1", userHome: "/home/u", asRoot: false };

  it("tells how the browser ended", async () => {
    const { browser, home } = await script(`echo "$@" > "$(dirname "$0")/args"`);
    const end = await openWindow({ ...common, browser, home }).ended;
    expect(end).toMatchObject({ failed: false, reason: "code 0" });
    expect(await readFile(join(home, "args"), "utf8")).toContain("--app=http://x/#t=1");
    const broken = await script("exit 3");
    expect(await openWindow({ ...common, ...broken }).ended).toMatchObject({
      failed: true,
      reason: "code 3",
    });
    const missing = await openWindow({ ...common, browser: "/nowhere/browser", home }).ended;
    expect(missing.failed).toBe(true);
    expect(missing.reason).toContain("ENOENT");
  });

  it("can be closed, also where it does not want to, and when it is gone already", async () => {
    const window = openWindow({ ...common, ...(await script("exec sleep 60")) });
    await window.close();
    expect(await window.ended).toMatchObject({ failed: false, reason: "signal SIGINT" });
    await window.close();
    const stubborn = await script('trap "" INT; touch "$0.started"; while :; do sleep 1; done');
    const stays = openWindow({ ...common, ...stubborn });
    await vi.waitFor(() => readFile(`${stubborn.browser}.started`), 5_000);
    await stays.close();
    expect(await stays.ended).toMatchObject({ failed: false, reason: "signal SIGKILL" });
  });

  it("is not reached by Ctrl+C at our terminal, which asks the whole group", async () => {
    const { browser, home } = await script('echo $$ $(ps -o pgid= -p $$) > "$(dirname "$0")/group"');
    await openWindow({ ...common, browser, home }).ended;
    expect(await readFile(join(home, "group"), "utf8")).toMatch(/^(\d+) \1\n$/);
  });
});

describe("a host that ends without closing its window", () => {
  it("takes the window with it at a second Ctrl+C", async () => {
    const { browser, home } = await script(
      `trap 'touch "$0.gone"; exit' INT; touch "$0.started"; for at in $(seq 300); do sleep 0.05; done`,
    );
    const module = (name: string): string =>
      JSON.stringify(new URL(`../../electron/web/${name}`, import.meta.url).href);
    const options = JSON.stringify({ browser, home, url: "http://x/", userHome: home, asRoot: false });
    // As the host does, whose pausing takes longer than its person wants to wait.
    const host = spawn(process.execPath, [
      "--input-type=module",
      "--eval",
      `import { openWindow } from ${module("browser.ts")};
       import { stopBySignal } from ${module("stop-by-signal.ts")};
       stopBySignal(process).addEventListener("abort", () => process.stdout.write("stopping"));
       openWindow(${options});`,
    ]);
    const ended = once(host, "exit");
    await vi.waitFor(() => readFile(`${browser}.started`), 10_000);
    host.kill("SIGINT");
    await once(host.stdout, "data");
    host.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    await vi.waitFor(() => readFile(`${browser}.gone`), 5_000);
  }, 20_000);
});

describe("windowIsGone", () => {
  const rules = { lookMs: 5, graceMs: 40, handOverMs: 60 };

  it("waits while something runs or a page is still there, and through a reload", async () => {
    let idle = false;
    const gone = vi.fn();
    const done = windowIsGone({ handedOver: false, idle: () => idle, connected: () => true }, rules).then(
      gone,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(gone).not.toHaveBeenCalled();
    idle = true;
    await new Promise((resolve) => setTimeout(resolve, 15));
    idle = false;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(gone).not.toHaveBeenCalled();
    idle = true;
    await done;
  });

  it("waits for the page where another browser took the window over, but not for ever", async () => {
    const started = performance.now();
    await windowIsGone({ handedOver: true, idle: () => true, connected: () => false }, rules);
    expect(performance.now() - started).toBeGreaterThanOrEqual(95);
  });
});
