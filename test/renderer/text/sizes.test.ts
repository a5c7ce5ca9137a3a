// Sizes with the decimal sign of the locale and in the chosen units.
import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The module as it is for a person of that locale. */
async function sizesIn(locale: string) {
  const real = Intl.NumberFormat;
  class Local extends real {
    constructor(_: string | undefined, options: Intl.NumberFormatOptions) {
      super(locale, options);
    }
  }
  vi.stubGlobal("Intl", { ...Intl, NumberFormat: Local });
  vi.resetModules();
  return import("../../../renderer/text/sizes.ts");
}

it("have the sign of the person's locale, and no more digits than matter", async () => {
  const { formatBytes, formatSpeed } = await sizesIn("de");
  expect(formatBytes(1536, "binary")).toBe("1,5 KiB");
  expect(formatBytes(1536, "decimal")).toBe("1,5 kB");
  expect(formatBytes(1023 * 1024, "binary")).toBe("1023 KiB");
  expect(formatBytes(7, "binary")).toBe("7 B");
  expect(formatSpeed(2.5 * 1024 * 1024, "binary")).toBe("2,5 MiB/s");
});
