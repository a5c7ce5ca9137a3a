// The web host in a real browser: cookies on plain loopback, reload, the content policy, attacks from other origins.
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { openWindow } from "../../electron/web/browser.ts";
import { chromiumPath, launchChromium } from "../support/chromium.ts";
import { testFolder } from "../support/test-folder.ts";
import { ask, openSocket, startTestHost, type TestHost } from "../support/web-host.ts";

let browser: Browser;
let test: TestHost;
let foreign: Server;
let foreignPort: number;
let page: Page;

beforeAll(async () => {
  test = await startTestHost();
  browser = await launchChromium([`--host-resolver-rules=MAP evil.test 127.0.0.1`]);
  foreign = createServer((_request, response) =>
    response.setHeader("content-type", "text/html").end("<p>foreign</p>"),
  );
  await new Promise<void>((resolve) => foreign.listen(0, "127.0.0.1", resolve));
  foreignPort = (foreign.address() as AddressInfo).port;
});
afterAll(async () => {
  await browser.close();
  foreign.close();
  await test.close();
});
beforeEach(async () => {
  page = await (await browser.newContext()).newPage();
});

/** Signs the page's origin in, as the renderer does. */
async function signIn(url: string): Promise<number> {
  await page.goto(url);
  return page.evaluate(async () => {
    const token = location.hash.slice("#t=".length);
    history.replaceState(null, "", "/");
    const headers = { "content-type": "application/json" };
    const answer = await fetch("/session", { method: "POST", headers, body: JSON.stringify({ token }) });
    localStorage.setItem("key", ((await answer.json()) as { key: string }).key);
    return answer.status;
  });
}

/** Opens our socket from whatever page is shown, with the key that this origin keeps; "open" or "refused". */
function trySocket(address: string): Promise<string> {
  return page.evaluate(
    (url) =>
      new Promise<string>((resolve) => {
        const key = localStorage.getItem("key");
        const socket = new WebSocket(url, key === null ? [] : ["freightliner", `key.${key}`]);
        socket.onopen = () => resolve("open");
        socket.onerror = () => resolve("refused");
      }),
    address,
  );
}

function asksForSession(): Promise<unknown> {
  return page.evaluate(async () => {
    const key = localStorage.getItem("key");
    return (await fetch("/session", { headers: key === null ? {} : { "X-Freightliner-Key": key } })).json();
  });
}

describe("the window of its own", () => {
  it("leaves nothing in the system's temporary folder when the host closes it", async () => {
    const [home, temporary] = [await testFolder("window"), await testFolder("window-temporary")];
    const browser = join(home, "chromium.sh");
    const line = `TMPDIR=${temporary} exec ${chromiumPath} --headless --disable-gpu "$@"`;
    await writeFile(browser, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
    const asRoot = process.getuid?.() === 0;
    const url = test.host.newLaunchUrl("isolated");
    const window = openWindow({ browser, url, home, userHome: home, asRoot });
    await vi.waitFor(async () => expect(await readdir(temporary)).not.toEqual([]), 20_000);
    await vi.waitFor(async () => expect(await readdir(join(home, "browser"))).toContain("Default"), 20_000);
    await window.close();
    expect(await window.ended).toMatchObject({ failed: false });
    expect(await readdir(temporary)).toEqual([]);
  });
});

describe("in Chromium", () => {
  it.each(["loopback", "isolated"] as const)(
    "signs in at the %s name; a reload keeps the session",
    async (name) => {
      expect(await signIn(test.host.newLaunchUrl(name))).toBe(200);
      const { host } = new URL(page.url());
      expect(await trySocket(`ws://${host}/ws`)).toBe("open");
      await page.reload();
      expect(await asksForSession()).toMatchObject({ signedIn: true });
      expect(await trySocket(`ws://${host}/ws`)).toBe("open");
      expect(await page.evaluate(() => document.cookie)).toBe("");
      const [cookie] = await page.context().cookies();
      expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: "Strict" });
      const second = await page.context().newPage();
      await second.goto(page.url());
      page = second;
      expect(await asksForSession()).toMatchObject({ signedIn: true });
      expect(await trySocket(`ws://${host}/ws`)).toBe("open");
    },
  );

  it("gives another server of this machine the cookie, which does nothing there", async () => {
    expect(await signIn(test.host.newLaunchUrl())).toBe(200);
    const { pathname } = new URL(page.url());
    const visited = once(foreign, "request");
    await page.goto(`http://127.0.0.1:${foreignPort}${pathname}`);
    const [request] = (await visited) as [IncomingMessage];
    const cookie = request.headers.cookie ?? "";
    // That is how browsers are; without it this test would show nothing.
    expect(cookie).toContain(`__Host-freightliner-${test.host.port}=`);
    expect(JSON.stringify(request.rawHeaders)).not.toContain("key");
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    const { port } = test.host;
    expect(await openSocket(port, { headers: { Origin: test.host.origin, Cookie: cookie } })).toBe(401);
    const told = await ask(port, { path: "/session", headers: { Cookie: cookie } });
    expect(told.json()).toEqual({ signedIn: false });
  });

  it("runs the page's own script and no other", async () => {
    const violations: string[] = [];
    page.on("console", (message) => violations.push(message.text()));
    await page.goto(test.host.origin);
    await page.waitForFunction("window.loaded === true");
    expect(violations).toEqual([]);
    const addScript = page.evaluate(() => {
      document.createElement("script").setAttribute("src", "/x.js");
    });
    await expect(addScript).rejects.toThrow("requires 'TrustedScriptURL'");
    await page.evaluate(() => {
      new Image().src = "http://evil.test/pixel.png";
    });
    await expect.poll(() => violations.join("\n")).toContain("Content Security Policy");
  });

  it("lets no page of another port or site read, write or listen, even with our cookie", async () => {
    expect(await signIn(test.host.newLaunchUrl())).toBe(200);
    const served = test.app.pipes.length;
    for (const host of ["127.0.0.1", "localhost", "evil.test"]) {
      await page.goto(`http://${host}:${foreignPort}/`);
      const tried = await page.evaluate(async (origin) => {
        const outcome = (init?: RequestInit) =>
          fetch(`${origin}/session`, { credentials: "include", ...init }).then(
            () => "read",
            () => "refused",
          );
        const json = { "content-type": "application/json" };
        return [
          await outcome(),
          await outcome({ method: "POST", body: "{}" }),
          await outcome({ method: "POST", body: "{}", headers: json }),
        ];
      }, test.host.origin);
      expect(tried, host).toEqual(["refused", "refused", "refused"]);
      expect(await trySocket(`ws://${test.authority}/ws`), host).toBe("refused");
    }
    expect(test.app.pipes).toHaveLength(served);
  });

  it("answers 421 to a rebound name", async () => {
    const answer = await page.goto(`http://evil.test:${test.host.port}/`);
    expect(answer?.status()).toBe(421);
  });
});
