// How the palette orders what matches.
import { describe, expect, it } from "vitest";
import { best, rank } from "../../../renderer/commands/rank.ts";

const titles = ["Go to Transfers", "Go to Jobs", "Pause all transfers", "Jobs: export", "Keep the log"];
const found = (query: string) => best(titles, query, (title) => [title], 9).map(({ item }) => item);

describe("rank", () => {
  it("finds words in any order, and only where all are there", () => {
    expect(found("transfers pause")).toEqual(["Pause all transfers"]);
    expect(found("pause jobs")).toEqual([]);
  });

  it("puts a begun title before a word within, and that before letters", () => {
    expect(found("jobs")).toEqual(["Jobs: export", "Go to Jobs"]);
    expect(found("gtj")).toEqual(["Go to Jobs"]);
    expect(found("xq")).toEqual([]);
  });

  it("finds by further words too, but behind titles", () => {
    const byTitle = rank("dark", "Dark theme");
    const byKeyword = rank("dark", "Theme", "dark light");
    expect(byKeyword).toBeDefined();
    expect(byTitle ?? 0).toBeGreaterThan(byKeyword ?? 0);
  });
});
