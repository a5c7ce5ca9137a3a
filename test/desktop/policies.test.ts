// The shell's decisions as plain functions: addresses, senders, links, options, menu, power.
import { afterEach, describe, expect, it } from "vitest";
import { readRendererFiles } from "../../electron/app/renderer-files.ts";
import { isAppPage, serveRenderer } from "../../electron/desktop/app-protocol.ts";
import { externalAddress, openExternally } from "../../electron/desktop/external-links.ts";
import { isTrusted } from "../../electron/desktop/ipc-transport.ts";
import { readLaunchOptions } from "../../electron/desktop/launch-options.ts";
import { menuTemplate } from "../../electron/desktop/menu.ts";
import { keepAwake } from "../../electron/desktop/power.ts";
import { mayLoad } from "../../electron/desktop/security.ts";
import { webPreferences } from "../../electron/desktop/window.ts";
import { createStandIn } from "../support/electron-stand-in/stand-in.ts";
import { topFrame } from "../support/electron-stand-in/window.ts";
import { rendererFolder } from "../support/web-host.ts";

describe("web preferences", () => {
  it("are frozen and keep the sandbox", () => {
    expect(Object.isFrozen(webPreferences)).toBe(true);
    expect(webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
    });
  });
});

describe("S015 app://bundle", () => {
  const serve = async () => {
    await using folder = await rendererFolder();
    return serveRenderer(await readRendererFiles(folder.path));
  };

  it("serves exact names with the security headers", async () => {
    const handle = await serve();
    const page = handle(new Request("app://bundle/"));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("<!doctype html>");
    const script = handle(new Request("app://bundle/assets/index-Abcd1234.js"));
    expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(script.headers.get("cache-control")).toContain("immutable");
    for (const answer of [page, script, handle(new Request("app://bundle/none"))]) {
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    }
    const head = handle(new Request("app://bundle/", { method: "HEAD" }));
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
  });

  it.each([
    "app://other/",
    "app://bundle/index.html/x",
    "app://bundle/%2e%2e%2findex.html",
    "app://bundle//index.html",
    "app://bundle/assets%5cindex-Abcd1234.js",
    "app://bundle/C:/index.html",
    "app://bundle:80/",
    "http://bundle/",
  ])("knows nothing at %s", async (address) => {
    const handle = await serve();
    expect(handle(new Request(address)).status).toBe(404);
  });

  it("only reads", async () => {
    const handle = await serve();
    expect(handle(new Request("app://bundle/", { method: "POST", body: "x" })).status).toBe(404);
  });

  it("is the only page", () => {
    expect(isAppPage("app://bundle/")).toBe(true);
    expect(isAppPage("app://bundle/index.html#x")).toBe(true);
    for (const other of [
      "app://bundle.evil/",
      "app://bundle/assets/x.js",
      "https://bundle/",
      "file:///etc/passwd",
      "",
      "app:bundle",
    ]) {
      expect(isAppPage(other), other).toBe(false);
    }
  });
});

describe("mayLoad", () => {
  it("lets nothing out of the bundle", () => {
    expect(mayLoad("app://bundle/x", { developing: false })).toBe(true);
    expect(mayLoad("data:image/svg+xml,x", { developing: false })).toBe(true);
    for (const address of [
      "https://a.test/",
      "http://127.0.0.1/",
      "ws://a.test",
      "file:///etc/passwd",
      "app://x/",
      "devtools://x",
      "nonsense",
    ]) {
      expect(mayLoad(address, { developing: false }), address).toBe(false);
    }
    expect(mayLoad("devtools://devtools/bundled/x", { developing: true })).toBe(true);
  });
});

describe("isTrusted", () => {
  it("takes the top frame of our page in that window and nobody else", () => {
    expect(isTrusted({ senderFrame: topFrame, sender: { id: 1 } }, 1)).toBe(true);
    const others = [
      null,
      { ...topFrame, detached: true },
      { ...topFrame, parent: topFrame },
      { ...topFrame, origin: "null" },
      { ...topFrame, origin: "app://bundle.evil" },
      { ...topFrame, origin: "" },
    ];
    for (const senderFrame of others) {
      expect(isTrusted({ senderFrame, sender: { id: 1 } }, 1)).toBe(false);
    }
    expect(isTrusted({ senderFrame: topFrame, sender: { id: 2 } }, 1)).toBe(false);
  });
});

describe("external links", () => {
  it("are https without a user, of sensible length", () => {
    expect(externalAddress("https://a.test/x")?.href).toBe("https://a.test/x");
    for (const address of [
      "http://a.test",
      "file:///x",
      "smb://x",
      "ms-msdt:x",
      "javascript:alert(1)",
      "https://u:p@a.test",
      "nonsense",
      `https://a.test/${"x".repeat(3_000)}`,
    ]) {
      expect(externalAddress(address), address).toBeUndefined();
    }
  });

  it("are opened only after the host was shown and confirmed", async () => {
    const { electron, answers, opened, messages } = createStandIn();
    answers.push(1, 0);
    await openExternally("https://a.test/x", electron);
    expect(opened).toEqual([]);
    expect(messages[0]?.message).toContain("a.test");
    await openExternally("https://a.test/x", electron);
    await openExternally("file:///etc/passwd", electron);
    expect(opened).toEqual(["https://a.test/x"]);
    expect(messages).toHaveLength(2);
  });
});

describe("readLaunchOptions", () => {
  it("finds its own switches among Chromium's", () => {
    const argv = ["electron", "--no-sandbox", "/app", "--home", "/data", "--smoke"];
    expect(readLaunchOptions(argv)).toEqual({ home: "/data", smoke: true, afterCrash: false });
    expect(readLaunchOptions(["x", "--home=/d", "--after-crash"])).toEqual({
      home: "/d",
      smoke: false,
      afterCrash: true,
    });
    expect(readLaunchOptions(["x", "--home", "--smoke"]).home).toBeUndefined();
    expect(readLaunchOptions(["x", "--home="]).home).toBeUndefined();
  });
});

describe("menuTemplate", () => {
  const options = { openLogs: () => {}, openData: () => {}, checkForUpdates: () => {}, command: () => {} };
  it("has developer tools only where asked, and the platform's own places for quit and about", () => {
    const plain = JSON.stringify(menuTemplate({ ...options, platform: "linux", devTools: false }));
    expect(plain).not.toContain("toggleDevTools");
    expect(plain).toContain('"role":"quit"');
    const mac = JSON.stringify(menuTemplate({ ...options, platform: "darwin", devTools: true }));
    expect(mac).toContain("toggleDevTools");
    expect(mac).toContain("appMenu");
    expect(mac).not.toContain('"role":"quit"');
  });
});

describe("keepAwake", () => {
  const standIn = createStandIn();
  afterEach(() => standIn.blockers.clear());
  it("holds one blocker while anything runs", async () => {
    await standIn.app.becomeReady();
    const onActivity = keepAwake(standIn.electron.powerSaveBlocker);
    onActivity(0);
    expect(standIn.blockers.size).toBe(0);
    onActivity(1);
    onActivity(3);
    expect(standIn.blockers.size).toBe(1);
    onActivity(0);
    onActivity(0);
    expect(standIn.blockers.size).toBe(0);
    onActivity(1);
    expect(standIn.blockers.size).toBe(1);
  });
});
