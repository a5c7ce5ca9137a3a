// The tokens' contrast in light and dark, for each accent: WCAG AA for text on every surface it can stand on.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { settingSchemas } from "../../shared/settings.ts";

const css = readFileSync("renderer/styles/theme.css", "utf8");
const modes = ["light", "dark"] as const;
type Mode = (typeof modes)[number];
const accents = ["teal", "blue", "violet", "amber"] as const;

/** `--color-x` → its value, of the block that `selector` opens. */
function colorsOf(selector: string, mode: Mode): Map<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split("}")[0] ?? "";
  const pairs = [...block.matchAll(/--color-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)];
  return new Map(
    pairs.map(([, name = "", light = "", dark = ""]) => [name, mode === "light" ? light : dark]),
  );
}

function colors(accent: string, mode: Mode): (name: string) => string {
  const own =
    accent === "teal" ? new Map<string, string>() : colorsOf(`:root[data-accent="${accent}"]`, mode);
  const all = new Map([...colorsOf("@theme", mode), ...own]);
  return (name) => {
    const value = all.get(name);
    if (value === undefined) throw new Error(`theme.css has no colour ${name} for ${accent}`);
    return value;
  };
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const surfaces = ["canvas", "surface", "sunken", "raised", "hover"] as const;
const tones = ["ok", "warn", "bad", "info"] as const;

describe.each(modes)("in %s", (mode) => {
  it.each(accents)("the accent %s can be read wherever it stands", (accent) => {
    const color = colors(accent, mode);
    const pairs = [
      ...surfaces.map((surface) => ["accent", surface] as const),
      ["on-accent", "accent"],
      ["on-accent", "accent-hover"],
      ["accent-strong", "accent-soft"],
      ["text", "accent-soft"],
      ["muted", "accent-soft"],
    ] as const;
    const short = pairs
      .map(([ink, ground]) => ({ ink, ground, ratio: contrast(color(ink), color(ground)) }))
      .filter(({ ratio }) => ratio < 4.5);
    expect(short).toEqual([]);
  });

  it("text, muted text and every tone can be read on every surface", () => {
    const color = colors("teal", mode);
    const pairs = [
      ...["text", "muted", ...tones].flatMap((ink) => surfaces.map((surface) => [ink, surface] as const)),
      ...tones.map((tone) => [tone, `${tone}-soft`] as const),
      ...tones.map((tone) => ["text", `${tone}-soft`] as const),
    ];
    const short = pairs
      .map(([ink, ground]) => ({ ink, ground, ratio: contrast(color(ink), color(ground)) }))
      .filter(({ ratio }) => ratio < 4.5);
    expect(short).toEqual([]);
  });
});

it("knows every accent that can be chosen", () => {
  for (const accent of accents) expect(settingSchemas.accent.safeParse(accent).success).toBe(true);
  expect(settingSchemas.accent.safeParse("grey").success).toBe(false);
});
