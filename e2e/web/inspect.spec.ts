// Looking into an image: platforms, layers, configuration, text, attachments, verification; and two images side by side.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, type Locator, test } from "@playwright/test";
import { cliBundle, nodeBinary } from "../../test/support/processes.ts";
import { inspect } from "../../test/support/skopeo.ts";
import { tempFolder } from "../../test/support/temp.ts";
import {
  expectAccessibleEverywhere,
  go,
  type HistoryStage,
  repository,
  runToEnd,
  startHistoryStage,
} from "./history-stage.ts";
import { expectNoComplaints, picture } from "./stage.ts";

for (const [colorScheme, width, height] of [
  ["light", 1280, 800],
  ["dark", 1920, 1080],
] as const) {
  test.describe
    .serial(`looking into a signed image, ${colorScheme} at ${width}×${height}`, () => {
      let stage: HistoryStage;
      let drawer: Locator;
      const shot = (name: string): Promise<void> => picture(stage.page, `${colorScheme}-${width}-${name}`);

      test.beforeAll(async ({ browser }) => {
        stage = await startHistoryStage(browser, { colorScheme, width, height });
        const { client, sourceId, destinationId } = stage;
        const images = ["v1", "v2"].map((reference) => ({ kind: "image" as const, repository, reference }));
        const mapping = { kind: "prefix", prefix: "mirror" } as const;
        await runToEnd(client, { sourceId, destinationId, selection: images, mapping });
        await runToEnd(client, { sourceId, destinationId, selection: images });
        await go(stage.page, "History");
        await stage.page.getByRole("row").nth(1).dblclick();
        const report = stage.page.getByRole("dialog");
        await report.getByRole("option", { name: /team\/app:v1/ }).click();
        await report.getByRole("button", { name: "Inspect at the destination" }).click();
        drawer = stage.page.getByRole("dialog", { name: `${repository}:v1` });
      });
      test.afterAll(() => stage.close());

      test("shows the platforms and the layers with what made them", async () => {
        const tree = drawer.getByRole("tree", { name: "Manifests" });
        await expect(tree.getByRole("treeitem")).toHaveCount(3);
        const arm = tree.getByRole("treeitem", { name: /linux\/arm64/ });
        await arm.click();
        await expect(arm).toHaveAttribute("aria-selected", "true");
        const told = await inspect(stage.destination, repository, "v1", { overrideArch: "arm64" });
        const layers = drawer.getByRole("listbox", { name: "Layers" }).getByRole("option");
        await expect(layers).toHaveCount((told.Layers as string[]).length);
        await layers.nth(1).click();
        await expect(drawer.getByRole("region", { name: "Layer" })).toContainText(
          (told.Layers as string[])[1] ?? "?",
        );
        // An earlier run brought the same layers to another repository.
        await expect(drawer.getByRole("region", { name: "Layer" })).toContainText(
          `Production / mirror/${repository}`,
        );
        await shot("inspect-1-layers");
        await expectAccessibleEverywhere(stage.page, "inspect, layers");
      });

      test("shows the configuration, and says which values look secret", async () => {
        await drawer.getByRole("tab", { name: "Configuration" }).click();
        const told = await inspect(stage.destination, repository, "v1", { overrideArch: "arm64" });
        await expect(drawer.getByRole("region", { name: "Environment" })).toContainText("PATH");
        await expect(drawer.getByRole("region", { name: "Labels" })).toContainText(
          "org.opencontainers.image.title",
        );
        const labels = drawer.getByRole("region", { name: "Labels" });
        await expect(labels.getByRole("listitem").filter({ hasText: "deploy_token" })).toContainText(
          "looks like a secret",
        );
        await expect(labels.getByRole("listitem").filter({ hasText: "version" })).not.toContainText("secret");
        await expect(drawer.getByRole("region", { name: "General" })).toContainText(
          `linux/${told.Architecture}`,
        );
        await shot("inspect-2-config");
        await expectAccessibleEverywhere(stage.page, "inspect, configuration");
      });

      test("shows the manifest's text, searched and folded by key", async () => {
        await drawer.getByRole("tab", { name: "Manifest" }).click();
        const text = drawer.getByRole("tree", { name: "Text of the manifest" });
        await expect(text.getByRole("treeitem").first()).toBeVisible();
        await drawer.getByRole("searchbox", { name: "Search" }).fill("digest");
        await expect(drawer.getByText(/^1 of \d+$/)).toBeVisible();
        await shot("inspect-3-manifest");
        await expectAccessibleEverywhere(stage.page, "inspect, manifest");
        await drawer.getByRole("searchbox", { name: "Search" }).fill("");
        const lines = await text.getByRole("treeitem").count();
        await text.focus();
        await stage.page.keyboard.press("Home");
        await stage.page.keyboard.press("ArrowLeft");
        expect(await text.getByRole("treeitem").count()).toBeLessThan(lines);
        await drawer.getByRole("button", { name: "Copy the exact text" }).click();
        const copied = await stage.page.evaluate(() => navigator.clipboard.readText());
        expect(stage.image.children.map(({ bytes }) => bytes.toString("utf8"))).toContain(copied);
      });

      test("shows what is attached, and what is attached to that; each can be opened", async () => {
        await drawer.getByRole("tab", { name: "Attachments" }).click();
        const rows = drawer.getByRole("tree", { name: "Attachments" }).getByRole("treeitem");
        await expect(rows).toHaveCount(3);
        const sbom = rows.filter({ hasText: "SBOM" });
        await expect(sbom).toHaveAttribute("aria-level", "1");
        await expect(rows.filter({ hasText: "cosign.artifact.sig" })).toHaveAttribute("aria-level", "2");
        await shot("inspect-4-attachments");
        await expectAccessibleEverywhere(stage.page, "inspect, attachments");
        await sbom.click();
        await expect(stage.page.getByRole("dialog", { name: new RegExp(stage.sbom.digest) })).toBeVisible();
        await stage.page.getByRole("button", { name: "Back", exact: true }).click();
        await expect(drawer).toBeVisible();
      });

      test("verifies both sides down to the blobs", async () => {
        await drawer.getByRole("tab", { name: "Verify" }).click();
        await drawer.getByRole("combobox", { name: "Compare with" }).click();
        await stage.page.getByRole("option", { name: "Staging" }).click();
        await drawer.getByRole("button", { name: "Verify", exact: true }).click();
        await expect(drawer.getByText("Both sides are the same")).toBeVisible();
        await shot("inspect-5-verify");
        await expectAccessibleEverywhere(stage.page, "inspect, verify");
      });

      test("verifies the same by the command that it copies", async () => {
        await drawer.getByRole("checkbox", { name: "Also signatures" }).uncheck();
        await drawer.getByRole("button", { name: "Copy as command" }).click();
        await expect(stage.page.getByText("The command was copied").first()).toBeVisible();
        const line = await stage.page.evaluate(() => navigator.clipboard.readText());
        expect(line).toMatch(/^freightliner verify --home \S+ Production\/team\/app:v1 .* --no-attachments$/);
        // The registries are known by name to the data folder in the line alone.
        const elsewhere = await tempFolder("verify-command");
        const script = `freightliner() { "${nodeBinary}" "${cliBundle}" "$@"; }\n${line}`;
        const env = { PATH: process.env.PATH ?? "", HOME: elsewhere.path, FREIGHTLINER_HOME: elsewhere.path };
        const { stdout } = await promisify(execFile)("bash", ["-c", script], { env });
        await elsewhere.remove();
        expect(stdout).toMatch(/^Equal: sha256:/);
      });

      test("compares two tags part by part, layer by layer, setting by setting", async () => {
        await drawer.getByRole("button", { name: "Compare…" }).click();
        const compare = stage.page.getByRole("dialog", { name: "Compare" });
        await compare.getByRole("combobox", { name: "Destination tag" }).click();
        await stage.page.getByRole("option", { name: "v2", exact: true }).click();
        await expect(compare.getByText(/^Different: /)).toBeVisible();
        await expect(
          compare.getByRole("listbox", { name: "Parts of both images" }).getByRole("option").first(),
        ).toBeVisible();
        await shot("compare-1-parts");
        await expectAccessibleEverywhere(stage.page, "compare, parts");
        await compare.getByRole("tab", { name: "Layers" }).click();
        await expect(compare.getByRole("table")).toContainText("In both");
        await expect(compare.getByRole("table")).toContainText("Only destination");
        await shot("compare-2-layers");
        await expectAccessibleEverywhere(stage.page, "compare, layers");
        await compare.getByRole("tab", { name: "Configuration" }).click();
        await expect(compare.getByRole("row", { name: /LABEL version/ })).toContainText("Changed");
        await shot("compare-3-config");
        await expectAccessibleEverywhere(stage.page, "compare, configuration");
      });

      test("copies the source over by a plan, never at once", async () => {
        const compare = stage.page.getByRole("dialog", { name: "Compare" });
        await compare.getByRole("combobox", { name: "Destination registry" }).click();
        await stage.page.getByRole("option", { name: "Staging" }).click();
        await compare.getByRole("button", { name: "Swap the sides" }).click();
        await compare.getByRole("button", { name: "Copy the source over…" }).click();
        await expect(stage.page.getByRole("dialog", { name: "Plan" })).toContainText("v2");
        await stage.page.keyboard.press("Escape");
      });

      test("breaks no rule of its content security policy", async () => {
        await expectNoComplaints(stage.complaints);
      });
    });
}
