// Where passwords are kept: a vault is made, locked and unlocked while a transfer waits for it; in clear only after a tick.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { buildImage, pushImage } from "../../test/support/image-builder.ts";
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
import { addRegistry, choose, expectAccessible, left, openRepository, planOf, transfers } from "./window.ts";

const passphrase = "four words are enough";

test.describe
  .serial("the place of passwords", () => {
    let stage: Registries;
    let host: RunningHost;
    let page: Page;
    let complaints: Complaints;

    test.beforeAll(async ({ browser }) => {
      stage = await startRegistries();
      await pushImage(stage.source, await buildImage({ seed: "one", layerSize: 50_000 }), "team/app", "v1");
      host = await startHost(stage.home.path);
      ({ page, complaints } = await openPage(browser, host.url));
    });
    test.afterAll(async () => {
      await page.context().close();
      await host.stop();
      await stage.close();
    });

    const place = (name: string): Locator => page.getByRole("radio", { name });
    const dialog = (name: string): Locator => page.getByRole("dialog", { name });
    const openSettings = async (): Promise<void> => {
      await page.keyboard.press("ControlOrMeta+k");
      await page.getByRole("combobox").fill("where passwords");
      await page.keyboard.press("Enter");
      await expect(place("Memory only")).toBeVisible();
    };

    test("says where passwords are kept, and why the keychain is not offered here", async () => {
      await openSettings();
      await expect(place("Memory only")).toBeChecked();
      await expect(place("Keychain of the operating system")).toBeDisabled();
      await expect(place("Vault with a passphrase")).toBeEnabled();
      await expectAccessible(page, "passwords in memory");
      await picture(page, "secrets-memory");
    });

    test("makes a vault only with a passphrase that is long enough and the same twice", async () => {
      await place("Vault with a passphrase").click();
      const make = dialog("Make a vault");
      const submit = make.getByRole("button", { name: "Make the vault" });
      await expect(make.getByLabel("Passphrase", { exact: true })).toBeFocused();
      await page.keyboard.type("short");
      await make.getByLabel("The same once more").fill("short");
      await expect(submit).toBeDisabled();
      await make.getByLabel("Passphrase", { exact: true }).fill(passphrase);
      await expect(make.getByText("The two are not the same")).toBeVisible();
      await expect(submit).toBeDisabled();
      await make.getByLabel("The same once more").fill(passphrase);
      await expectAccessible(page, "make a vault");
      await picture(page, "secrets-make");
      await page.keyboard.press("Enter");
      await expect(make).toHaveCount(0);
      await expect(place("Vault with a passphrase")).toBeChecked();
      await expect(page.getByRole("button", { name: "Lock now", exact: true })).toBeVisible();
      await picture(page, "secrets-vault");
    });

    test("keeps a password in it that nobody finds in the data folder", async () => {
      await page.keyboard.press("ControlOrMeta+1");
      for (const [address, signIn] of [
        [stage.source.host, undefined],
        [stage.destination.host, credential],
      ] as const) {
        await page.keyboard.press("ControlOrMeta+Shift+A");
        await addRegistry(page, address, signIn);
        await dialog("Add a registry").getByRole("button", { name: "Add", exact: true }).click();
        await expect(dialog("Add a registry")).toHaveCount(0);
      }
      const vault = await readFile(join(stage.home.path, "vault.json"), "utf8");
      for (const secret of [credential.password, passphrase, credential.user])
        expect(vault).not.toContain(secret);
    });

    test("lets a transfer wait for a locked vault, and go on when it is unlocked", async () => {
      await choose(page, "left", stage.source.host);
      await choose(page, "right", stage.destination.host);
      await host.stop();
      host = await startHost(stage.home.path);
      await page.goto(host.url);
      await expect(page.getByRole("button", { name: /^Vault locked/ })).toBeVisible();
      await openRepository(left(page), "team", "app");
      await page.getByRole("row", { name: /^v1\b/ }).click();
      await page.keyboard.press("F5");
      const plan = planOf(page);
      await expect(plan.getByText(/vault/i).first()).toBeVisible();
      await picture(page, "secrets-plan-locked");
      await plan.getByRole("button", { name: "Unlock…" }).click();
      const unlock = dialog("Unlock the vault");
      await unlock.getByLabel("Passphrase", { exact: true }).fill("not the passphrase");
      await unlock.getByRole("button", { name: "Unlock", exact: true }).click();
      await expect(unlock.getByText("This is not the vault's passphrase.")).toBeVisible();
      await picture(page, "secrets-wrong");
      await unlock.getByLabel("Passphrase", { exact: true }).fill(passphrase);
      await page.keyboard.press("Enter");
      await expect(unlock).toHaveCount(0);
      await plan.getByRole("button", { name: /^Start/ }).click();
      await expect(transfers(page).getByText("Done").first()).toBeVisible({ timeout: 30_000 });
    });

    test("locks from the status bar, and changes the passphrase", async () => {
      await page.getByRole("button", { name: /^Vault open/ }).click();
      await expect(page.getByRole("button", { name: /^Vault locked/ })).toBeVisible();
      await page.getByRole("button", { name: /^Vault locked/ }).click();
      await page.keyboard.type(passphrase);
      await page.keyboard.press("Enter");
      await expect(page.getByRole("button", { name: /^Vault open/ })).toBeVisible();
      await openSettings();
      await page.getByRole("button", { name: "Change passphrase…" }).click();
      const change = dialog("Change the vault's passphrase");
      await change.getByLabel("Passphrase of now").fill(passphrase);
      await change.getByLabel("New passphrase").fill("five words are even better");
      await change.getByLabel("The same once more").fill("five words are even better");
      await page.keyboard.press("Enter");
      await expect(change).toHaveCount(0);
    });

    test("keeps nothing in clear without a tick, and moves what is saved", async () => {
      await place("A file that is not encrypted").click();
      const clear = dialog("Keep passwords without encryption?");
      await expect(clear.getByRole("button", { name: "Keep them in clear" })).toBeDisabled();
      await expectAccessible(page, "in clear");
      await picture(page, "secrets-clear");
      await clear.getByRole("button", { name: "Cancel" }).click();
      await expect(place("Vault with a passphrase")).toBeChecked();
      await place("Memory only").click();
      await expect(place("Memory only")).toBeChecked();
      await expect(page.getByText("1 saved password.")).toBeVisible();
    });

    test("never has a password or a passphrase in the page", async () => {
      const html = await page.content();
      for (const secret of [credential.password, passphrase]) expect(html).not.toContain(secret);
      await expectNoComplaints(complaints);
    });
  });
