// Pictures of transfers in each of their states, of jobs, of the history with its reports, and of a lost connection.
import { expect, type Locator, type Page, test } from "@playwright/test";
import { runToEnd, until } from "./history-stage.ts";
import {
  go,
  inBothThemes,
  inEveryLook,
  leave,
  onlyWherePicturesAre,
  over,
  picture,
  rest,
} from "./visual-shots.ts";
import { startVisualStage, type VisualStage } from "./visual-stage.ts";
import { choose, left, openRepository, right, rowOf } from "./window.ts";

// A picture is its own evidence; recording each step besides takes its time.
test.use({ trace: "off", screenshot: "off" });
onlyWherePicturesAre();

let stage: VisualStage;
let page: Page;

const dialog = (): Locator => page.getByRole("dialog");
const region = (name: string): Locator => page.getByRole("region", { name, exact: true });
const transfers = (): Locator => region("Transfers");

/** What lies over the screen, from its opening to its closing. */
async function take(name: string, open: () => Promise<void>): Promise<void> {
  await open();
  await expect(over(page)).toBeVisible();
  await rest(page);
  await inBothThemes(page, name, over(page));
  await leave(page);
}

test.describe
  .serial("pictures of what was copied", () => {
    test.beforeAll(async ({ browser }) => {
      stage = await startVisualStage(browser);
      ({ page } = stage);
    });
    test.afterAll(() => stage.close());

    const ends = (): { readonly sourceId: string; readonly destinationId: string } => ({
      sourceId: stage.ids.staging,
      destinationId: stage.ids.production,
    });

    test("what is empty", async () => {
      for (const name of ["Transfers", "Jobs", "History"]) {
        await go(page, name);
        await inEveryLook(page, `${name.toLowerCase()}-empty`);
      }
    });

    test("transfers under way, and when their host is away", async () => {
      const { client } = stage;
      await runToEnd(client, {
        ...ends(),
        selection: [{ kind: "repositories", names: ["platform/base"], tags: {} }],
      });
      await runToEnd(client, {
        ...ends(),
        selection: ["v1.0.0", "not-there"].map((reference) => ({
          kind: "image" as const,
          repository: "platform/gateway",
          reference,
        })),
      });
      stage.proxy.setSpeed(150_000);
      for (const name of ["data/etl/loader", "shop/api"]) {
        const planned = await client.call("runs.plan", {
          ...ends(),
          // Without the tag of the same image: which of the two brings the bytes is of the moment.
          selection: [{ kind: "repositories", names: [name], tags: { exclude: ["v1.1.0"] } }],
        });
        await until(client, planned.id, ({ state }) => state === "planned");
        await client.call("runs.start", { runId: planned.id });
      }
      await go(page, "Transfers");
      const run = transfers().getByRole("row").filter({ hasText: "data/etl/loader" }).first();
      const image = transfers().getByRole("row", { name: /data\/etl\/loader:latest/ });
      await run.focus();
      await page.keyboard.press("ArrowRight");
      await expect(image).toContainText("Running");
      await image.focus();
      await page.keyboard.press("ArrowRight");
      await expect(transfers().getByRole("row", { name: /layer/ }).first()).toBeVisible();
      // Its speeds come with the first second in which bytes moved.
      await expect(page.getByText("No bytes moved in this time.")).toHaveCount(0);
      await rest(page);
      await inEveryLook(page, "transfers-active");
      await run.focus();
      await take("transfer-run-menu", () => page.keyboard.press("Shift+F10"));
      await take("limits-of-all", () =>
        page
          .getByRole("button", { name: /^Limits: / })
          .first()
          .click(),
      );
      await take("limits-of-a-host", () =>
        region("Hosts")
          .getByRole("button", { name: /^Limits/ })
          .first()
          .click(),
      );
      await go(page, "Transfer");
      await choose(page, "left", "Staging");
      await choose(page, "right", "Production");
      await openRepository(right(page), "shop", "web");
      await right(page).getByRole("button", { name: "Refresh" }).first().click();
      await expect(rowOf(right(page), "All repositories")).toContainText("6");
      await expect(right(page).getByText("Different").first()).toBeVisible();
      await rest(page);
      await inEveryLook(page, "transfer-busy");
      await go(page, "Transfers");
      stage.proxy.refuse(true);
      stage.proxy.cut();
      await expect(run).toContainText("Waiting");
      await inEveryLook(page, "transfers-waiting");
      stage.proxy.refuse(false);
      stage.proxy.setSpeed(0);
    });

    test("transfers that failed or are done", async () => {
      await transfers().getByRole("tab", { name: /^Done/ }).click();
      await expect(transfers().getByRole("tab", { name: /^Done/ })).toContainText("3", { timeout: 90_000 });
      // One that nothing delayed: how often another was tried again is of the moment.
      await transfers().getByRole("row").filter({ hasText: "platform/base" }).first().click();
      await rest(page);
      await inEveryLook(page, "transfers-done");
      await transfers()
        .getByRole("tab", { name: /^Failed/ })
        .click();
      const failed = transfers().getByRole("row").filter({ hasText: "platform/gateway" }).first();
      await failed.focus();
      await page.keyboard.press("ArrowRight");
      const details = transfers().getByRole("button", { name: "Details…" }).first();
      await expect(details).toBeVisible();
      await rest(page);
      await inEveryLook(page, "transfers-failed");
      await take("what-went-wrong", () => details.click());
      const search = page.getByRole("searchbox", { name: /^Find/ });
      await search.fill("nowhere");
      await expect(transfers().getByText("Nothing found")).toBeVisible();
      await inEveryLook(page, "transfers-nothing-found", { of: transfers() });
      await search.fill("");
    });

    test("jobs", async () => {
      const { client } = stage;
      await client.call("jobs.save", {
        name: "Shop every night",
        spec: {
          ...ends(),
          selection: [
            { kind: "repositories", names: ["shop/web"], tags: { latest: { count: 5, by: "created" } } },
          ],
        },
        schedule: { cron: "0 2 * * *", timeZone: "Europe/Vienna" },
      });
      await client.call("jobs.save", {
        name: "Base images by hand",
        spec: { ...ends(), selection: [{ kind: "repositories", names: ["platform/base"], tags: {} }] },
      });
      await go(page, "Jobs");
      const row = region("Jobs")
        .getByRole("grid")
        .getByRole("row")
        .filter({ hasText: "every night" })
        .first();
      await row.getByRole("gridcell").nth(1).click();
      await rest(page);
      await inEveryLook(page, "jobs");
      const more = (): Promise<void> => row.getByRole("button", { name: /^More about/ }).click();
      await take("job-menu", more);
      for (const [name, item] of [
        ["job-schedule", "Schedule…"],
        ["job-rename", "Rename…"],
      ] as const)
        await take(name, async () => {
          await more();
          await page.getByRole("menuitem", { name: item }).click();
          await expect(dialog()).toBeVisible();
        });
      await take("import-jobs", async () => {
        await page.getByRole("button", { name: "Import…" }).click();
        await dialog().getByLabel("Sync file").fill("version: 1\njobs: 7\n");
        await expect(dialog().getByText("Line 2, column 7")).toBeVisible();
      });
    });

    test("the history, and a report", async () => {
      await go(page, "History");
      const grid = region("History").getByRole("grid");
      const partly = grid.getByRole("row").filter({ hasText: "Partly" }).first();
      await grid.getByRole("row").nth(1).click();
      await rest(page);
      await inEveryLook(page, "history");
      await take("history-menu", async () => {
        await grid.getByRole("row").nth(1).focus();
        await page.keyboard.press("Shift+F10");
      });
      await take("what-changed", async () => {
        await grid.getByRole("row").filter({ hasText: "platform/base" }).first().click({ button: "right" });
        await page.getByRole("menuitem", { name: "What changed since…" }).click();
        await expect(dialog().getByRole("row", { name: /platform\/base/ })).toContainText("3");
      });
      await take("clear-history", () => page.getByRole("button", { name: "Clear…" }).click());
      await partly.press("Enter");
      await dialog().getByRole("option").first().click();
      await rest(page);
      await inEveryLook(page, "report", { of: dialog() });
      await take("export-menu", () => dialog().getByRole("button", { name: "Export" }).click());
      await leave(page);
      const search = page.getByRole("searchbox", { name: "Repository, tag or registry" });
      await search.fill("nowhere");
      await expect(page.getByText("No transfer matches the filter")).toBeVisible();
      await inEveryLook(page, "history-no-match", { of: region("History") });
      await page.getByRole("button", { name: "Show all transfers" }).click();
    });

    test("a transfer that is taken off the list can be brought back", async () => {
      await region("History").getByRole("grid").getByRole("row").nth(1).press("Delete");
      await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
      // While the mouse is on it, it stays.
      const message = page.getByRole("button", { name: "Undo" }).locator("xpath=..");
      await inEveryLook(page, "history-undo", { prepare: () => message.hover({ position: { x: 2, y: 2 } }) });
      await page.getByRole("button", { name: "Undo" }).click();
    });

    test("a small window, and a lost connection", async () => {
      await page.setViewportSize({ width: 1024, height: 700 });
      await page.emulateMedia({ colorScheme: "light" });
      await go(page, "Transfers");
      await picture(page, "transfers-narrow");
      await go(page, "Transfer");
      await openRepository(left(page), "shop", "web");
      await expect(left(page).getByText("Different").first()).toBeVisible();
      await expect(left(page).getByText("MiB")).toHaveCount(4);
      await stage.host.process.kill9();
      await expect(page.getByText(/connection to Freightliner is lost/i).first()).toBeVisible();
      await rest(page);
      await inEveryLook(page, "connection-lost");
    });
  });
