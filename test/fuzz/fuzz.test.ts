// The kept inputs of every parser, and a few seconds of broken ones made of them; `npm run fuzz` goes on for longer.
import { describe, expect, it } from "vitest";
import { fuzz } from "./fuzz.ts";
import { corpusOf, targets } from "./targets.ts";

describe("what others wrote", () => {
  it("is read or refused in our own words, however broken it is", { timeout: 90_000 }, async () => {
    const { inputs, failures } = await fuzz({ seconds: 4, seed: 1, hangMs: 20_000 });
    const told = failures.map(({ target, input, fault }) => {
      const text = Buffer.from(input).toString("latin1").slice(0, 300);
      return `${target}: ${fault}\n${JSON.stringify(text)}`;
    });
    expect(told).toEqual([]);
    for (const { name } of targets) {
      expect(corpusOf(name).length, name).toBeGreaterThan(1);
      expect(inputs.get(name), name).toBeGreaterThanOrEqual(corpusOf(name).length);
    }
  });
});
