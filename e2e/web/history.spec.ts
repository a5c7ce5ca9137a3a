// Jobs and what became of them: saved, run, exported and imported; the history with its filters, reports and their files.
import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "@playwright/test";
import { digestOf } from "../../test/support/skopeo.ts";
import {
  expectAccessibleEverywhere,
  go,
  type HistoryStage,
  repository,
  runToEnd,
  startHistoryStage,
  until,
} from "./history-stage.ts";
import { expectNoComplaints, picture } from "./stage.ts";

const history = (page: Page) => page.getByRole("grid", { name: "Transfers that ended" });
const jobs = (page: Page) => page.getByRole("grid", { name: "Saved jobs" });
const dialog = (page: Page) => page.getByRole("dialog");

for (const [colorScheme, width, height] of [
  ["light", 1280, 800],
  ["dark", 1920, 1080],
] as const) {
  test.describe
    .serial(`jobs and history, ${colorScheme} at ${width}×${height}`, () => {
      let stage: HistoryStage;
      let page: Page;
      const shot = (name: string): Promise<void> => picture(page, `${colorScheme}-${width}-${name}`);

      test.beforeAll(async ({ browser }) => {
        stage = await startHistoryStage(browser, { colorScheme, width, height });
        ({ page } = stage);
      });
      test.afterAll(() => stage.close());

      test("teaches where nothing is yet", async () => {
        await go(page, "Jobs");
        await expect(page.getByText("No saved jobs yet")).toBeVisible();
        await shot("jobs-1-empty");
        await expectAccessibleEverywhere(page, "jobs, empty");
        await go(page, "History");
        await expect(page.getByText("No transfer has ended yet")).toBeVisible();
        await shot("history-1-empty");
        await expectAccessibleEverywhere(page, "history, empty");
      });

      test("shows a job that was saved elsewhere at once, switches it off and on, renames and duplicates it", async () => {
        const { client, sourceId, destinationId } = stage;
        await go(page, "Jobs");
        await client.call("jobs.save", {
          name: "nightly",
          spec: {
            sourceId,
            destinationId,
            selection: [
              { kind: "repositories", names: [repository], tags: { latest: { count: 5, by: "created" } } },
            ],
          },
          schedule: { cron: "0 2 * * *", timeZone: "Europe/Vienna" },
        });
        const row = jobs(page).getByRole("row", { name: /nightly/ });
        await expect(row).toContainText("the newest 5 tags by date");
        await expect(row).toContainText("Staging → Production");
        await expect(row).toContainText("Every day at 02:00");
        await expect(row).toContainText(/in \d+/);
        await row.getByRole("switch").click();
        await expect(row).toContainText("off");
        await row.getByRole("switch").click();
        await expect(row).toContainText(/in \d+/);
        await row.getByRole("gridcell").nth(1).click();
        await page.keyboard.press("F2");
        await dialog(page).getByRole("textbox", { name: "Name" }).fill("every night");
        await dialog(page).getByRole("button", { name: "Save" }).click();
        const renamed = jobs(page).getByRole("row", { name: /every night/ });
        await expect(renamed).toBeVisible();
        await renamed.getByRole("button", { name: /^More about/ }).click();
        await page.getByRole("menuitem", { name: "Duplicate" }).click();
        await expect(jobs(page).getByRole("row", { name: /every night copy/ })).toBeVisible();
        await shot("jobs-2-list");
        await expectAccessibleEverywhere(page, "jobs");
      });

      test("runs a job now, and both digests of its report are what skopeo reads", async () => {
        const row = jobs(page)
          .getByRole("row", { name: /^Select every night Select|every night/ })
          .first();
        await row.getByRole("button", { name: "Run now" }).click();
        await expect(page.getByText("Started: every night")).toBeVisible();
        const { runs } = await stage.client.call("runs.list", {});
        const run = await until(stage.client, runs[0]?.id ?? "", ({ state }) => state === "succeeded");
        expect(run.jobId).not.toBeNull();
        await expect(row.getByRole("button", { name: "Done" })).toBeVisible();
        await go(page, "History");
        await expect(history(page).getByRole("row").nth(1)).toContainText("Done");
        await shot("history-2-list");
        await expectAccessibleEverywhere(page, "history");
        await history(page).getByRole("row").nth(1).press("Enter");
        const image = dialog(page).getByRole("option", { name: /team\/app:v1/ });
        await image.click();
        await expect(image).toContainText("Verified");
        const source = await digestOf(stage.source, repository, "v1");
        const destination = await digestOf(stage.destination, repository, "v1");
        expect(destination).toBe(source);
        const details = dialog(page).getByRole("region", { name: "Image" });
        await expect(details.getByText(source)).toHaveCount(2);
        await shot("report-1");
        await expectAccessibleEverywhere(page, "report");
      });

      test("keeps the report as JSON, CSV and HTML with the same digests", async () => {
        const digest = await digestOf(stage.destination, repository, "v1");
        for (const format of ["JSON", "CSV", "HTML"]) {
          await dialog(page).getByRole("button", { name: "Export" }).click();
          const saved = page.waitForEvent("download");
          await page.getByRole("menuitem", { name: `Export as ${format}` }).click();
          const download = await saved;
          expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${format.toLowerCase()}$`));
          const text = await readFile(await download.path(), "utf8");
          expect(text).toContain(digest);
          if (format === "JSON") {
            const report = JSON.parse(text) as {
              items: { source_digest: string; destination_digest: string }[];
            };
            const digests = report.items.map((item) => [item.source_digest, item.destination_digest]);
            expect(digests).toContainEqual([digest, digest]);
          }
        }
      });

      test("filters the report's images by outcome and text", async () => {
        await dialog(page).getByRole("button", { name: "Failed", exact: true }).click();
        await expect(dialog(page).getByText("No image matches the filter")).toBeVisible();
        await dialog(page).getByRole("button", { name: "All", exact: true }).click();
        await dialog(page).getByRole("searchbox", { name: "Repository or tag" }).fill("v2");
        await expect(dialog(page).getByRole("option")).toHaveCount(1);
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
        await expect(dialog(page)).toHaveCount(0);
      });

      test("shows a run that failed in part as partly, and filters by state", async () => {
        const { client, sourceId, destinationId } = stage;
        const images = ["v1", "not-there"].map((reference) => ({
          kind: "image" as const,
          repository,
          reference,
        }));
        const run = await runToEnd(client, { sourceId, destinationId, selection: images });
        expect(run.state).toBe("failed");
        await expect(history(page).getByRole("row").nth(1)).toContainText("Partly done");
        await expect(history(page).getByRole("row").nth(1)).toContainText("1 failed");
        await page.getByRole("combobox", { name: "State" }).click();
        await page.getByRole("option", { name: "Failed or partly done" }).click();
        await expect(history(page).getByRole("row")).toHaveCount(2);
        await shot("history-3-partly");
        await page.getByRole("searchbox", { name: "Repository, tag or registry" }).fill("nowhere");
        await expect(page.getByText("No transfer matches the filter")).toBeVisible();
        await page.getByRole("button", { name: "Show all transfers" }).click();
        await expect(history(page).getByRole("row")).toHaveCount(3);
      });

      test("says what changed since a run, and plans the difference", async () => {
        const row = history(page).getByRole("row").nth(2);
        await row.click({ button: "right" });
        await page.getByRole("menuitem", { name: "What changed since…" }).click();
        await expect(dialog(page).getByRole("row", { name: /team\/app/ })).toContainText("2");
        await shot("history-4-changes");
        await expectAccessibleEverywhere(page, "what changed");
        await dialog(page).getByRole("button", { name: "Plan the difference…" }).click();
        await expect(page.getByRole("dialog", { name: "Plan" })).toBeVisible();
        await page.keyboard.press("Escape");
        await expect(page.getByRole("dialog", { name: "Plan" })).toHaveCount(0);
      });

      test("takes a removal back, and clears all after a named confirmation", async () => {
        await history(page).getByRole("row").nth(1).press("Delete");
        await expect(history(page).getByRole("row").nth(1)).toContainText("Removed");
        await page.getByRole("button", { name: "Undo" }).click();
        await expect(history(page).getByRole("row").nth(1)).toContainText("Partly done");
        await page.getByRole("button", { name: "Clear…" }).click();
        await shot("history-5-clear");
        await expectAccessibleEverywhere(page, "clear the history");
        await dialog(page).getByRole("button", { name: "Remove 2 transfers for good" }).click();
        await expect(page.getByText("No transfer has ended yet")).toBeVisible();
      });

      test("breaks no rule of its content security policy", async () => {
        await expectNoComplaints(stage.complaints);
      });
    });
}
