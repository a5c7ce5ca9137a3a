// `npm run bench:ui`: how fluid the window is at size, measured with Chromium's own tracing on the production build.
// Of steps that jitter the median of three is printed. Time that other programs took from the page counts: run it on a machine
// that is quiet otherwise; the processor time beside it says what the page itself needs.
// Options: --repositories N (10000), --tags N (100000), --images N (10000), --moving N (16), --runs N (10000). Build first (`npm run build`).
import { existsSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright";
import { hostBundle } from "../test/support/built-host.ts";
import { launchChromium } from "../test/support/chromium.ts";
import { startProcess } from "../test/support/processes.ts";
import { filters, plan, repositories, tags } from "./ui-home.ts";
import { heapMiB, limits, verdict } from "./ui-measure.ts";
import { finished, history, reportedBlobs, transfers } from "./ui-runs.ts";
import { prepareStage } from "./ui-stage.ts";

const { values } = parseArgs({
  options: {
    repositories: { type: "string", default: "10000" },
    tags: { type: "string", default: "100000" },
    images: { type: "string", default: "10000" },
    moving: { type: "string", default: "16" },
    runs: { type: "string", default: "10000" },
  },
});
const sizes = {
  repositories: Number(values.repositories),
  tags: Number(values.tags),
  images: Number(values.images),
  movingImages: Number(values.moving),
  layerBytes: 6 * 1024 * 1024,
  runs: Number(values.runs),
};
/**
 * From the start of the host's process, and from the request for the page, to the first contents. The browser and its empty
 * window are there before: making one by remote control takes a few hundred milliseconds that are not the program's.
 */
async function firstWindow(
  browser: Browser,
  home: string,
): Promise<{ readonly page: Page; readonly blobs: () => number }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const blobs = reportedBlobs(page);
  const started = performance.now();
  const host = startProcess({ home, args: [], script: hostBundle });
  process.once("exit", () => process.kill(host.pid, "SIGKILL"));
  const [url] = await host.waitFor(/http:\/\/\S+#t=\S+/);
  const listening = performance.now() - started;
  await page.goto(url);
  await page.getByRole("navigation", { name: "Screens" }).waitFor();
  const painted = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
  );
  const first = listening + painted;
  console.log(
    `  first contents after ${first.toFixed(0)} ms (host listens after ${listening.toFixed(0)} ms, first contentful paint ${painted.toFixed(0)} ms after the request): ${verdict(first <= limits.firstWindowMs)}`,
  );
  return { page, blobs };
}

if (!existsSync(hostBundle)) throw new Error(`${hostBundle} is missing; run npm run build first.`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
const stage = await prepareStage(sizes);
const browser = await launchChromium(["--enable-precise-memory-info", "--disable-gpu"]);
try {
  console.log(
    `window: ${sizes.repositories} repositories and ${sizes.tags} tags in one registry, ${sizes.tags} tags in one repository, Chromium ${browser.version()}, Node ${process.version}, ${availableParallelism()} processors with a load of ${loadavg()[0]?.toFixed(1)}`,
  );
  const { page, blobs } = await firstWindow(browser, stage.home.path);
  await repositories(page, sizes);
  await tags(page, sizes);
  await filters(page);
  await plan(page, sizes);
  await transfers(page, blobs);
  await finished(page, sizes);
  await history(page, sizes);
  const heap = await heapMiB(page);
  console.log(`  heap of the page at the end: ${heap.toFixed(0)} MiB: ${verdict(heap <= limits.heapMiB)}`);
} finally {
  await browser.close();
  await stage.close();
}
process.exit(0);
