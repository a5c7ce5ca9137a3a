// What goes wrong and how a person gets out of it: a layer that is gone, a registry that is gone, a sign-in that is missing.
import { rename } from "node:fs/promises";
import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { type BuiltImage, blobsOf, buildImage, pushImage } from "../../test/support/image-builder.ts";
import { blobFile } from "../../test/support/registry-files.ts";
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
import {
  addRegistry,
  choose,
  expectAccessible,
  left,
  openRepository,
  planOf,
  right,
  rowOf,
  transfers,
} from "./window.ts";

test.describe
  .serial("when something goes wrong", () => {
    let stage: Registries;
    let proxy: SlowProxy;
    let host: RunningHost;
    let page: Page;
    let complaints: Complaints;
    let images: { whole: BuiltImage; broken: BuiltImage };

    test.beforeAll(async ({ browser }: { browser: Browser }) => {
      stage = await startRegistries();
      images = {
        whole: await buildImage({ seed: "whole", layerSize: 300_000 }),
        broken: await buildImage({ seed: "broken", layerSize: 400_000 }),
      };
      await pushImage(stage.source, images.whole, "team/app", "v1");
      await pushImage(stage.source, images.broken, "team/app", "v2");
      proxy = await startSlowProxy({ port: stage.source.port });
      host = await startHost(stage.home.path);
      ({ page, complaints } = await openPage(browser, host.url));
    });
    test.afterAll(async () => {
      await page.context().close();
      await host.stop();
      await proxy.close();
      await stage.close();
    });

    const add = (): Locator => page.getByRole("dialog", { name: "Add a registry" });
    const run = (): Locator =>
      transfers(page).getByRole("row").filter({ hasText: stage.destination.host }).first();

    test("adds a registry that needs a sign-in and signs in from its pane, which then reads at once", async () => {
      await page.getByRole("button", { name: "Add registry…" }).first().click();
      await expectAccessible(page, "add a registry");
      await addRegistry(page, proxy.host);
      await add().getByRole("button", { name: "Add", exact: true }).click();
      await expect(add()).toHaveCount(0);
      await choose(page, "right", "Add registry");
      await addRegistry(page, stage.destination.host);
      await add().getByRole("button", { name: "Save anyway" }).click();
      await choose(page, "left", proxy.host);
      await choose(page, "right", stage.destination.host);
      await right(page)
        .getByRole("button", { name: /Sign in/ })
        .click();
      const dialog = page.getByRole("dialog", { name: /Sign in to/ });
      await dialog.getByRole("textbox", { name: "User name" }).fill(credential.user);
      await dialog.getByLabel("Password").fill(credential.password);
      await picture(page, "30-sign-in");
      await expectAccessible(page, "sign-in");
      await page.keyboard.press("Enter");
      await expect(right(page).getByText("No repositories yet")).toBeVisible();
    });

    test("says in plain words what failed and why, and finishes it after Retry failed", async () => {
      const digest = blobsOf(images.broken).toSorted((a, b) => b.size - a.size)[0]?.digest ?? "";
      const layer = blobFile(stage.source, digest);
      await rowOf(left(page), "team").dragTo(right(page).getByText("No repositories yet"));
      await expect(planOf(page).getByRole("button", { name: /^Start: move/ })).toBeEnabled();
      await rename(layer, `${layer}.away`);
      await planOf(page)
        .getByRole("button", { name: /^Start: move/ })
        .click();
      await transfers(page)
        .getByRole("tab", { name: /Failed/ })
        .click();
      await expect(run()).toContainText("Partly done");
      await expect(run()).toContainText("1 of 2 images failed");
      await expect(page.getByText(/^Failed: .*1 image could not be copied/)).toBeAttached();
      await run().focus();
      if ((await run().getAttribute("aria-expanded")) !== "true") await page.keyboard.press("ArrowRight");
      const image = transfers(page).getByRole("row", { name: /team\/app:v2/ });
      await expect(image).toContainText(proxy.host);
      await picture(page, "31-failed");
      await image.getByRole("button", { name: "Details…" }).click();
      const dialog = page.getByRole("dialog", { name: "What went wrong" });
      await expect(dialog).toContainText(digest);
      await picture(page, "32-what-went-wrong");
      await expectAccessible(page, "what went wrong");
      await rename(`${layer}.away`, layer);
      await dialog.getByRole("button", { name: "Retry failed" }).click();
      await transfers(page).getByRole("tab", { name: /Done/ }).click();
      await expect(run()).toContainText("2 of 2");
      expect(await digestOf(stage.destination, "team/app", "v2")).toBe(images.broken.digest);
    });

    test("shows a registry that is gone as gone, and reads it again when it is back", async () => {
      proxy.refuse(true);
      proxy.cut();
      await left(page).getByRole("button", { name: "Refresh" }).click();
      await expect(left(page).getByRole("img", { name: /Does not work|Not working/ })).toBeVisible();
      await expect(rowOf(left(page), "team")).toBeVisible();
      await picture(page, "33-gone");
      proxy.refuse(false);
      await left(page).getByRole("button", { name: "Refresh" }).click();
      await expect(left(page).getByRole("img", { name: /^Works/ })).toBeVisible();
      await expectNoComplaints(complaints);
    });

    test("blames no registry where it is Freightliner itself that is away", async () => {
      await host.kill9();
      await expect(
        page.getByRole("alert").getByText("The connection to Freightliner is lost."),
      ).toBeVisible();
      await openRepository(right(page), "team", "app");
      // A list that was never read.
      await right(page).getByRole("searchbox", { name: "Filter tags" }).fill("v2*");
      const said = right(page).getByRole("alert");
      await expect(said).toContainText("The connection to Freightliner is lost.");
      await expect(said).toContainText("It is being tried again by itself.");
      await expect(said).not.toContainText(stage.destination.host);
      await expect(said.getByRole("button", { name: "Reconnect now" })).toBeVisible();
    });
  });
