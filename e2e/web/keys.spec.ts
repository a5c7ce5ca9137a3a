// Everything without a mouse: from the first start over a plan to its report, by keys alone; the focus is never lost.
import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { type TempFolder, tempFolder } from "../../test/support/temp.ts";
import { type Complaints, expectNoComplaints, openPage, type RunningHost, startHost } from "./stage.ts";
import { left, planOf, right, rowOf, transfers } from "./window.ts";

test.describe
  .serial("by keys alone", () => {
    let home: TempFolder;
    let host: RunningHost;
    let page: Page;
    let complaints: Complaints;
    /** Everything that was said aloud, in order. */
    const said = (): Promise<readonly string[]> =>
      page.evaluate(() => (globalThis as unknown as { said: string[] }).said);

    test.beforeAll(async ({ browser }: { browser: Browser }) => {
      home = await tempFolder("keys-journey");
      host = await startHost(home.path);
      ({ page, complaints } = await openPage(browser, "about:blank"));
      await page.addInitScript(() => {
        const heard: string[] = [];
        Object.assign(globalThis, { said: heard });
        new MutationObserver(() => {
          const text = document.querySelector("[data-spoken]")?.textContent ?? "";
          if (text !== "" && text !== heard.at(-1)) heard.push(text);
        }).observe(document, { subtree: true, childList: true, characterData: true });
        // A mouse is not there.
        for (const type of ["mousedown", "pointerdown"])
          window.addEventListener(type, () => heard.push(`${type}!`), true);
      });
      await page.goto(host.url);
    });
    test.afterAll(async () => {
      await page.context().close();
      await host.stop();
      await home.remove();
    });

    const press = (...keys: readonly string[]): Promise<void> =>
      keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
    const holdsFocus = (target: Locator): Promise<boolean> =>
      target.evaluate((element) => element.contains(document.activeElement)).catch(() => false);
    /** Tab until it is there: what Tab does not reach fails here. */
    async function tabTo(target: Locator, key = "Tab"): Promise<void> {
      await expect(target).toBeVisible();
      for (let steps = 0; steps < 70; steps++) {
        if (await holdsFocus(target)) return;
        await press(key);
      }
      throw new Error(`Tab does not reach ${String(target)}`);
    }
    const expectFocusKept = (): Promise<void> =>
      expect
        .poll(() => page.evaluate(() => document.activeElement !== document.body), { message: "the focus" })
        .toBe(true);
    const button = (name: string | RegExp, within: Page | Locator = page): Locator =>
      within.getByRole("button", { name, exact: typeof name === "string" }).first();
    const dialog = (name: string | RegExp): Locator => page.getByRole("dialog", { name });
    const tags = (pane: Locator): Locator => pane.getByRole("grid", { name: "Tags" });

    test("from the first start to the tags", async () => {
      await expect(button("Start sample registries")).toBeVisible();
      await press("Tab");
      await expect(button("Skip to the screen")).toBeFocused();
      await press("Enter");
      await expect(button("Start sample registries")).toBeFocused();
      await press("Enter");
      await expect(rowOf(left(page), "shop")).toBeVisible();
      // The button that had it is gone.
      await expectFocusKept();
      await tabTo(left(page).getByRole("tree", { name: "Repositories" }));
      await press("Home", "s");
      await expect(rowOf(left(page), "shop")).toBeFocused();
      await press("ArrowRight", "ArrowRight", "End", "Home", "p");
      await expect(rowOf(left(page), "platform")).toBeFocused();
      await press("ArrowRight", "ArrowRight");
      await expect(rowOf(left(page), "base")).toHaveAttribute("aria-level", "3");
      await press("Enter");
      await expect(tags(left(page))).toHaveAttribute("aria-rowcount", "5");
    });

    test("Tab goes from the rail to the panes and the transfers, F6 from part to part", async () => {
      await rowOf(left(page), "base").focus();
      const order = [
        tags(left(page)),
        button(/^Copy to the right/),
        right(page).getByRole("tree"),
        transfers(page),
      ];
      for (const place of order) await tabTo(place);
      await press("F6", "F6");
      await expect(page.getByRole("navigation", { name: "Screens" }).locator(":focus")).toHaveCount(1);
      await press("F6");
      await expect(left(page).locator(":focus")).toHaveCount(1);
      await press("F6");
      await expect(right(page).locator(":focus")).toHaveCount(1);
      await press("Shift+F6");
      await expect(left(page).locator(":focus")).toHaveCount(1);
    });

    test("filters by a chip, and every menu and editor gives the focus back", async () => {
      const add = left(page).getByRole("button", { name: "Add filter" });
      await tabTo(add);
      await press("Enter");
      await expect(page.getByRole("menu")).toBeVisible();
      await press("Escape");
      await expect(add).toBeFocused();
      await press("Enter");
      await expect(page.getByRole("menu")).toBeVisible();
      await press("p", "a", "t");
      await press("Enter");
      const editor = dialog("Patterns");
      await expect(editor.getByRole("textbox").first()).toBeFocused();
      await page.keyboard.type("v1.*");
      await press("Enter");
      await expect(editor).toHaveCount(0);
      const chip = left(page).getByRole("list", { name: "Filters" });
      await expect(chip).toContainText("v1.*");
      await expectFocusKept();
      await tabTo(chip.getByRole("button", { name: /^Remove/ }));
      await press("Enter");
      await expect(chip).toHaveCount(0);
      await expectFocusKept();
    });

    test("selects tags, plans them, changes an option, and starts", async () => {
      await tabTo(tags(left(page)).locator("[data-index][tabindex='0']"));
      await press("Home", "Shift+ArrowDown", "Shift+ArrowDown");
      await expect(left(page).getByText("3 tags · platform/base")).toBeVisible();
      await press("Shift+F10");
      await expect(page.getByRole("menuitem", { name: /Copy to other pane/ })).toBeVisible();
      await press("Escape");
      await expect(page.getByRole("menu")).toHaveCount(0);
      await expect(tags(left(page)).locator(":focus")).toHaveCount(1);
      await press("F5");
      const start = button(/^Start/, planOf(page));
      await expect(start).toBeFocused();
      await expect.poll(said).toContainEqual(expect.stringMatching(/^3 images: .* to copy, .* to move/));
      const rule = planOf(page).getByRole("combobox", { name: "If a tag exists with other content" });
      await tabTo(rule);
      await press("Enter");
      await expect(page.getByRole("listbox")).toBeVisible();
      // Escape closes the list, not the plan.
      await press("Escape");
      await expect(page.getByRole("listbox")).toHaveCount(0);
      await expect(planOf(page)).toBeVisible();
      await expect(rule).toBeFocused();
      await press("Enter", "ArrowDown", "Enter");
      await expectFocusKept();
      await expect(planOf(page).getByText("Leave it", { exact: false }).first()).toBeVisible();
      await expect(planOf(page).locator("[aria-busy=true]")).toHaveCount(0);
      await tabTo(planOf(page).getByRole("row").nth(1));
      await press("End", "Home", "Enter");
      const inspect = dialog(/^platform\/base/);
      await expect(inspect).toBeVisible();
      await press("Escape");
      await expect(inspect).toHaveCount(0);
      await expect(planOf(page)).toBeVisible();
      await press("Escape");
      await expect(planOf(page)).toHaveCount(0);
      // Back on the row that was copied from.
      await expect(tags(left(page)).locator(":focus")).toHaveCount(1);
    });

    test("copies a folder, watches it unfold, pauses, resumes, and reads its report", async () => {
      await press("F6", "Shift+F6");
      await tabTo(left(page).getByRole("tree"), "Shift+Tab");
      await press("Home", "s", "F5");
      await expect(button(/^Start/, planOf(page))).toBeFocused();
      await press("Enter");
      await expect(planOf(page)).toHaveCount(0);
      await expectFocusKept();
      await press("ControlOrMeta+2");
      await expectFocusKept();
      const tree = transfers(page).getByRole("treegrid");
      const run = tree.getByRole("row", { level: 1 }).first();
      await tabTo(tree);
      await press("Home", "ArrowRight", "ArrowRight");
      await expect(tree.getByRole("row", { level: 2 }).first()).toBeFocused();
      await press("ArrowLeft", "Space");
      await expect(run).toContainText("Paused");
      await press("Space");
      await expect(run).not.toContainText("Paused");
      await tabTo(transfers(page).getByRole("tablist"), "Shift+Tab");
      const done = transfers(page).getByRole("tab", { name: /^Done/ });
      for (let steps = 0; steps < 4 && !(await holdsFocus(done)); steps++) await press("ArrowRight");
      await expect(done).toBeFocused();
      await press("Enter");
      await expect(run).toContainText("15 of 15", { timeout: 60_000 });
      await tabTo(tree);
      await press("Home", "Enter");
      const report = page.getByRole("dialog");
      await expect(report).toBeVisible();
      await tabTo(report.getByRole("option").first());
      await press("End", "Home");
      await press("Escape");
      await expect(report).toHaveCount(0);
      await expect(tree.locator(":focus")).toHaveCount(1);
      const heard = (await said()).filter((text) => /^(Started|Resumed|Done)|%$/.test(text));
      expect(heard[0]).toMatch(/^Started: /);
      expect(heard.filter((text) => /(25|50|75) %$/.test(text)).length).toBeGreaterThan(0);
      await expect.poll(said).toContainEqual(expect.stringMatching(/^Done: .*15 images/));
      // Once each: not a word per byte.
      expect(new Set(heard).size).toBe(heard.length);
    });

    test("compares two tags and goes back", async () => {
      await press("ControlOrMeta+1");
      await tabTo(tags(left(page)).locator("[data-index][tabindex='0']"));
      const row = tags(left(page)).locator("[role=row]:focus");
      await press("Home", "Shift+F3");
      await expect(dialog("Compare")).toBeVisible();
      await tabTo(dialog("Compare").getByRole("tab").first());
      await press("ArrowRight", "Enter", "Escape");
      await expect(dialog("Compare")).toHaveCount(0);
      await expect(row).toHaveCount(1);
    });

    test("reaches every screen and drawer from the palette, over which Escape closes one thing", async () => {
      for (const screen of ["Transfers", "Jobs", "History", "Registries", "Settings", "Transfer"]) {
        await press("ControlOrMeta+k");
        await page.keyboard.type(`go to ${screen}`);
        await press("Enter");
        await expect(
          page.getByRole("heading", { name: `Freightliner: ${screen}`, exact: true }),
        ).toBeAttached();
        await expect(dialog("Command palette")).toHaveCount(0);
        await expectFocusKept();
      }
      await press("ControlOrMeta+j");
      await expect(dialog("Log")).toBeVisible();
      await press("ControlOrMeta+k");
      await expect(dialog("Command palette")).toBeVisible();
      await press("Escape");
      await expect(dialog("Command palette")).toHaveCount(0);
      await expect(dialog("Log")).toBeVisible();
      await press("Escape");
      await expect(dialog("Log")).toHaveCount(0);
      await expectFocusKept();
    });

    test("was never touched by a mouse, and complains of nothing", async () => {
      expect(await said()).not.toContain("mousedown!");
      await expectNoComplaints(complaints);
    });
  });
