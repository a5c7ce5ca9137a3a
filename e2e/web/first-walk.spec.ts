// The first walk of a person: from nothing to the first verified copy in under six actions, then what to do next.
import { expect, test } from "@playwright/test";
import { digestOf } from "../../test/support/skopeo.ts";
import { type TempFolder, tempFolder } from "../../test/support/temp.ts";
import { expectNoComplaints, openPage, picture, type RunningHost, startHost } from "./stage.ts";
import { expectAccessible, left, planOf, right, rowOf, showScreen } from "./window.ts";

test.describe("the first walk", () => {
  let home: TempFolder;
  let host: RunningHost;

  test.beforeAll(async () => {
    home = await tempFolder("first-walk");
    host = await startHost(home.path);
  });
  test.afterAll(async () => {
    await host.stop();
    await home.remove();
  });

  test("takes fewer than six actions from samples to the first verified drag", async ({ browser }) => {
    const { page, complaints } = await openPage(browser, host.url);
    let actions = 0;
    const act = async (action: Promise<void>): Promise<void> => {
      actions += 1;
      await action;
    };
    const ways = page.getByRole("region", { name: "Ways to start" });
    for (const name of ["Start sample registries", "Add registry…", "Import…", "Open folder…"])
      await expect(ways.getByRole("button", { name })).toBeVisible();
    await expect(page.getByRole("region", { name: "How it goes" }).getByRole("listitem")).toHaveCount(3);
    for (const media of [
      { colorScheme: "light" },
      { colorScheme: "dark" },
      { forcedColors: "active" },
    ] as const) {
      await page.emulateMedia(media);
      await expectAccessible(page, `first start, ${JSON.stringify(media)}`);
    }
    await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });

    await act(page.getByRole("button", { name: "Start sample registries" }).click());
    await rowOf(left(page), "shop").waitFor();
    await act(rowOf(left(page), "shop").dragTo(rowOf(right(page), "All repositories")));
    await act(
      planOf(page)
        .getByRole("button", { name: /^Start: move/ })
        .click(),
    );
    const next = page.getByRole("region", { name: "What to do next" });
    await expect(next).toContainText("the digests are the same", { timeout: 90_000 });
    expect(actions).toBeLessThan(6);
    await picture(page, "70-what-next");
    await expectAccessible(page, "what to do next");

    await next.getByRole("button", { name: "Show the differences" }).click();
    await expect(next).toHaveCount(0);
    await showScreen(page, "Registries");
    const address = async (name: string): Promise<string> => {
      const text = await page.getByRole("row", { name, exact: true }).innerText();
      return /127\.0\.0\.1:\d+/.exec(text)?.[0] ?? "";
    };
    const [source, destination] = [await address("Sample production"), await address("Sample staging")];
    const target = (at: string) => ({ host: at, url: `http://${at}` });
    expect(await digestOf(target(destination), "shop/web", "v1.4.2")).toBe(
      await digestOf(target(source), "shop/web", "v1.4.2"),
    );
    // It is said once: not after the next start of the page either.
    await page.waitForTimeout(600);
    await page.reload();
    await page.getByRole("navigation").getByText("Transfer", { exact: true }).waitFor();
    await expect(next).toHaveCount(0);
    await expectNoComplaints(complaints);
    await page.context().close();
  });
});
