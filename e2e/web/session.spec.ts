// Who is let in at the web host: a link's browser with its tabs and reloads, not a cookie alone, and nobody after a new start.
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { hostBundle } from "../../test/support/built-host.ts";
import { type RunningProcess, startProcess } from "../../test/support/processes.ts";
import { type TempFolder, tempFolder } from "../../test/support/temp.ts";
import { expectNoComplaints, openPage } from "./stage.ts";

test.describe("a session of the web host", () => {
  let home: TempFolder;
  let host: RunningProcess;

  const start = async (port: string): Promise<URL> => {
    host = startProcess({ home: home.path, args: ["--port", port], script: hostBundle });
    const [url] = await host.waitFor(/http:\/\/\S+#t=\S+/);
    return new URL(url);
  };
  const isIn = (page: Page): Promise<void> => page.getByRole("navigation", { name: "Screens" }).waitFor();
  const isOut = (page: Page): Promise<void> => page.getByText("This page is not signed in").waitFor();
  const tab = async (context: BrowserContext, url: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(url);
    return page;
  };

  test.beforeAll(async () => {
    home = await tempFolder("session");
  });
  test.afterAll(async () => {
    await host.stop();
    await home.remove();
  });

  test("holds in each tab and after a reload, needs more than its cookie, and ends with the host", async ({
    browser,
  }) => {
    const url = await start("0");
    const { page, complaints } = await openPage(browser, url.href);
    await isIn(page);
    expect(page.url()).toBe(`${url.origin}/`);
    await page.reload();
    await isIn(page);
    const context = page.context();
    await isIn(await tab(context, url.origin));
    // A link that was used, opened again in its browser and in another.
    await isIn(await tab(context, url.href));
    const other = await openPage(browser, url.href);
    await isOut(other.page);

    // All that another server of this machine gets to see.
    const cookies = await context.cookies();
    expect(cookies).toHaveLength(1);
    const thief = await browser.newContext();
    await thief.addCookies(cookies.map((cookie) => ({ ...cookie, secure: true })));
    await isOut(await tab(thief, url.origin));
    await expectNoComplaints(complaints);

    await host.stop();
    await page.getByText("The connection to Freightliner is lost.").first().waitFor();
    const again = await start(url.port);
    expect(again.origin).toBe(url.origin);
    await isOut(page);
    await page.goto(again.href);
    await isIn(page);
    for (const one of [context, other.page.context(), thief]) await one.close();
  });
});
