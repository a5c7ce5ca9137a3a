// Two images side by side: layers aligned by what both have, settings by name.
import { describe, expect, it } from "vitest";
import { alignLayers, diffConfigs } from "../../../../renderer/screens/compare/align.ts";
import { readImageConfig } from "../../../../renderer/screens/inspect/image-config.ts";
import { inspectText } from "../../../../renderer/text/inspect.ts";

const layers = (letters: string) =>
  [...letters].map((letter) => ({ digest: letter, mediaType: "layer", size: 1 }));
const aligned = (source: string, destination: string) =>
  alignLayers(layers(source), layers(destination)).map(
    (row) => `${row.source?.digest ?? "-"}${row.destination?.digest ?? "-"}`,
  );

describe("alignLayers", () => {
  it.each([
    ["abc", "abc", ["aa", "bb", "cc"]],
    ["abc", "axc", ["aa", "b-", "-x", "cc"]],
    ["ab", "abcd", ["aa", "bb", "-c", "-d"]],
    ["", "a", ["-a"]],
    ["aab", "ab", ["aa", "a-", "bb"]],
  ])("%s against %s", (source, destination, expected) => {
    const rows = aligned(source, destination);
    expect([...rows].sort()).toEqual([...expected].sort());
    // Both columns keep their order.
    expect(
      rows
        .map(([left]) => left)
        .filter((letter) => letter !== "-")
        .join(""),
    ).toBe(source);
    expect(
      rows
        .map((row) => row[1])
        .filter((letter) => letter !== "-")
        .join(""),
    ).toBe(destination);
  });
});

it("tells of every setting whether it is the same, changed, or on one side only", () => {
  const config = (env: string[], user: string) =>
    readImageConfig(JSON.stringify({ config: { Env: env, User: user } }));
  const [source, destination] = [
    config(["A=1", "B=1", "C=1"], "root"),
    config(["A=1", "B=2", "D=1"], "root"),
  ];
  if (source === undefined || destination === undefined) throw new Error("not read");
  const states = Object.fromEntries(
    diffConfigs(source, destination, inspectText.config).map(({ name, state }) => [name, state]),
  );
  expect(states).toEqual({
    User: "same",
    "ENV A": "same",
    "ENV B": "changed",
    "ENV C": "removed",
    "ENV D": "added",
  });
});
