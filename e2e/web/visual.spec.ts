// The screens and their main states as pictures, light and dark, in two sizes: what moved, wrapped or lost its colour is seen.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { startBuiltHost } from "../../test/support/built-host.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { runToEnd, until } from "./history-stage.ts";
import { openStillPage, startVisualStage, type VisualStage } from "./visual-stage.ts";
import { choose, left, openRepository, planOf, right, rowOf } from "./window.ts";

const looks = {
  light: { colorScheme: "light", width: 1280, height: 800 },
  dark: { colorScheme: "dark", width: 1920, height: 1080 },
  "dark-small": { colorScheme: "dark", width: 1280, height: 800 },
} as const;
type Look = keyof typeof looks;
const both: readonly Look[] = ["light", "dark"];
const stylePath = join(import.meta.dirname, "visual.css");

// A picture is its own evidence; recording each step besides takes its time.
test.use({ trace: "off", screenshot: "only-on-failure" });

let stage: VisualStage;
let page: Page;

// To make them for another platform: create its folder, then run this with --update-snapshots.
test.skip(
  !existsSync(join(import.meta.dirname, "../pictures", process.platform)),
  `There are no pictures for ${process.platform}, whose fonts draw other text.`,
);

async function shot(name: string, which: readonly Look[] = both): Promise<void> {
  for (const look of which) {
    const { colorScheme, width, height } = looks[look];
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await expect(page).toHaveScreenshot(`${name}-${look}.png`, { stylePath });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light" });
}

async function go(name: string): Promise<void> {
  await page.getByRole("navigation").getByText(name, { exact: true }).click();
  await page.mouse.move(640, 2);
}

const dialog = (name?: string | RegExp): Locator =>
  page.getByRole("dialog", name === undefined ? {} : { name });
const start = (): Locator => planOf(page).getByRole("button", { name: /^Start/ });

async function select(within: Locator, field: string | RegExp, option: string): Promise<void> {
  await within.getByRole("combobox", { name: field }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

async function leave(): Promise<void> {
  for (let open = await dialog().count(); open > 0; open = await dialog().count()) {
    await page.keyboard.press("Escape");
    await page.waitForTimeout(200);
  }
}

test.describe
  .serial("pictures of the panes and the plan", () => {
    test.beforeAll(async ({ browser }) => {
      stage = await startVisualStage(browser);
      ({ page } = stage);
    });
    test.afterAll(() => stage.close());

    test("the first start", async ({ browser }) => {
      const home = await tempFolder("first-start");
      const host = await startBuiltHost(home.path);
      const first = await openStillPage(browser, host);
      await expect(first.page.getByRole("button", { name: "Start sample registries" })).toBeVisible();
      await expect(first.page).toHaveScreenshot("first-start-light.png", { stylePath });
      await first.page.emulateMedia({ colorScheme: "dark" });
      await expect(first.page).toHaveScreenshot("first-start-dark-small.png", { stylePath });
      await first.context.close();
      await host.stop();
      await home.remove();
    });

    test("what is empty", async () => {
      await go("Transfers");
      await shot("transfers-empty", ["light"]);
      await go("Jobs");
      await shot("jobs-empty", ["dark-small"]);
      await go("History");
      await shot("history-empty", ["light"]);
    });

    test("the panes", async () => {
      await go("Transfer");
      await shot("transfer-nothing-chosen", ["light"]);
      await choose(page, "left", "Staging");
      await choose(page, "right", "Production");
      await openRepository(left(page), "shop", "web");
      await openRepository(right(page), "shop", "web");
      await expect(right(page).getByText("Different").first()).toBeVisible();
      await expect(left(page).getByText("MiB").first()).toBeVisible();
      await page.mouse.move(640, 2);
      await shot("transfer", ["light", "dark", "dark-small"]);
    });

    test("filters", async () => {
      await left(page).getByRole("button", { name: "Add filter" }).click();
      await page.getByRole("menuitem", { name: "Version range", exact: true }).click();
      await page.getByRole("textbox", { name: "Range" }).fill(">=1.2");
      await page.keyboard.press("Enter");
      await left(page).getByRole("button", { name: "Add filter" }).click();
      await page.getByRole("menuitem", { name: "Latest", exact: true }).click();
      await dialog("Latest").getByRole("textbox", { name: "How many" }).fill("1");
      await shot("transfer-filter-chips", ["light", "dark-small"]);
      await page.keyboard.press("Enter");
      await left(page).getByRole("button", { name: "Clear filters" }).click();
    });

    test("compare mode", async () => {
      await page.getByRole("switch", { name: "Compare" }).click();
      await expect(page.getByRole("region", { name: "Both panes" })).toContainText("different");
      await shot("transfer-compare");
      await page.getByRole("switch", { name: "Compare" }).click();
    });

    test("a menu and a drag under way", async () => {
      await left(page).getByRole("row", { name: "v1.3.0", exact: true }).click({ button: "right" });
      await page.keyboard.press("Escape");
      await rowOf(left(page), "platform").hover();
      await page.mouse.down();
      await page.mouse.move(700, 300, { steps: 6 });
      const target = await rowOf(right(page), "legacy").boundingBox();
      await page.mouse.move((target?.x ?? 0) + 60, (target?.y ?? 0) + 10, { steps: 6 });
      await page.waitForTimeout(400);
      await shot("transfer-drag", ["light"]);
      await page.keyboard.press("Escape");
      await page.mouse.up();
      await leave();
    });

    test("a sign-in that is missing, and a registry that is not there", async () => {
      await choose(page, "left", "Partner");
      await choose(page, "right", "Old archive");
      await expect(left(page).getByRole("button", { name: /Sign in/ })).toBeVisible();
      await expect(right(page).getByRole("button", { name: "Try again" })).toBeVisible();
      await shot("transfer-errors", ["light", "dark-small"]);
      await left(page)
        .getByRole("button", { name: /Sign in/ })
        .click();
      await shot("sign-in", ["dark-small"]);
      await leave();
      await choose(page, "left", "Staging");
      await choose(page, "right", "Production");
    });

    test("the plan", async () => {
      await rowOf(left(page), "All repositories").focus();
      await page.keyboard.press("F5");
      await expect(start()).toBeEnabled();
      await shot("plan", ["light", "dark-small"]);
      await leave();
      await rowOf(left(page), "shop").focus();
      await page.keyboard.press("F5");
      await select(planOf(page), "If a tag exists with other content", "Leave it and report a conflict");
      await select(planOf(page), "Names at the destination", "By a pattern");
      await planOf(page)
        .getByLabel(/^Pattern/)
        .fill("shop/(.*)");
      await planOf(page).getByLabel("New name").fill("mirror/$1");
      await expect(
        planOf(page)
          .getByText(/→ mirror\//)
          .first(),
      ).toBeVisible();
      await expect(start()).toBeEnabled();
      await shot("plan-mapping", ["light"]);
      await select(planOf(page), "Names at the destination", "Keep the names");
      await planOf(page)
        .getByRole("switch", { name: /^Mirror/ })
        .click();
      await planOf(page).getByRole("textbox", { name: "Share at most" }).fill("10");
      await planOf(page).getByRole("textbox", { name: "Share at most" }).press("Tab");
      await expect(planOf(page).getByRole("alert")).toBeVisible();
      await shot("plan-mirror-guard", ["dark-small"]);
      await planOf(page).getByRole("button", { name: "Save as job…" }).click();
      await select(dialog("Save as a job"), "Runs", "Every weekday (Monday to Friday)");
      await shot("save-as-job", ["light"]);
      await leave();
    });

    test("a plan that cannot be made", async () => {
      await choose(page, "right", "Old archive");
      await rowOf(left(page), "data").focus();
      await page.keyboard.press("F5");
      await expect(
        planOf(page)
          .getByRole("button", { name: /Plan again|Try again/ })
          .first(),
      ).toBeVisible({ timeout: 60_000 });
      await shot("plan-error", ["light"]);
      await leave();
      await choose(page, "right", "Production");
    });
  });

test.describe
  .serial("pictures of what was copied, of drawers and of the shell", () => {
    test.beforeAll(async ({ browser }) => {
      stage = await startVisualStage(browser);
      ({ page } = stage);
    });
    test.afterAll(() => stage.close());

    test("transfers under way, unfolded, and when their host is away", async () => {
      const { client, ids } = stage;
      const ends = { sourceId: ids.staging, destinationId: ids.production };
      await runToEnd(client, {
        ...ends,
        selection: [{ kind: "repositories", names: ["platform/base"], tags: {} }],
      });
      await runToEnd(client, {
        ...ends,
        selection: ["v1.0.0", "not-there"].map((reference) => ({
          kind: "image" as const,
          repository: "platform/gateway",
          reference,
        })),
      });
      stage.proxy.setSpeed(300_000);
      for (const name of ["data/etl/loader", "shop/api"]) {
        const planned = await client.call("runs.plan", {
          ...ends,
          selection: [{ kind: "repositories", names: [name], tags: {} }],
        });
        await until(client, planned.id, ({ state }) => state === "planned");
        await client.call("runs.start", { runId: planned.id });
      }
      await go("Transfers");
      const screen = page.getByRole("region", { name: "Transfers" });
      const run = screen.getByRole("row").filter({ hasText: "data/etl/loader" }).first();
      const image = screen.getByRole("row", { name: /data\/etl\/loader:latest/ });
      await run.focus();
      await page.keyboard.press("ArrowRight");
      await expect(image).toContainText("Running");
      await image.focus();
      await page.keyboard.press("ArrowRight");
      await expect(screen.getByRole("row", { name: /layer/ }).first()).toBeVisible();
      await shot("transfers-active");
      await go("Transfer");
      await shot("transfer-busy", ["dark-small"]);
      await go("Transfers");
      stage.proxy.refuse(true);
      stage.proxy.cut();
      await expect(run).toContainText("Waiting");
      await shot("transfers-waiting", ["light"]);
      stage.proxy.refuse(false);
      stage.proxy.setSpeed(0);
      await screen.getByRole("tab", { name: /^Failed/ }).click();
      const failed = screen.getByRole("row").filter({ hasText: "platform/gateway" }).first();
      await failed.focus();
      await page.keyboard.press("ArrowRight");
      await expect(screen.getByRole("button", { name: "Details…" }).first()).toBeVisible();
      await shot("transfers-failed", ["light", "dark-small"]);
      await screen.getByRole("button", { name: "Details…" }).first().click();
      await shot("what-went-wrong", ["light"]);
      await leave();
      await screen.getByRole("tab", { name: /^Done/ }).click();
      await expect(screen.getByRole("tab", { name: /^Done/ })).toContainText("3", { timeout: 90_000 });
      await shot("transfers-done", ["dark-small"]);
    });

    test("jobs, history and a report", async () => {
      const { client, ids } = stage;
      const ends = { sourceId: ids.staging, destinationId: ids.production };
      const everything = {
        kind: "repositories" as const,
        names: ["shop/web"],
        tags: { latest: { count: 5, by: "created" as const } },
      };
      await client.call("jobs.save", {
        name: "Shop every night",
        spec: { ...ends, selection: [everything] },
        schedule: { cron: "0 2 * * *", timeZone: "Europe/Vienna" },
      });
      await client.call("jobs.save", {
        name: "Base images by hand",
        spec: { ...ends, selection: [{ kind: "repositories", names: ["platform/base"], tags: {} }] },
      });
      await go("Jobs");
      await page
        .getByRole("region", { name: "Jobs" })
        .getByRole("grid")
        .getByRole("row")
        .nth(1)
        .getByRole("gridcell")
        .nth(1)
        .click();
      await shot("jobs");
      await go("History");
      await page.getByRole("region", { name: "History" }).getByRole("grid").getByRole("row").nth(1).click();
      await shot("history");
      await page
        .getByRole("region", { name: "History" })
        .getByRole("grid")
        .getByRole("row")
        .filter({ hasText: "Partly" })
        .first()
        .press("Enter");
      await dialog().getByRole("option").first().click();
      await shot("report", ["light", "dark-small"]);
      await leave();
    });

    test("inspect and compare", async () => {
      await go("Transfer");
      await openRepository(left(page), "shop", "web");
      await left(page).getByRole("row", { name: "latest", exact: true }).click();
      await page.keyboard.press("Enter");
      const drawer = dialog(/shop\/web:latest/);
      await drawer.getByRole("listbox", { name: "Layers" }).getByRole("option").nth(1).click();
      await shot("inspect-layers", ["light", "dark-small"]);
      for (const [tab, name, which] of [
        ["Configuration", "config", ["light"]],
        ["Attachments", "attachments", ["light"]],
      ] as const) {
        await drawer.getByRole("tab", { name: tab }).click();
        await page.waitForTimeout(700);
        await shot(`inspect-${name}`, which);
      }
      await drawer.getByRole("button", { name: "Compare…" }).click();
      const compare = dialog("Compare");
      await select(compare, "Destination tag", "v1.1.0");
      await expect(compare.getByText(/^Different: /)).toBeVisible();
      await compare.getByRole("tab", { name: "Layers" }).click();
      await shot("compare-layers", ["dark-small"]);
      await leave();
    });

    test("registries", async () => {
      await go("Registries");
      await page.getByText("Production", { exact: true }).first().click();
      await page.waitForTimeout(500);
      await shot("registries", ["light"]);
      await page.keyboard.press("ControlOrMeta+Shift+a");
      await dialog().getByRole("textbox", { name: "Address" }).fill(`127.0.0.1:${stage.proxy.port}`);
      await dialog().getByRole("button", { name: "Check", exact: true }).click();
      await expect(dialog().getByText("Passed").first()).toBeVisible();
      await page.waitForTimeout(1000);
      await dialog()
        .getByRole("textbox", { name: "Address" })
        .evaluate((field) => {
          (field as HTMLInputElement).value = "127.0.0.1:5000";
        });
      await shot("add-registry", ["light"]);
      await leave();
    });

    test("settings", async () => {
      await go("Settings");
      await shot("settings");
      for (const name of ["Notifications", "Keyboard", "Data"]) {
        await page.getByRole("navigation").last().getByText(name, { exact: true }).click();
        await shot(`settings-${name.toLowerCase()}`, ["light"]);
      }
    });

    test("palette, shortcuts, log and messages", async () => {
      await go("Transfer");
      await page.keyboard.press("ControlOrMeta+k");
      await shot("palette", ["light", "dark-small"]);
      await leave();
      await page.keyboard.press("?");
      await shot("shortcuts", ["light"]);
      await leave();
      await page.keyboard.press("ControlOrMeta+j");
      await page.waitForTimeout(500);
      await shot("log", ["dark-small"]);
      await leave();
    });

    test("forced colours and a small window", async () => {
      await page.setViewportSize({ width: 1024, height: 700 });
      await page.emulateMedia({ forcedColors: "active", colorScheme: "light" });
      await expect(page).toHaveScreenshot("transfer-forced-colours.png", { stylePath });
      await page.emulateMedia({ forcedColors: "none", colorScheme: "light" });
      await expect(page).toHaveScreenshot("transfer-narrow.png", { stylePath });
      await go("Transfers");
      await expect(page).toHaveScreenshot("transfers-narrow.png", { stylePath });
      await page.setViewportSize({ width: 1280, height: 800 });
    });

    test("the connection is lost", async () => {
      await go("Transfer");
      await stage.host.process.kill9();
      await expect(page.getByText(/connection to the engine was lost/i).first()).toBeVisible();
      await shot("connection-lost", ["light"]);
    });
  });
