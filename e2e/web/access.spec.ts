// Access for everybody: axe finds nothing on any screen nor over it, in any colours, and nothing moves where less motion is asked for.
import { expect, type Locator, type Page, test } from "@playwright/test";
import { tempFolder } from "../../test/support/temp.ts";
import { expectNoFindings, motions, unreachable } from "./axe-everywhere.ts";
import { expectNoComplaints, openPage, startHost } from "./stage.ts";
import { left, openRepository, planOf, right, rowOf, transfers } from "./window.ts";

/** What lies over the screen, when `open` has opened it; judged alone, then closed. */
async function over(page: Page, what: string, open: () => Promise<void>): Promise<void> {
  await open();
  const top = page.locator("[role=dialog], [role=menu]").filter({ visible: true }).last();
  await expect(top, what).toBeVisible();
  await top.evaluate((element) => element.setAttribute("data-judged", ""));
  await expectNoFindings(page, what, "[data-judged]");
  await page.keyboard.press("Escape");
  await expect(page.locator("[data-judged]")).toHaveCount(0);
}

/** Each tab of the open drawer. */
async function tabsOf(page: Page, what: string): Promise<void> {
  const drawer = page.getByRole("dialog");
  const tabs = drawer.getByRole("tab");
  await expect(tabs.first()).toBeVisible();
  for (const tab of await tabs.all()) {
    await tab.click();
    await expect(tab).toHaveAttribute("aria-selected", "true");
    await expectNoFindings(page, `${what}, ${await tab.innerText()}`, "[role=dialog]");
  }
  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);
}

test("axe finds nothing on any screen nor over it, and nothing moves", async ({ browser }) => {
  // Two minutes alone on the machine.
  test.setTimeout(420_000);
  const home = await tempFolder("access-journey");
  const host = await startHost(home.path);
  const { page, complaints } = await openPage(browser, host.url);
  await page.emulateMedia({ reducedMotion: "reduce" });
  const button = (name: string | RegExp): Locator =>
    page.getByRole("button", { name, exact: typeof name === "string" }).first();
  const go = (screen: number): Promise<void> => page.keyboard.press(`ControlOrMeta+${screen}`);
  const whole = async (what: string): Promise<void> => {
    await expectNoFindings(page, what);
    expect.soft(await motions(page), `${what} moves`).toEqual([]);
  };

  await button("Start sample registries").waitFor();
  await whole("first start");
  await over(page, "import", () => button("Import…").click());
  await button("Start sample registries").click();
  await rowOf(left(page), "shop").waitFor();
  await openRepository(left(page), "platform", "base");
  await openRepository(right(page), "platform", "base");
  await right(page).getByText("Different").first().waitFor();
  await page.getByRole("switch", { name: "Compare" }).click();
  await whole("transfer, compared");

  const tag = left(page).getByRole("grid", { name: "Tags" }).getByRole("row").nth(1);
  const filters = (): Promise<void> => left(page).getByRole("button", { name: "Add filter" }).click();
  await over(page, "filters", filters);
  for (const kind of ["Latest", "Platform"])
    await over(page, `filter ${kind}`, async () => {
      await filters();
      await page.getByRole("menuitem", { name: kind, exact: true }).click();
      await page.getByRole("dialog", { name: kind }).waitFor();
    });
  await over(page, "columns", () => left(page).getByRole("button", { name: "Order and columns" }).click());
  await over(page, "registries to choose", () => button(/Choose the left registry/).click());
  await tag.click();
  await over(page, "context menu", () => tag.press("Shift+F10"));
  await over(page, "copy to", () => tag.press("Shift+F5"));
  await over(page, "delete", () => tag.press("Delete"));
  await tag.press("F3");
  await tabsOf(page, "inspect");
  await tag.press("Shift+F3");
  await tabsOf(page, "compare");

  const plan = planOf(page);
  await rowOf(left(page), "shop").click();
  await page.keyboard.press("F5");
  await expect(plan.getByRole("button", { name: /^Start: move/ })).toBeEnabled();
  await plan.getByRole("switch", { name: /^Mirror/ }).click();
  await expect(plan.getByRole("textbox", { name: "Share at most" })).toBeVisible();
  await expect(plan.locator("[aria-busy=true]")).toHaveCount(0);
  await expectNoFindings(page, "plan, mirrored", "[role=dialog]");
  await plan.getByRole("switch", { name: /^Mirror/ }).click();
  await over(page, "save as a job", async () => {
    await plan.getByRole("button", { name: "Save as job…" }).click();
    await page.getByRole("dialog", { name: "Save as a job" }).waitFor();
  });
  await expect(plan.getByRole("button", { name: /^Start: move/ })).toBeEnabled();
  await plan.getByRole("button", { name: /^Start/ }).click();
  await expect(plan).toHaveCount(0);

  await go(2);
  const runs = transfers(page).getByRole("treegrid");
  await runs.getByRole("row").nth(1).focus();
  await page.keyboard.press("ArrowRight");
  await expect(runs.getByRole("row", { level: 2 }).first()).toBeVisible();
  await whole("transfers, unfolded");
  await over(page, "limits", () => button(/^Limits/).click());
  await transfers(page).getByRole("tab", { name: /^Done/ }).click();
  await expect(runs.getByRole("row").nth(1)).toContainText("15 of 15", { timeout: 90_000 });
  await over(page, "menu of a transfer", () => runs.getByRole("row").nth(1).press("Shift+F10"));

  await go(3);
  await whole("jobs");
  await go(4);
  await whole("history");
  await over(page, "report", async () => {
    await page.getByRole("grid").getByRole("row").nth(1).press("Enter");
    await page.getByRole("dialog").getByRole("option").first().click();
  });
  await go(5);
  await page.getByRole("row", { name: "Sample production", exact: true }).click();
  await whole("registries");
  await over(page, "menu of a registry", () => button(/^Actions for/).click());
  await over(page, "add a registry, refused", async () => {
    await button("Add registry…").click();
    await page.getByRole("textbox", { name: "Address" }).fill("127.0.0.1:1");
    await page.getByRole("dialog").getByRole("button", { name: "Check", exact: true }).click();
    await expect(page.getByText("The check did not pass.")).toBeVisible();
  });
  await go(6);
  await whole("settings");
  for (const [what, keys] of [
    ["palette", "ControlOrMeta+k"],
    ["log", "ControlOrMeta+j"],
    ["messages", "ControlOrMeta+Shift+m"],
  ] as const)
    await over(page, what, () => page.keyboard.press(keys));
  await over(page, "shortcuts", () => button(/^Keyboard shortcuts/).click());

  // The smallest window, and the usual one enlarged to 200 %.
  for (const [width, height] of [
    [1024, 700],
    [640, 400],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const screen of [1, 2, 3, 4, 5, 6]) {
      await go(screen);
      expect.soft(await unreachable(page, "nav, main"), `screen ${screen}, ${width}×${height}`).toEqual([]);
    }
    await go(1);
    await rowOf(left(page), "All repositories").focus();
    await page.keyboard.press("F5");
    await expect(plan.getByRole("button", { name: /^Start: move/ })).toBeEnabled();
    expect.soft(await unreachable(page, "[role=dialog]"), `plan, ${width}×${height}`).toEqual([]);
    await page.keyboard.press("Escape");
    await expect(plan).toHaveCount(0);
  }

  await expectNoComplaints(complaints);
  await page.context().close();
  await host.stop();
  await home.remove();
});
