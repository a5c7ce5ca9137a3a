// Platforms: which descriptor is meant by what people write.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesPlatform, parsePlatform, platformSchema } from "../../shared/platform.ts";

const read = (text: string) => {
  const [os = "", architecture = "", variant] = text.split("/");
  return { os, architecture, variant };
};

describe("platforms", () => {
  it.each([
    ["linux/amd64", "linux/amd64", true],
    ["linux/amd64", "linux/arm64", false],
    ["linux/amd64", "windows/amd64", false],
    ["linux/arm64", "linux/arm64/v8", true],
    ["linux/arm64/v8", "linux/arm64", true],
    ["linux/arm64/v9", "linux/arm64", false],
    ["linux/arm", "linux/arm/v6", true],
    ["linux/arm/v7", "linux/arm", true],
    ["linux/arm/v6", "linux/arm", false],
    ["linux/arm/v6", "linux/arm/v7", false],
    ["linux/amd64/v1", "linux/amd64", true],
    ["linux/amd64/v3", "linux/amd64", false],
    ["linux/x86_64", "linux/amd64", true],
    ["linux/aarch64", "linux/arm64/v8", true],
    ["linux/armhf", "linux/arm/v7", true],
    ["linux/armhf", "linux/arm/v6", false],
    ["linux/386", "linux/i386", true],
    ["linux/arm64/8", "linux/arm64/v8", true],
    ["darwin/arm64", "macos/arm64", true],
  ])("%s meets %s: %s", (wanted, found, expected) => {
    expect(matchesPlatform(parsePlatform(wanted), read(found))).toBe(expected);
  });

  it("mean no descriptor without a platform", () => {
    expect(matchesPlatform(parsePlatform("linux/amd64"), undefined)).toBe(false);
  });

  it.each(["linux", "linux/", "Linux/amd64", "linux/amd64/v1/x", "", "linux/../etc"])(
    "refuse %s by name",
    (text) => {
      expect(platformSchema.safeParse(text).success).toBe(false);
      expect(() => parsePlatform(text)).toThrow(`"${text}" is not a platform`);
    },
  );

  it("meet themselves, and without a variant every variant", () => {
    const part = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}$/);
    fc.assert(
      fc.property(part, part, part, (os, architecture, variant) => {
        const whole = parsePlatform(`${os}/${architecture}/${variant}`);
        expect(matchesPlatform(whole, whole)).toBe(true);
        if (!architecture.startsWith("arm")) expect(matchesPlatform({ os, architecture }, whole)).toBe(true);
      }),
    );
  });
});
