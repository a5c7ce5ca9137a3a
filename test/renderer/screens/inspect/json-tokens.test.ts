// JSON as shown: every character of every value stays, lines fold, and what is no JSON is shown as it is.
import { describe, expect, it } from "vitest";
import {
  formattedText,
  layOut,
  markFound,
  readLines,
  tokenize,
  unfolded,
} from "../../../../renderer/screens/inspect/json-tokens.ts";

const text = '{"a":[1,-2.5e+10,"x\\"{y"],"empty":{},"none":[],"b":{"c":null,"d":true}}';
const linesOf = (json: string) => layOut(tokenize(json));

describe("JSON lines", () => {
  it("are what JSON.stringify would indent, for values that it leaves alone", () => {
    const plain = JSON.stringify({ a: [1, "two", { b: null }], c: {}, d: [], e: { f: false } });
    expect(formattedText(linesOf(plain))).toBe(JSON.stringify(JSON.parse(plain), undefined, 2));
  });
  it("keep numbers and escapes as they are written", () => {
    expect(formattedText(linesOf(text))).toContain("-2.5e+10");
    expect(formattedText(linesOf(text))).toContain('"x\\"{y"');
    expect(formattedText(linesOf('{"n":12345678901234567890.0}'))).toContain("12345678901234567890.0");
  });
  it("know keys from strings", () => {
    const kinds = tokenize('{"key":"value"}').map(({ kind }) => kind);
    expect(kinds).toEqual(["punctuation", "key", "punctuation", "string", "punctuation"]);
  });
  it("fold from an opening bracket to its own closing one", () => {
    const lines = linesOf(text);
    const list = lines.findIndex(({ tokens }) => tokens.some((token) => token.text === '"a"'));
    const shown = unfolded(lines, new Set([list]));
    expect(shown).not.toContain(list + 1);
    expect(lines[shown[shown.indexOf(list) + 1] ?? -1]?.tokens[0]?.text).toBe("]");
    expect(unfolded(lines, new Set([0]))).toEqual([0, lines.length - 1]);
  });
  it("show what is no JSON as it stands, and what was cut as far as it goes", () => {
    expect(formattedText(readLines("not json <b>\n two"))).toBe("not json <b>\n two");
    expect(formattedText(readLines('{"cut":"in the mid', true))).toBe('{\n  "cut": "in the mid');
  });
  it("are laid out for a megabyte in a moment", () => {
    const big = JSON.stringify(Array.from({ length: 30_000 }, (_, index) => ({ digest: `sha256:${index}` })));
    const started = performance.now();
    expect(linesOf(big).length).toBeGreaterThan(60_000);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe("markFound", () => {
  it("marks every place, in any case, and loses no character", () => {
    const parts = markFound("Digest digest", "digest");
    expect(parts.filter(({ found }) => found).map((part) => part.text)).toEqual(["Digest", "digest"]);
    expect(parts.map((part) => part.text).join("")).toBe("Digest digest");
  });
});
