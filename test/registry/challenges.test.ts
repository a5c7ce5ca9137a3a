import { describe, expect, it } from "vitest";
import { chooseChallenge, parseChallenges } from "../../electron/registry/challenges.ts";

function plain(headers: readonly string[]): unknown {
  return parseChallenges(headers).map((one) => [one.scheme, Object.fromEntries(one.parameters)]);
}

describe("WWW-Authenticate", () => {
  it.each<[string, readonly string[], unknown]>([
    ["nothing", [], []],
    ["a lone scheme", ["Negotiate"], [["negotiate", {}]]],
    ["Basic", ['Basic realm="Registry"'], [["basic", { realm: "Registry" }]]],
    [
      "Docker Hub",
      ['Bearer realm="https://auth.docker.io/token",service="registry.docker.io"'],
      [["bearer", { realm: "https://auth.docker.io/token", service: "registry.docker.io" }]],
    ],
    [
      "a comma inside quotes",
      ['Bearer realm="https://a/t",scope="repository:x:pull,push repository:y:pull"'],
      [["bearer", { realm: "https://a/t", scope: "repository:x:pull,push repository:y:pull" }]],
    ],
    ["escapes", ['Basic realm="a \\"b\\" \\\\ c"'], [["basic", { realm: 'a "b" \\ c' }]]],
    [
      "unquoted values",
      ["Bearer realm=https://a/t, service=s"],
      [["bearer", { realm: "https://a/t", service: "s" }]],
    ],
    [
      "blanks around =",
      ['Basic realm = "x" , charset = UTF-8'],
      [["basic", { realm: "x", charset: "UTF-8" }]],
    ],
    [
      "two challenges in one header",
      ['Basic realm="a", Bearer realm="https://b/t",service="s"'],
      [
        ["basic", { realm: "a" }],
        ["bearer", { realm: "https://b/t", service: "s" }],
      ],
    ],
    [
      "two headers and odd case",
      ['BEARER Realm="https://b/t"', 'bAsIc REALM="a"'],
      [
        ["bearer", { realm: "https://b/t" }],
        ["basic", { realm: "a" }],
      ],
    ],
    ["the first of a repeated name", ['Basic realm="a",realm="b"'], [["basic", { realm: "a" }]]],
    ["an unclosed quote", ['Basic realm="open'], [["basic", { realm: "open" }]]],
    ["rubbish", ['"",;;=, "x'], expect.anything()],
  ])("reads %s", (_name, headers, expected) => {
    expect(plain(headers)).toEqual(expected);
  });

  it("does not run away with a megabyte of separators", () => {
    const began = performance.now();
    parseChallenges([",".repeat(1_000_000), "Basic ".repeat(200_000), '"'.repeat(1_000_000)]);
    expect(performance.now() - began).toBeLessThan(500);
  });

  it("prefers Bearer, takes Basic, and leaves what it does not know", () => {
    const bearer = 'Bearer realm="https://a/t"';
    expect(chooseChallenge(parseChallenges(["Basic realm=x", bearer]))?.scheme).toBe("bearer");
    expect(chooseChallenge(parseChallenges(["Bearer", "Basic realm=x"]))?.scheme).toBe("basic");
    expect(chooseChallenge(parseChallenges(["Negotiate, Digest realm=x"]))).toBeUndefined();
  });
});
