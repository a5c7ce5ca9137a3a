// The main job in a browser: add both registries, filter, drag three tags, read the plan, watch, pause, resume, finish.
import { expect, type Locator, type Page, test } from "@playwright/test";
import { formatBytes } from "../../shared/units.ts";
import {
  type BuiltImage,
  blobBytesOf,
  buildImage,
  buildLargeImage,
  buildMultiPlatform,
  pushImage,
} from "../../test/support/image-builder.ts";
import { storedBytes } from "../../test/support/registry-files.ts";
import { digestOf } from "../../test/support/skopeo.ts";
import { type SlowProxy, startSlowProxy } from "../../test/support/slow-proxy.ts";
import {
  type Complaints,
  credential,
  expectNoComplaints,
  openPage,
  picture,
  type Registries,
  type RunningHost,
  startHost,
  startRegistries,
} from "./stage.ts";
import { addRegistry, choose, left, openRepository, right, transfers as transfersOf } from "./window.ts";

/** What a run's row says is done, as `12.5 / 403 MiB`. */
async function movedMiB(run: Locator): Promise<number> {
  const moved = / (?<done>[\d.,]+) \/ [\d.,]+ MiB/.exec(` ${(await run.innerText()).replace(/\s+/g, " ")}`);
  return Number(moved?.groups?.done?.replace(",", "") ?? Number.NaN);
}

test.describe
  .serial("dragging tags from one registry to another", () => {
    let stage: Registries;
    /** In front of the source, so that the run takes long enough to be caught in the middle. */
    let proxy: SlowProxy;
    let host: RunningHost;
    let page: Page;
    let complaints: Complaints;
    let images: { small: BuiltImage; multi: BuiltImage; large: BuiltImage };

    test.beforeAll(async ({ browser }) => {
      stage = await startRegistries();
      images = {
        small: await buildImage({ seed: "small", layerSize: 500_000 }),
        multi: await buildMultiPlatform({ seed: "multi", layerSize: 400_000, sharedLayerSize: 600_000 }),
        large: await buildLargeImage({ seed: "large", totalSize: 400 * 1024 * 1024, layers: 7 }),
      };
      await pushImage(stage.source, images.small, "shop/web", "v1.0.0");
      await pushImage(stage.source, images.multi, "shop/web", "v1.1.0");
      await pushImage(stage.source, images.large, "shop/web", "v1.2.0");
      await pushImage(stage.source, images.small, "shop/web", "latest");
      await pushImage(stage.source, images.small, "tools/cli", "v3");
      proxy = await startSlowProxy({ port: stage.source.port, bytesPerSecond: 40 * 1024 * 1024 });
      host = await startHost(stage.home.path);
      ({ page, complaints } = await openPage(browser, host.url));
    });
    test.afterAll(async () => {
      await page.context().close();
      await host.stop();
      await proxy.close();
      await stage.close();
    });

    test("adds both registries, and says at which step a wrong password fails", async () => {
      await picture(page, "01-first-start");
      await page.getByRole("button", { name: "Add registry…" }).first().click();
      await addRegistry(page, proxy.host);
      await picture(page, "02-add-registry");
      await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
      await expect(page.getByRole("dialog")).toHaveCount(0);

      await choose(page, "right", "Add registry");
      const dialog = page.getByRole("dialog", { name: "Add a registry" });
      await dialog.getByRole("textbox", { name: "Address" }).fill(stage.destination.host);
      await dialog.getByRole("textbox", { name: "User name (optional)" }).fill(credential.user);
      await dialog.getByLabel("Password or token").fill("not the password");
      await dialog.getByRole("button", { name: "Check", exact: true }).click();
      await expect(dialog.getByText("Sign-in: Failed.")).toBeVisible();
      await picture(page, "03-wrong-password");
      await addRegistry(page, stage.destination.host, credential);
      await dialog.getByRole("button", { name: "Add", exact: true }).click();
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await choose(page, "left", proxy.host);
      await choose(page, "right", stage.destination.host);
    });

    test("expands the tree and filters with a live count", async () => {
      await openRepository(left(page), "shop", "web");
      const tags = left(page).getByRole("grid", { name: "Tags" });
      await expect(tags.getByRole("row", { name: /latest/ })).toBeVisible();
      await expect(tags.getByRole("row", { name: /v1\.0\.0/ })).toContainText("Missing");
      await left(page).getByLabel("Filter tags").fill("v1.*");
      await expect(left(page).getByText("3 of 4")).toBeVisible();
      await expect(tags.getByRole("row", { name: /latest/ })).toHaveCount(0);
      await picture(page, "04-filtered");
    });

    test("drags three tags; the plan's numbers are what is then moved", async () => {
      const tags = left(page).getByRole("grid", { name: "Tags" });
      await tags.getByRole("row", { name: /v1\.0\.0/ }).click();
      await tags.getByRole("row", { name: /v1\.2\.0/ }).click({ modifiers: ["Shift"] });
      await picture(page, "05-selected");
      await tags
        .getByRole("row", { name: /v1\.1\.0/ })
        .dragTo(
          right(page)
            .getByRole("tree", { name: "Repositories" })
            .or(right(page).getByText("No repositories yet"))
            .first(),
        );

      const plan = page.getByRole("dialog", { name: "Plan" });
      const expected = [images.small, images.multi, images.large].reduce(
        (sum, image) => sum + blobBytesOf(image),
        0,
      );
      const startButton = plan.getByRole("button", { name: /^Start/ });
      await expect(startButton).toContainText(formatBytes(expected));
      await expect(plan.getByRole("row", { name: /v1\.1\.0/ })).toContainText("Copy");
      await picture(page, "06-plan");
      await startButton.click();
      await expect(plan).toHaveCount(0);
    });

    const transfers = (): Locator => transfersOf(page);

    test("shows progress that moves, pauses, and resumes", async () => {
      const run = transfers().getByRole("row").filter({ hasText: proxy.host }).first();
      await expect(run).toContainText("MiB/s");
      // In the first moments the row counts in KiB, or not at all.
      await expect.poll(() => movedMiB(run)).toBeGreaterThan(0);
      const first = await movedMiB(run);
      await expect.poll(() => movedMiB(run)).toBeGreaterThan(first);
      await picture(page, "07-running");
      await transfers().getByRole("button", { name: "Pause" }).first().click();
      await expect(run).toContainText("Paused");
      await picture(page, "08-paused");
      const before = await storedBytes(stage.destination);
      await page.waitForTimeout(700);
      expect(await storedBytes(stage.destination)).toBe(before);
      await transfers().getByRole("button", { name: "Resume" }).first().click();
      await expect(run).toContainText("Running");
    });

    test("shows the right state after the page was closed and opened again in mid-run", async () => {
      const context = page.context();
      const { origin } = new URL(page.url());
      await page.close();
      page = await context.newPage();
      await page.goto(origin);
      const row = transfers().getByRole("row").filter({ hasText: proxy.host }).first();
      await expect(row).toContainText("Running");
      await expect(row).toContainText("MiB/s");
      await picture(page, "09-page-opened-again");
    });

    test("shows what was paused after the host was stopped in mid-run and started again", async ({
      browser,
    }) => {
      await page.context().close();
      await host.stop();
      host = await startHost(stage.home.path);
      ({ page, complaints } = await openPage(browser, host.url));
      const row = transfers().getByRole("row").filter({ hasText: proxy.host }).first();
      await expect(row).toContainText("Paused at exit");
      await expect(row.getByTitle(/^Paused when Freightliner was closed/)).toBeVisible();
      await picture(page, "10-after-restart");
    });

    test("signs in again where the password was only in memory, resumes and finishes", async () => {
      const failed = transfers().getByRole("button", { name: "Resume" }).first();
      if (await failed.isVisible()) {
        await failed.click();
        await transfers()
          .getByRole("button", { name: /Sign in/ })
          .first()
          .click();
        const dialog = page.getByRole("dialog", { name: /Sign in to/ });
        await dialog.getByRole("textbox", { name: "User name" }).fill(credential.user);
        await dialog.getByLabel("Password").fill(credential.password);
        await picture(page, "10-sign-in");
        await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
      }
      await transfers().getByRole("tab", { name: /Done/ }).click();
      await expect(transfers().getByRole("row").filter({ hasText: proxy.host }).first()).toContainText(
        "Done",
        { timeout: 60_000 },
      );
      // The pane was refused before the sign-in, and reads by itself after it.
      await expect(right(page).getByRole("treeitem", { name: /^shop\b/ })).toBeVisible();
      await expect(right(page).getByRole("img", { name: "Works" })).toBeVisible();
      await picture(page, "11-done");
      for (const [tag, image] of [
        ["v1.0.0", images.small],
        ["v1.1.0", images.multi],
        ["v1.2.0", images.large],
      ] as const) {
        expect(await digestOf(stage.destination, "shop/web", tag)).toBe(image.digest);
      }
      const moved = [images.small, images.multi, images.large].reduce(
        (sum, image) => sum + blobBytesOf(image),
        0,
      );
      const manifests = (await storedBytes(stage.destination)) - moved;
      expect(manifests).toBeGreaterThan(0);
      expect(manifests).toBeLessThan(20_000);
      await expectNoComplaints(complaints);
    });
  });
