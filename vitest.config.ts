// Test projects: unit and web run in `npm run check`, integration needs docker-registry and skopeo.
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Without it a machine of two cores uses one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: "unit",
          environment: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/integration/**", "test/renderer/**"],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "web",
          environment: "jsdom",
          include: ["test/renderer/**/*.test.{ts,tsx}"],
          // Whole screens under jsdom: seconds of work where other programs take the processor.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "integration",
          environment: "node",
          include: ["test/integration/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // Real programs on a busy machine; what needed it is named at the end of npm test.
          retry: 1,
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["electron/**/*.ts", "shared/**/*.ts"],
      exclude: ["**/*.d.ts"],
      reporter: ["text-summary", "json-summary", "json"],
      reportsDirectory: "coverage",
    },
  },
});
