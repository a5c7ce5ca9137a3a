// Journeys on the production build: the web host in Chromium; real Electron where its binary is present.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results/journeys",
  workers: 2,
  timeout: 180_000,
  // A journey that needed it is named at the end of npm test.
  retries: 1,
  expect: {
    timeout: 15_000,
    // Small differences of anti-aliasing are no change; a moved row is.
    toHaveScreenshot: { maxDiffPixelRatio: 0.01, animations: "disabled", caret: "hide" },
  },
  // Pictures depend on the platform's fonts: one set per platform, next to their journeys.
  snapshotPathTemplate: "e2e/pictures/{platform}/{arg}{ext}",
  reporter: [["list"]],
  use: {
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env.FREIGHTLINER_BROWSER ?? "/usr/bin/chromium",
      args: [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
    },
    trace: "retain-on-failure",
  },
});
