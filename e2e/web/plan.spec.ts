// The plan on real registries: every rule, names by a pattern, deletes that ask, the command line it stands for, jobs, keys, axe.
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { type BuiltHost, startBuiltHost } from "../../test/support/built-host.ts";
import { enterHost } from "../../test/support/enter-host.ts";
import { buildImage, buildMultiPlatform, pushImage } from "../../test/support/image-builder.ts";
import { cliBundle, nodeBinary } from "../../test/support/processes.ts";
import { type RealRegistry, startRealRegistry } from "../../test/support/real-registry.ts";
import { digestOf, skopeoResult } from "../../test/support/skopeo.ts";
import { type TempFolder, tempFolder } from "../../test/support/temp.ts";
import { type Complaints, expectNoComplaints, openPage, picture } from "./stage.ts";
import { choose, expectAccessible, left, planOf, right, rowOf } from "./window.ts";

const run = promisify(execFile);

/** Opens the list of a select and takes one of it. */
async function select(within: Locator, field: string, option: string): Promise<void> {
  await within.getByRole("combobox", { name: field }).click();
  await within.page().getByRole("option", { name: option, exact: true }).click();
}

test.describe
  .serial("the plan", () => {
    let source: RealRegistry;
    let destination: RealRegistry;
    let home: TempFolder;
    let host: BuiltHost;
    let page: Page;
    let complaints: Complaints;
    const digests = { v1: "", v2: "" };

    test.beforeAll(async ({ browser }) => {
      [source, destination, home] = await Promise.all([
        startRealRegistry(),
        startRealRegistry({ delete: true }),
        tempFolder("plan-journey"),
      ]);
      const [web, other, multi] = await Promise.all([
        buildImage({ seed: "web", layerSize: 300_000 }),
        buildImage({ seed: "other", layerSize: 200_000 }),
        buildMultiPlatform({ seed: "multi", layerSize: 100_000, sharedLayerSize: 200_000 }),
      ]);
      digests.v1 = await pushImage(source, web, "shop/web", "v1");
      digests.v2 = await pushImage(source, multi, "shop/web", "v2");
      await pushImage(source, other, "shop/api", "v1");
      await pushImage(destination, other, "shop/web", "v1");
      await pushImage(destination, other, "shop/web", "gone");
      host = await startBuiltHost(home.path);
      const add = (name: string, registry: RealRegistry) =>
        host.client.call("endpoints.add", {
          name,
          settings: { kind: "registry", host: registry.host, plainHttp: "always" },
        });
      await add("Staging", source);
      await add("Production", destination);
      ({ page, complaints } = await openPage(browser, "about:blank"));
      await enterHost(page.context(), host);
      await page.goto(host.origin);
      await choose(page, "left", "Staging");
      await choose(page, "right", "Production");
    });
    test.afterAll(async () => {
      await page.context().close();
      await host.stop();
      await Promise.all([source.stop(), destination.stop(), home.remove()]);
    });

    const plan = (): Locator => planOf(page);
    const start = (): Locator => plan().getByRole("button", { name: /^Start/ });
    const row = (name: RegExp): Locator => plan().getByRole("row", { name });

    const dropShop = (): Promise<void> =>
      rowOf(left(page), "shop").dragTo(rowOf(right(page), "All repositories"));

    test("says what happens to each image, and plans again for another rule without losing the ticks", async () => {
      await dropShop();
      await expect(row(/shop\/web:v1 /)).toContainText("Overwrite");
      await expect(row(/shop\/web:v2 /)).toContainText("Copy");
      await expect(plan().getByRole("button", { name: "Overwrite 1" })).toBeVisible();
      await row(/shop\/api:v1 /).click({ button: "right" });
      await page.getByRole("menuitem", { name: "Leave it out" }).click();
      await expect(plan().getByRole("button", { name: "Copy 1 / 2" })).toBeVisible();

      await select(plan(), "If a tag exists with other content", "Leave it and report a conflict");
      await expect(row(/shop\/web:v1 /)).toContainText("Conflict");
      await expect(row(/shop\/api:v1 /).getByRole("checkbox")).not.toBeChecked();
      await select(plan(), "If a tag exists with other content", "Keep both: write to another tag");
      await plan().getByLabel("Put behind the tag").fill("-from-staging");
      await expect(row(/shop\/web:v1-from-staging/)).toContainText("Copy");
      await expect(row(/shop\/api:v1 /).getByRole("checkbox")).not.toBeChecked();
      await picture(page, "plan-keep-both");
    });

    test("narrows the rows by what happens and by name, and shows one in full", async () => {
      await plan().getByRole("searchbox", { name: "Find images" }).fill("web:v2");
      await expect(plan().getByRole("grid")).toHaveAttribute("aria-rowcount", "2");
      await row(/shop\/web:v2/).click();
      const details = plan().getByRole("region", { name: "The chosen row" });
      await expect(details).toContainText(digests.v2);
      await expect(details).toContainText("linux/amd64, linux/arm64");
      await row(/shop\/web:v2/).press("Enter");
      const drawer = page.getByRole("dialog", { name: /^shop\/web/ });
      await expect(drawer).toBeVisible();
      await page.keyboard.press("Escape");
      await expect(drawer).toHaveCount(0);
      // The plan below it is still there.
      await expect(plan()).toBeVisible();
      await plan().getByRole("searchbox", { name: "Find images" }).fill("");
    });

    test("shows names by a pattern on real names, and what RE2 says of a wrong one", async () => {
      await select(plan(), "Names at the destination", "By a pattern");
      await plan()
        .getByLabel(/^Pattern/)
        .fill("shop/(");
      await expect(plan().getByText(/missing closing \)/)).toBeVisible();
      await expect(start()).toBeDisabled();
      await plan()
        .getByLabel(/^Pattern/)
        .fill("shop/(.*)");
      await plan().getByLabel("New name").fill("mirror/$1");
      await expect(plan().getByText("→ mirror/api:v1")).toBeVisible();
      await expect(row(/mirror\/web:v2/)).toContainText("Copy");
      // Unticked by its source, also under its new name.
      await expect(row(/mirror\/api:v1/).getByRole("checkbox")).not.toBeChecked();
      await picture(page, "plan-template");
    });

    test("is copied as the command that does the same", async () => {
      await row(/mirror\/api:v1/)
        .getByRole("checkbox")
        .click();
      await plan().getByRole("button", { name: "linux/arm64" }).click();
      await expect(row(/mirror\/web:v2/)).toContainText("linux/arm64");
      await plan().getByRole("textbox", { name: "Images at once" }).fill("2");
      await plan().getByRole("textbox", { name: "Images at once" }).press("Tab");
      await expect(start()).toBeEnabled();
      await plan().getByRole("button", { name: "Copy as command" }).click();
      await expect(plan().getByText("Command copied")).toBeVisible();
      const command = await page.evaluate(() => navigator.clipboard.readText());
      expect(command).toContain("--parallel");

      const bin = join(home.path, "bin");
      await mkdir(bin);
      const script = `#!/bin/sh\nexec "${nodeBinary}" "${cliBundle}" "$@"\n`;
      await writeFile(join(bin, "freightliner"), script, { mode: 0o755 });
      const other = await tempFolder("plan-command");
      await run("bash", ["-c", command], {
        env: { PATH: `${bin}:${process.env.PATH ?? ""}`, HOME: other.path, FREIGHTLINER_HOME: other.path },
      });
      await other.remove();
      const byCommand = await digestOf(destination, "mirror/web", "v2");
      // What the command brought is what the plan would bring: planned anew, nothing is left to do.
      await plan().getByRole("button", { name: "linux/arm64" }).click();
      await plan().getByRole("button", { name: "linux/arm64" }).click();
      await select(plan(), "If a tag exists with other content", "Overwrite it");
      await expect(plan().getByText("Nothing is left to copy")).toBeVisible();
      expect(byCommand).not.toBe(digests.v2);
      await picture(page, "plan-nothing-to-do");
    });

    test("is saved as a job with its next runs in another zone", async () => {
      await plan().getByRole("button", { name: "Save as job…" }).click();
      const save = page.getByRole("dialog", { name: "Save as a job" });
      await save.getByLabel("Name").fill("Shop every weekday");
      await select(save, "Runs", "Every weekday (Monday to Friday)");
      await save.getByLabel("At", { exact: true }).fill("03:30");
      const zone = save.getByRole("combobox", { name: "Time zone" });
      await zone.fill("tokyo");
      await page.getByRole("option", { name: "Asia/Tokyo" }).click();
      await expect(save.locator("time")).toHaveCount(5);
      await expect(save.locator("time").first()).toContainText("03:30");
      await picture(page, "plan-save-job");
      await expectAccessible(page, "save as a job");
      await save.getByRole("button", { name: "Save the job" }).click();
      await expect(save).toHaveCount(0);
      const { jobs } = await host.client.call("jobs.list", {});
      expect(jobs).toMatchObject([
        {
          name: "Shop every weekday",
          schedule: { cron: "30 3 * * 1-5", timeZone: "Asia/Tokyo" },
          spec: { mapping: { kind: "template", replacement: "mirror/$1" } },
        },
      ]);
      await plan().getByRole("button", { name: "Cancel" }).click();
      await expect(plan()).toHaveCount(0);
    });

    test("deletes at the destination only after its name was typed", async () => {
      await dropShop();
      await plan()
        .getByRole("switch", { name: /^Mirror/ })
        .click();
      await plan().getByRole("textbox", { name: "Share at most" }).fill("10");
      await plan().getByRole("textbox", { name: "Share at most" }).press("Tab");
      // One tag of two is more than ten of a hundred.
      await expect(plan().getByRole("alert")).toBeVisible();
      await expect(start()).toBeDisabled();
      await plan().getByRole("textbox", { name: "Share at most" }).fill("60");
      await plan().getByRole("textbox", { name: "Share at most" }).press("Tab");
      await expect(start()).toBeEnabled();
      await expect(row(/shop\/web:gone/)).toContainText("Delete");
      await picture(page, "plan-mirror");
      await start().click();
      const confirm = page.getByRole("dialog", { name: "Delete tags at the destination?" });
      const go = confirm.getByRole("button", { name: "Start and delete 1 tag" });
      await expect(go).toBeDisabled();
      await confirm.getByLabel("Type “Production” to go on").fill("Production");
      await expectAccessible(page, "confirm deletes");
      await go.click();
      await expect(plan()).toHaveCount(0);
      await expect
        .poll(
          async () =>
            (
              await skopeoResult([
                "inspect",
                "--raw",
                "--tls-verify=false",
                `docker://${destination.host}/shop/web:gone`,
              ])
            ).code,
        )
        .not.toBe(0);
      await expect.poll(() => digestOf(destination, "shop/web", "v1")).toBe(digests.v1);
    });

    test("is driven by keys alone", async () => {
      // Other content under that tag again.
      await pushImage(destination, await buildImage({ seed: "again", layerSize: 1000 }), "shop/web", "v2");
      await rowOf(left(page), "shop").focus();
      await page.keyboard.press("F5");
      await expect(start()).toBeEnabled();
      // The focus waits on Start; the rows are a few tabs before it.
      await expect(start()).toBeFocused();
      await plan()
        .getByRole("row", { name: /shop\/api:v1/ })
        .focus();
      await page.keyboard.press("End");
      await expect(row(/shop\/web:v2/)).toBeFocused();
      await page.keyboard.press("Space");
      await expect(row(/shop\/web:v2/).getByRole("checkbox")).not.toBeChecked();
      await page.keyboard.press("Control+Shift+A");
      await expect(start()).toBeDisabled();
      await page.keyboard.press("Control+A");
      await expect(row(/shop\/web:v2/).getByRole("checkbox")).toBeChecked();
      await page.keyboard.press("Control+Enter");
      await expect(plan()).toHaveCount(0);
      await expect.poll(() => digestOf(destination, "shop/web", "v2")).toBe(digests.v2);
    });

    test("has nothing that axe calls serious in light, dark and forced colours", async () => {
      await dropShop();
      await plan()
        .getByRole("switch", { name: /^Mirror/ })
        .click();
      // While it is made anew, the old plan is greyed.
      await expect(plan().locator("[aria-busy=true]")).toHaveCount(0);
      await expect(plan().getByText("Everything is already there")).toBeVisible();
      for (const look of [
        { colorScheme: "light", forcedColors: "none" },
        { colorScheme: "dark", forcedColors: "none" },
        { colorScheme: "dark", forcedColors: "active" },
      ] as const) {
        await page.emulateMedia(look);
        await page.waitForTimeout(200);
        await picture(page, `plan-${look.colorScheme}-${look.forcedColors}`);
        // What lies behind the plan is for the journeys of the panes.
        const { violations } = await new AxeBuilder({ page }).include("[role=dialog]").analyze();
        const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        expect(
          serious.map(({ id, nodes }) => `${id} ${nodes.map(({ target }) => target.join(" "))}`),
        ).toEqual([]);
      }
      await page.keyboard.press("Escape");
      await expect(plan()).toHaveCount(0);
    });

    test("complains of nothing", async () => {
      await expectNoComplaints(complaints);
    });
  });
