// The Transfers screen on a real queue: pause, order, limits that change the real speed, hosts, failures, search and clearing.
import { rename } from "node:fs/promises";
import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import type { Run } from "../../shared/run.ts";
import { type BuiltHost, startBuiltHost } from "../../test/support/built-host.ts";
import { enterHost } from "../../test/support/enter-host.ts";
import { type BuiltImage, blobsOf, buildImage, pushImage } from "../../test/support/image-builder.ts";
import { type RealRegistry, startRealRegistry } from "../../test/support/real-registry.ts";
import { blobFile } from "../../test/support/registry-files.ts";
import { type SlowProxy, startSlowProxy } from "../../test/support/slow-proxy.ts";
import { type TempFolder, tempFolder } from "../../test/support/temp.ts";
import { type Complaints, expectNoComplaints, openPage, picture } from "./stage.ts";
import { expectAccessible } from "./window.ts";

const mebi = 1024 * 1024;
const full = 2 * mebi;

/** The page shares the session of the client that prepares the queue. */
async function openSignedIn(
  browser: Browser,
  host: BuiltHost,
): Promise<{ page: Page; complaints: Complaints }> {
  const opened = await openPage(browser, "about:blank");
  await enterHost(opened.page.context(), host);
  await opened.page.goto(host.origin);
  return opened;
}

test.describe
  .serial("the transfers", () => {
    let source: RealRegistry;
    let destination: RealRegistry;
    let proxy: SlowProxy;
    /** Before the destination: counts what really leaves, which no buffer of the source's connections blurs. */
    let gate: SlowProxy;
    let home: TempFolder;
    let host: BuiltHost;
    let page: Page;
    let complaints: Complaints;
    let broken: BuiltImage;
    let ends: { sourceId: string; destinationId: string };

    test.beforeAll(async ({ browser }: { browser: Browser }) => {
      [source, destination, home] = await Promise.all([
        startRealRegistry(),
        startRealRegistry(),
        tempFolder("transfers"),
      ]);
      // The first is large enough to run, and be cancelled, however slow the machine is in between.
      for (const name of ["a", "b", "c", "d"])
        for (const tag of ["v1", "v2"])
          await pushImage(
            source,
            await buildImage({ seed: `${name}${tag}`, layerSize: name === "a" ? 64 * mebi : mebi }),
            `team/${name}`,
            tag,
          );
      broken = await buildImage({ seed: "broken", layerSize: 300_000 });
      await pushImage(source, broken, "team/broken", "v1");
      proxy = await startSlowProxy({ port: source.port, bytesPerSecond: full });
      gate = await startSlowProxy({ port: destination.port });
      host = await startBuiltHost(home.path);
      ends = {
        sourceId: await add("Staging", proxy.host),
        destinationId: await add("Production", gate.host),
      };
      await host.client.call("limits.set", { parallelRuns: 1, bandwidth: null, timetable: [] });
      for (const name of ["a", "b", "c", "d"]) await start(`team/${name}`);
      ({ page, complaints } = await openSignedIn(browser, host));
      await page.getByRole("navigation").getByText("Transfers", { exact: true }).click();
    });
    test.afterAll(async () => {
      await page.context().close();
      await host.stop();
      await Promise.all([proxy.close(), gate.close()]);
      await Promise.all([source.stop(), destination.stop(), home.remove()]);
    });

    const add = async (name: string, address: string): Promise<string> => {
      const settings = { kind: "registry", host: address, plainHttp: "always" } as const;
      return (await host.client.call("endpoints.add", { name, settings })).id;
    };
    /** Plans both tags of a repository and starts them. */
    const start = async (repository: string): Promise<string> => {
      const { id } = await host.client.call("runs.plan", {
        ...ends,
        selection: [{ kind: "repositories", names: [repository], tags: {} }],
      });
      await expect
        .poll(async () => (await host.client.call("runs.get", { runId: id })).state)
        .toBe("planned");
      await host.client.call("runs.start", { runId: id });
      return id;
    };
    const runs = async (...states: Run["state"][]): Promise<readonly Run[]> =>
      (await host.client.call("runs.list", { states })).runs;
    const screen = (): Locator => page.getByRole("region", { name: "Transfers" });
    const row = (name: string): Locator => screen().getByRole("row").filter({ hasText: name }).first();
    const tab = (name: RegExp): Locator => screen().getByRole("tab", { name });
    /** The queue as it is shown. */
    const queue = async (): Promise<readonly string[]> =>
      (await screen().getByRole("row").filter({ hasText: "Queued" }).allInnerTexts()).map(
        (text) => /team\/(\w)/.exec(text)?.[1] ?? "",
      );
    /** Bytes that really pass in a second, measured over some. */
    const speed = async (seconds: number): Promise<number> => {
      const before = gate.bytesUp;
      await page.waitForTimeout(seconds * 1000);
      return (gate.bytesUp - before) / seconds;
    };

    test("shows what runs and what waits, down to its blobs, by keyboard alone", async () => {
      await expect(tab(/^Active/)).toContainText("4");
      await expect(row("team/a")).toContainText("Running");
      await expect.poll(queue).toEqual(["b", "c", "d"]);
      await row("team/a").focus();
      await page.keyboard.press("ArrowRight");
      const image = screen().getByRole("row", { name: /team\/a:v1/ });
      await expect(image).toContainText("Running");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowRight");
      const blob = screen().getByRole("row", { name: /layer/ }).first();
      await expect(blob).toContainText("Moving");
      await expect(blob).toContainText("/s");
      await picture(page, "60-transfers");
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("ArrowLeft");
      await expect(image).toHaveCount(0);
    });

    test("shows each host with its lanes and its speed", async () => {
      const hosts = page.getByRole("region", { name: "Hosts" });
      const card = hosts.getByRole("listitem").filter({ hasText: proxy.host });
      await expect(card.getByRole("img", { name: /[1-9]\d* of \d+ in use .* at most/ })).toBeVisible();
      await expect(card).toContainText("MiB/s");
      await card.getByRole("button", { name: /^Limits/ }).click();
      const most = page.getByRole("slider", { name: "Most at once" });
      await most.focus();
      await most.press("Home");
      await expect(card.getByRole("img", { name: /at most 1$/ })).toBeVisible();
      const hostNow = async () =>
        (await host.client.call("hosts.list", {})).hosts.find((one) => one.host === proxy.host);
      expect((await hostNow())?.most).toBe(1);
      await most.press("PageUp");
      await expect.poll(async () => (await hostNow())?.most).toBeGreaterThan(4);
      await page.keyboard.press("Escape");
    });

    test("moves queued transfers by keyboard and by drag, and says where they went", async () => {
      await row("team/d").click();
      await page.keyboard.press("Alt+ArrowUp");
      await expect.poll(queue).toEqual(["b", "d", "c"]);
      await expect(page.getByText("place 2 of 3 in the queue")).toBeAttached();
      // The focus went along.
      await page.keyboard.press("Control+ArrowUp");
      await expect.poll(queue).toEqual(["d", "b", "c"]);
      await row("team/c").dragTo(row("team/d"), { targetPosition: { x: 120, y: 4 } });
      await expect.poll(queue).toEqual(["c", "d", "b"]);
      await row("team/c").dragTo(row("team/b"), { targetPosition: { x: 120, y: 24 } });
      await expect.poll(queue).toEqual(["d", "b", "c"]);
      const order = (await runs("queued")).toSorted((a, b) => a.position - b.position);
      expect(order.map(({ spec }) => JSON.stringify(spec.selection)).join()).toMatch(
        /team\/d.*team\/b.*team\/c/,
      );
    });

    test("changes the real speed with the sliders of a transfer and of all", async () => {
      await row("team/a").click();
      const own = page
        .getByRole("region", { name: "Chosen transfer" })
        .getByRole("slider", { name: "Bandwidth" });
      await own.focus();
      await own.press("Home");
      await expect.poll(async () => (await runs("running"))[0]?.spec.options.bandwidth).toBe(64 * 1024);
      // What is on its way in buffers still arrives.
      await page.waitForTimeout(1500);
      expect(await speed(3)).toBeLessThan(0.3 * mebi);
      await own.press("End");
      await expect.poll(async () => (await runs("running"))[0]?.spec.options.bandwidth).toBe(null);
      await expect.poll(() => speed(1)).toBeGreaterThan(0.6 * mebi);
      await page.getByRole("button", { name: /^Limits: No limit/ }).click();
      await page.getByRole("switch", { name: "Limit bandwidth" }).click();
      const all = page.getByRole("dialog").getByRole("slider", { name: "Bandwidth" });
      await all.focus();
      await all.press("Home");
      await expect(page.getByRole("button", { name: /^Limits: 64.* KiB/ })).toBeAttached();
      await page.waitForTimeout(1500);
      expect(await speed(3)).toBeLessThan(0.3 * mebi);
      await picture(page, "61-limits");
      await page.keyboard.press("Escape");
    });

    test("pauses and resumes with Space, one and several", async () => {
      await row("team/a").click();
      await page.keyboard.press("Space");
      await expect(row("team/a")).toContainText("Paused", { timeout: 20_000 });
      await host.client.call("limits.set", { parallelRuns: 1, bandwidth: null, timetable: [] });
      // The next of the queue took its place; pausing all of them holds everything.
      await row("team/b").click();
      await page.keyboard.press("Control+a");
      await page
        .getByRole("region", { name: "Chosen transfer" })
        .getByRole("button", { name: "Pause" })
        .click();
      await expect.poll(async () => (await runs("queued", "running")).length, { timeout: 20_000 }).toBe(0);
      await screen().getByRole("button", { name: "Resume all" }).click();
      await expect.poll(async () => (await runs("queued", "running")).length).toBeGreaterThan(0);
    });

    test("cancels within a second and finishes the others", async () => {
      await row("team/a").click();
      const cancelled = Date.now();
      await page.keyboard.press("Delete");
      await expect.poll(async () => (await runs("cancelled")).length, { intervals: [50] }).toBe(1);
      expect(Date.now() - cancelled).toBeLessThan(1000);
      proxy.setSpeed(0);
      await expect(tab(/^Done/)).toContainText("4", { timeout: 60_000 });
      await tab(/^Done/).click();
      await expect(row("team/a")).toContainText("Cancelled");
      await expect(row("team/b")).toContainText("2 of 2");
      await row("team/b").click();
      await expect(page.getByRole("region", { name: "Chosen transfer" })).toContainText("Moved");
    });

    test("says what failed with its details, and finishes it after Retry failed", async () => {
      const layer = blobFile(source, blobsOf(broken).toSorted((a, b) => b.size - a.size)[0]?.digest ?? "");
      await rename(layer, `${layer}.away`);
      await start("team/broken");
      await tab(/^Failed/).click();
      await expect(row("team/broken")).toContainText("1 of 1 image failed");
      await row("team/broken").focus();
      await page.keyboard.press("ArrowRight");
      const image = screen().getByRole("row", { name: /team\/broken:v1/ });
      await image.getByRole("button", { name: "Details…" }).click();
      const dialog = page.getByRole("dialog", { name: "What went wrong" });
      await expect(dialog).toContainText("Operation");
      await dialog.getByRole("button", { name: "Copy details" }).click();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      expect(copied).toMatch(/Code: [a-z-]+\nSide: source\nOperation: /);
      await picture(page, "62-what-went-wrong");
      await expectAccessible(page, "what went wrong");
      await rename(`${layer}.away`, layer);
      await dialog.getByRole("button", { name: "Retry failed" }).click();
      await expect(tab(/^Failed/)).not.toContainText("1");
      await tab(/^Done/).click();
      await expect(row("team/broken")).toContainText("Done");
    });

    test("finds transfers and images by name", async () => {
      await page.getByRole("searchbox", { name: /^Find/ }).fill("broken");
      await expect(screen().getByRole("row").filter({ hasText: "team/b:" })).toHaveCount(0);
      await expect(row("team/broken")).toBeVisible();
      await page.getByRole("searchbox", { name: /^Find/ }).fill("nowhere");
      await expect(screen().getByText("Nothing found")).toBeVisible();
      await page.keyboard.press("Escape");
      await expect(row("team/c")).toBeVisible();
    });

    test("opens the report of one that is done with Enter", async () => {
      await row("team/c").focus();
      await page.keyboard.press("Enter");
      const report = page.getByRole("dialog", { name: "Staging → Production" });
      await expect(report).toContainText("team/c");
      await page.keyboard.press("Escape");
      await expect(report).toHaveCount(0);
    });

    test("has nothing that axe calls serious, in light, dark and forced colours", async () => {
      for (const media of [
        { colorScheme: "light", forcedColors: "none" },
        { colorScheme: "dark", forcedColors: "none" },
        { colorScheme: "light", forcedColors: "active" },
      ] as const) {
        await page.emulateMedia(media);
        await tab(/^All/).click();
        await expectAccessible(page, `transfers, ${media.colorScheme}, ${media.forcedColors}`);
        await picture(page, `63-transfers-${media.colorScheme}-${media.forcedColors}`);
      }
      await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
    });

    test("removes only what is not taken back", async () => {
      await tab(/^Done/).click();
      await row("team/a").click();
      await page.keyboard.press("Delete");
      await expect(row("team/a")).toHaveCount(0);
      await page.getByRole("button", { name: "Undo" }).click();
      await expect(row("team/a")).toBeVisible();
      await screen().getByRole("button", { name: "Clear finished" }).click();
      await expect(screen().getByText("Nothing finished yet")).toBeVisible();
      expect((await runs("succeeded", "cancelled")).length).toBe(5);
      // Its toast goes: from now on nothing can be taken back.
      await page.locator('[aria-label="Dismiss"]').first().click();
      await expect.poll(async () => (await runs("succeeded", "cancelled")).length).toBe(0);
      await expectNoComplaints(complaints);
    });
  });
