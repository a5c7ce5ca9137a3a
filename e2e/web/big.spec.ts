// The window over a registry of ten thousand repositories and a hundred thousand tags: it finds, counts and takes by query.
import { expect, type Page, test } from "@playwright/test";
import { type BigRegistry, startBigRegistry } from "../../bench/big-registry.ts";
import { startBuiltHost } from "../../test/support/built-host.ts";
import { type TempFolder, tempFolder } from "../../test/support/temp.ts";
import { type Complaints, expectNoComplaints, openPage, type RunningHost, startHost } from "./stage.ts";
import { left, openRepository, planOf, right, rowOf } from "./window.ts";

/** Both are known, and shown in the panes, when the window opens. */
async function know(home: TempFolder, wide: BigRegistry, deep: BigRegistry): Promise<void> {
  const { client, stop } = await startBuiltHost(home.path);
  const add = async (name: string, host: string): Promise<string> =>
    (await client.call("endpoints.add", { name, settings: { kind: "registry", host } })).id;
  const [leftId, rightId] = [await add("Wide", wide.host), await add("Deep", deep.host)];
  const pane = (endpointId: string) => ({ endpointId, expanded: [], typed: [] });
  await client.call("settings.set", { key: "panes", value: { left: pane(leftId), right: pane(rightId) } });
  await stop();
}

test.describe("a registry of any size", () => {
  let wide: BigRegistry;
  let deep: BigRegistry;
  let home: TempFolder;
  let host: RunningHost;
  let page: Page;
  let complaints: Complaints;

  test.beforeAll(async ({ browser }) => {
    [wide, deep, home] = await Promise.all([
      startBigRegistry({ repositories: 10_000, tags: 10 }),
      startBigRegistry({ repositories: 1, tags: 100_000 }),
      tempFolder("big-journey"),
    ]);
    await know(home, wide, deep);
    host = await startHost(home.path);
    ({ page, complaints } = await openPage(browser, host.url));
  });
  test.afterAll(async () => {
    await page.context().close();
    await host.stop();
    await Promise.all([wide.stop(), deep.stop(), home.remove()]);
  });

  test("finds a few of ten thousand repositories", async () => {
    await expect(rowOf(left(page), "group-000")).toBeVisible();
    await left(page)
      .getByRole("searchbox", { name: /repositories/i })
      .fill("group-042/*");
    await expect(left(page).getByText("100 of 10,000")).toBeVisible();
    await openRepository(left(page), "group-042", "app-04201");
    await expect(left(page).getByText("10 tags", { exact: true })).toBeVisible();
  });

  test("lists, filters and takes a hundred thousand tags without reading any of their manifests", async () => {
    const before = (await deep.counts())["GET manifests"] ?? 0;
    await rowOf(right(page), "group-000").click();
    await page.keyboard.press("ArrowRight");
    await rowOf(right(page), "app-00000").click();
    await expect(right(page).getByText("100,000 tags")).toBeVisible();
    await right(page).getByRole("searchbox", { name: /tags/i }).fill("77*");
    await expect(right(page).getByText("1,100 of 100,000")).toBeVisible();
    const tags = right(page).getByRole("grid", { name: "Tags" });
    await tags.getByRole("row").nth(2).click();
    await page.keyboard.press("Control+a");
    await expect(right(page).getByText(/1,100 tags/)).toBeVisible();
    // Rows in sight tell their size; no screen asks for what nobody looks at.
    expect(((await deep.counts())["GET manifests"] ?? 0) - before).toBeLessThan(200);
  });

  test("plans them as one query, row by row only where one looks", async () => {
    await page.keyboard.press("F5");
    await expect(planOf(page).getByText(/^All 1,100$/)).toBeVisible({ timeout: 60_000 });
    await planOf(page).getByRole("searchbox").fill("779.9");
    await expect(planOf(page).getByRole("row").filter({ hasText: "779.9." })).not.toHaveCount(0);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await expect(planOf(page)).toHaveCount(0);
    await expectNoComplaints(complaints);
  });
});
