// The Registries screen on real registries: a password, an own certificate authority, an import, edits, read-only, removal.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { buildImage, pushImage } from "../../test/support/image-builder.ts";
import { type RealRegistry, startRealRegistry } from "../../test/support/real-registry.ts";
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
import { choose, expectAccessible, left, right, rowOf, showScreen } from "./window.ts";

/** Blocks a host, as for Podman and its like. */
async function writeRegistriesConf(home: string): Promise<void> {
  await mkdir(join(home, ".config", "containers"), { recursive: true });
  await writeFile(
    join(home, ".config", "containers", "registries.conf"),
    '[[registry]]\nlocation = "127.0.0.1:2"\nblocked = true\n',
  );
}

/** What docker would have written after a sign-in at this registry, and after none at another. */
async function writeDockerConfig(home: string, registry: RealRegistry): Promise<void> {
  const auth = Buffer.from(`${credential.user}:${credential.password}`).toString("base64");
  await mkdir(join(home, ".docker"));
  await writeFile(
    join(home, ".docker", "config.json"),
    JSON.stringify({
      auths: { [registry.host]: { auth } },
      credHelpers: { "registry.example": "nowhere" },
    }),
  );
}

test.describe
  .serial("registries", () => {
    let stage: Registries;
    let secure: RealRegistry;
    let host: RunningHost;
    let page: Page;
    let complaints: Complaints;

    test.beforeAll(async ({ browser }) => {
      stage = await startRegistries();
      secure = await startRealRegistry({ ...credential, tls: true });
      await pushImage(stage.source, await buildImage({ seed: "one", layerSize: 50_000 }), "team/app", "v1");
      await writeDockerConfig(stage.home.path, stage.destination);
      await writeRegistriesConf(stage.home.path);
      host = await startHost(stage.home.path);
      ({ page, complaints } = await openPage(browser, host.url));
    });
    test.afterAll(async () => {
      await page.context().close();
      await host.stop();
      await secure.stop();
      await stage.close();
    });

    const add = (): Locator => page.getByRole("dialog", { name: "Add a registry" });
    const list = (): Locator => page.getByRole("grid", { name: "Registries and folders" });
    const row = (name: string): Locator => list().getByRole("row", { name, exact: true });
    const details = (name: string): Locator => page.getByRole("region", { name: `Details of ${name}` });
    const step = (within: Locator, name: string): Locator =>
      within
        .getByRole("list", { name: "Check result" })
        .getByRole("listitem")
        .filter({ hasText: new RegExp(`^${name}\\b`) });

    test("imports what docker signed in to, with the password left where it lies", async () => {
      await page.getByRole("button", { name: "Import…" }).click();
      const dialog = page.getByRole("dialog", { name: "Import registries" });
      const known = dialog.getByRole("listitem").filter({ hasText: stage.destination.host });
      await expect(known).toContainText(`Password in the file as ${credential.user}`);
      await expect(known).toContainText("config.json");
      await expect(dialog.getByRole("listitem").filter({ hasText: "registry.example" })).toContainText(
        "Password in a credential helper",
      );
      await picture(page, "60-import");
      await expectAccessible(page, "import");
      await dialog.getByRole("checkbox", { name: "Import registry.example" }).click();
      await dialog.getByRole("button", { name: "Import 1 registry" }).click();
      await expect(dialog).toHaveCount(0);
      await showScreen(page, "Registries");
      await expect(row(stage.destination.host)).toContainText("Works");
      await expect(row(stage.destination.host)).toContainText(`${credential.user} (docker)`);
      await page.getByRole("button", { name: "Import…" }).click();
      await expect(dialog.getByRole("listitem").filter({ hasText: stage.destination.host })).toContainText(
        "Already added",
      );
      await page.keyboard.press("Escape");
      await expect(dialog).toHaveCount(0);
    });

    test("tells each step of a check, and finds an unknown certificate before the password", async () => {
      await page.keyboard.press("ControlOrMeta+Shift+A");
      await add().getByRole("textbox", { name: "Address" }).fill(`docker pull ${secure.host}/team/app:v1`);
      await expect(add().getByText('Only the registry is added; "team/app:v1" is left out.')).toBeVisible();
      // Enter in the form checks first.
      await page.keyboard.press("Enter");
      await expect(step(add(), "Encryption")).toContainText("Failed");
      await expect(add().getByText("The check did not pass.")).toBeVisible();
      await expect(step(add(), "Reachable")).toContainText(/Passed.* \d+ ms/);
      await expect(step(add(), "Sign-in")).toContainText("Skipped");
      await picture(page, "61-unknown-authority");
      await expectAccessible(page, "add a registry, failed");
      await add().getByRole("button", { name: "More settings" }).click();
      await add()
        .getByRole("textbox", { name: "CA file (PEM)" })
        .fill(secure.certificateFile ?? "");
      // What was checked was something else.
      await expect(add().getByRole("list", { name: "Check result" })).toHaveCount(0);
    });

    test("takes a wrong password for wrong and the right one for right, and shows it on request", async () => {
      const password = add().getByRole("textbox", { name: "Password or token" });
      await add().getByRole("textbox", { name: "User name (optional)" }).fill(credential.user);
      await add().getByLabel("Password or token").fill("not the password");
      await expect(add().getByLabel("Password or token")).toHaveAttribute("type", "password");
      await add().getByRole("button", { name: "Show what is typed" }).click();
      await expect(password).toHaveAttribute("type", "text");
      await add().getByRole("button", { name: "Check", exact: true }).click();
      await expect(step(add(), "Sign-in")).toContainText("Failed");
      await expect(step(add(), "Sign-in")).toContainText("Sign in with a user name and password");
      await expect(add().getByRole("button", { name: "Save anyway" })).toBeEnabled();
      await password.fill(credential.password);
      await add().getByRole("textbox", { name: "Name (optional)", exact: true }).fill("Secure");
      await add().getByRole("button", { name: "Check", exact: true }).click();
      await expect(step(add(), "Sign-in")).toContainText(`Signed in as "${credential.user}"`);
      await expect(step(add(), "Encryption")).toContainText("TLS 1.3, certificate by localhost");
      await picture(page, "62-check-passed");
      await expectAccessible(page, "add a registry, passed");
      await add().getByRole("button", { name: "Add", exact: true }).click();
      await expect(add()).toHaveCount(0);
      await expect(row("Secure")).toContainText("Works");
      await expect(details("Secure")).toContainText(
        `Signed in as ${credential.user}; kept in memory until you quit`,
      );
    });

    test("saves what could not be checked, and says at its row what is wrong", async () => {
      await page.getByRole("button", { name: "Add registry…" }).click();
      await add().getByRole("textbox", { name: "Address" }).fill("127.0.0.1:1");
      await add().getByRole("button", { name: "Check", exact: true }).click();
      await expect(step(add(), "Reachable")).toContainText("Failed");
      await add().getByRole("button", { name: "Save anyway" }).click();
      await expect(row("127.0.0.1:1")).toContainText("Not working");
      await row("127.0.0.1:1").click();
      await expect(step(details("127.0.0.1:1"), "Reachable")).toContainText("Check the address");
      await picture(page, "63-not-working");
    });

    test("edits in place, with the password that was entered for the same address", async () => {
      await row("Secure").focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name: "Edit Secure" });
      await expect(dialog.getByRole("textbox", { name: "Address" })).toHaveValue(secure.host);
      await dialog.getByRole("button", { name: "Check", exact: true }).click();
      await expect(step(dialog, "Sign-in")).toContainText(`Signed in as "${credential.user}"`);
      await dialog.getByRole("textbox", { name: "Name (optional)", exact: true }).fill("Vault");
      await dialog.getByRole("textbox", { name: "Requests at once" }).fill("3");
      await expectAccessible(page, "edit");
      await dialog.getByRole("button", { name: "Save", exact: true }).click();
      await expect(dialog).toHaveCount(0);
      await expect(row("Vault")).toContainText("Works");
      await expect(details("Vault")).toContainText("Up to 3, fewer when it slows down");
    });

    test("refuses a drop on a read-only registry and says why", async () => {
      await row("Vault").focus();
      await details("Vault")
        .getByRole("switch", { name: /Read-only/ })
        .click();
      await expect(row("Vault")).toContainText("Read-only");
      await page.getByRole("button", { name: "Add registry…" }).click();
      await add().getByRole("textbox", { name: "Address" }).fill(stage.source.host);
      await add().getByRole("button", { name: "Add", exact: true }).click();
      await expect(row(stage.source.host)).toContainText("Works");
      await row("Vault").click();
      await details("Vault").getByRole("button", { name: "Open in the right pane" }).click();
      await choose(page, "left", stage.source.host);
      await rowOf(left(page), "team").dragTo(right(page).getByText("No repositories yet"));
      await expect(page.getByRole("region", { name: "Messages" })).toContainText(
        "Vault is set to read only: nothing is written there.",
      );
      await picture(page, "64-read-only");
      await expect(page.getByRole("dialog", { name: "Plan" })).toHaveCount(0);
    });

    test("finds, sorts and groups, and works without a mouse", async () => {
      await showScreen(page, "Registries");
      await page.getByRole("button", { name: "Health", exact: true }).click();
      await expect(list().getByRole("row").nth(1)).toContainText("Not working");
      await page.getByRole("button", { name: "Name", exact: true }).click();
      await row("Vault").focus();
      await page.keyboard.press("Home");
      await expect(list().getByRole("row").nth(1)).toBeFocused();
      await page.keyboard.type("va");
      await expect(row("Vault")).toBeFocused();
      await page.keyboard.press("Shift+F10");
      await page.getByRole("menuitem", { name: "Group and colour…" }).click();
      const mark = page.getByRole("dialog", { name: "Group and colour of Vault" });
      await mark.getByRole("textbox", { name: "Group" }).fill("Production");
      await mark.getByRole("button", { name: "Save" }).click();
      await page.getByRole("switch", { name: "Groups" }).click();
      await expect(list().getByRole("rowgroup", { name: "Production" }).getByRole("row")).toHaveCount(1);
      await picture(page, "65-groups");
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, forcedColors: "none" });
        await expectAccessible(page, `registries, ${colorScheme}`);
      }
      await page.emulateMedia({ forcedColors: "active" });
      await expectAccessible(page, "registries, forced colours");
      await page.emulateMedia({ forcedColors: "none", colorScheme: "light" });
    });

    test("adds one by keyboard alone, with what this machine knows of it", async () => {
      await page.keyboard.press("ControlOrMeta+Shift+A");
      await expect(add().getByRole("textbox", { name: "Address" })).toBeFocused();
      await page.keyboard.type("127.0.0.1:2");
      await expect(add().getByRole("status", { name: "On this machine" })).toContainText(
        "blocks this registry",
      );
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type(stage.destination.host);
      await expect(add().getByRole("status", { name: "On this machine" })).toContainText(
        `Docker's configuration as ${credential.user}`,
      );
      await picture(page, "66-known-here");
      await page.keyboard.press("Tab");
      await expect(add().getByRole("combobox", { name: "Sign in with" })).toBeFocused();
      await page.keyboard.press("Enter");
      await page.keyboard.type("Docker");
      await page.keyboard.press("Enter");
      await expect(add().getByRole("combobox", { name: "Sign in with" })).toContainText(
        "Docker's configuration",
      );
      // Enter in a field checks, and saves what passed.
      await page.keyboard.press("Tab");
      await expect(add().getByRole("textbox", { name: "Name (optional)", exact: true })).toBeFocused();
      await page.keyboard.type("By keyboard");
      await page.keyboard.press("Enter");
      await expect(step(add(), "Sign-in")).toContainText(`Signed in as "${credential.user}"`);
      await page.keyboard.press("Enter");
      await expect(add()).toHaveCount(0);
      await expect(details("By keyboard")).toContainText("from your Docker configuration");
      await expect(details("By keyboard")).toContainText("config.json");
      // The same host, by what the import found.
      await expect(
        details("By keyboard").getByRole("button", { name: `Show ${stage.destination.host}` }),
      ).toBeVisible();
    });

    test("pins the key that a check found, and refuses a server with another one", async () => {
      await row("Vault").focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name: "Edit Vault" });
      await dialog.getByRole("button", { name: "Check", exact: true }).click();
      await expect(step(dialog, "Encryption")).toContainText("TLS 1.3");
      await dialog.getByRole("button", { name: "Accept only the key it has now" }).click();
      const pins = dialog.getByRole("textbox", { name: "Accepted public keys" });
      await expect(pins).toHaveValue(/^sha256\/[A-Za-z0-9+/]{43}=$/);
      await dialog.getByRole("button", { name: "Check", exact: true }).click();
      await expect(step(dialog, "Encryption")).toContainText("TLS 1.3");
      const good = await pins.inputValue();
      await pins.fill(`sha256/${"A".repeat(43)}=`);
      await dialog.getByRole("button", { name: "Check", exact: true }).click();
      await expect(step(dialog, "Encryption")).toContainText("Failed");
      await picture(page, "67-other-key");
      await pins.fill(good);
      await dialog.getByRole("button", { name: "Save", exact: true }).click();
      await expect(row("Vault")).toContainText("Works");
      await expect(details("Vault")).toContainText(good);
    });

    test("probes a registry: first without writing, then with a small image in a named repository", async () => {
      const one = stage.source.host;
      await row(one).click();
      const table = details(one).getByRole("table", { name: "What it can do" });
      const answer = (name: string): Locator => table.getByRole("row", { name: new RegExp(`^${name}\\b`) });
      await expect(details(one)).toContainText("Not probed yet");
      await details(one).getByRole("button", { name: "Probe…" }).click();
      const probe = page.getByRole("dialog", { name: `Probe ${one}` });
      await expectAccessible(page, "probe");
      await probe.getByRole("button", { name: "Probe", exact: true }).click();
      await expect(probe).toHaveCount(0);
      await expect(answer("List repositories")).toContainText("Yes");
      await expect(answer("Delete")).toContainText("Not tested");
      await details(one).getByRole("button", { name: "Probe again…" }).click();
      await probe.getByRole("checkbox", { name: /^Try writing/ }).click();
      await probe.getByRole("textbox", { name: "Repository to write to" }).fill("team/probe");
      await picture(page, "68-probe");
      await probe.getByRole("button", { name: "Probe and write" }).click();
      await expect(probe).toHaveCount(0);
      await expect(answer("Write")).toContainText("Yes");
      // Deleting is switched off there, as it is in the field.
      await expect(answer("Delete")).toContainText("No");
      await expect(answer("Delete")).toContainText("stays there and should be deleted by hand");
      await expect(answer("Make a repository")).toContainText("with the image of the probe in it");
      await expect(details(one)).toContainText("with a small image in team/probe");
      await picture(page, "69-probed");
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, forcedColors: "none" });
        await expectAccessible(page, `probed, ${colorScheme}`);
      }
      await page.emulateMedia({ forcedColors: "active" });
      await expectAccessible(page, "probed, forced colours");
      await page.emulateMedia({ forcedColors: "none", colorScheme: "light" });
    });

    test("removes one by its name, and nothing else", async () => {
      await row("Vault").focus();
      await page.keyboard.press("Delete");
      const kept = page.getByRole("dialog", { name: "Remove Vault?" });
      await expect(kept).toContainText("The password that was entered for it is forgotten, too.");
      await kept.getByRole("button", { name: "Cancel" }).click();
      await expect(kept).toHaveCount(0);
      await row("127.0.0.1:1").focus();
      await page.keyboard.press("Delete");
      const dialog = page.getByRole("dialog", { name: "Remove 127.0.0.1:1?" });
      await expect(dialog).toContainText("Nothing is deleted there");
      await dialog.getByRole("button", { name: "Remove 127.0.0.1:1" }).click();
      await expect(row("127.0.0.1:1")).toHaveCount(0);
      await expect(row("Vault")).toBeVisible();
      await expectNoComplaints(complaints);
    });
  });
