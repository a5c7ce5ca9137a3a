// The command line's small parts: exit codes, targets, sides, tables, safety of what is printed.
import { describe, expect, it } from "vitest";
import { statusOf } from "../../electron/app/run-document.ts";
import { writeFileAtomic } from "../../electron/cli/atomic-file.ts";
import { exitCodeOf, exitCodeOfRun, type RunEnd } from "../../electron/cli/exit-code.ts";
import { readPasswords, readSideOptions } from "../../electron/cli/sides.ts";
import { factLines, tableLines } from "../../electron/cli/table.ts";
import { parseImageTarget, parseRepositoryTarget, parseTarget } from "../../electron/cli/target.ts";
import { errorCodes } from "../../shared/errors.ts";
import { jsonText, plainLines, plainText } from "../../shared/plain-text.ts";
import { isLoopbackAddress } from "../../shared/reference.ts";
import { emptyRunTallies, type Run } from "../../shared/run.ts";

const digest = `sha256:${"a".repeat(64)}`;

describe("result files", () => {
  it.runIf(process.platform === "linux")("R007 end with an error where no folder can be made", async () => {
    await expect(writeFileAtomic("/proc/nope/deeper/run.json", "{}", "report")).rejects.toMatchObject({
      code: "io",
      message: "The report /proc/nope/deeper/run.json could not be written.",
    });
  });
});

describe("exit codes", () => {
  it("are those of the documentation for every error code", () => {
    const expected: Record<string, number> = {
      ...{ usage: 2, configuration: 2, "invalid-reference": 2, "mapping-collision": 2 },
      ...{ "not-found": 2, "illegal-transition": 2 },
      ...{ unauthorized: 3, forbidden: 3, locked: 3, unreachable: 4, tls: 4, timeout: 4 },
      ...{ "verification-failed": 5, cancelled: 130 },
    };
    for (const code of errorCodes) expect(exitCodeOf(code), code).toBe(expected[code] ?? 1);
  });

  const end = (more: Partial<RunEnd>): RunEnd => ({
    ...{
      state: "succeeded",
      stateReason: null,
      error: null,
      arrived: 1,
      failed: 0,
      failedCodes: [],
      ...more,
    },
  });
  it("say of a run what stopped it", () => {
    expect(exitCodeOfRun(end({}))).toBe(0);
    expect(exitCodeOfRun(end({ state: "planned" }))).toBe(0);
    expect(exitCodeOfRun(end({ state: "paused", stateReason: "user" }))).toBe(130);
    expect(exitCodeOfRun(end({ state: "cancelled" }))).toBe(130);
    expect(exitCodeOfRun(end({ state: "paused", stateReason: "sign-in-needed" }))).toBe(3);
    expect(exitCodeOfRun(end({ state: "failed" }))).toBe(1);
    expect(exitCodeOfRun(end({ state: "failed", error: { code: "unreachable" } }))).toBe(4);
  });
  it("say 3 or 4 of images only where nothing arrived for that one reason", () => {
    const failed = { state: "failed", failed: 2, arrived: 0 } as const;
    expect(exitCodeOfRun(end({ ...failed, failedCodes: ["unauthorized", "forbidden"] }))).toBe(3);
    expect(exitCodeOfRun(end({ ...failed, failedCodes: ["tls"] }))).toBe(4);
    expect(exitCodeOfRun(end({ ...failed, failedCodes: ["tls", "forbidden"] }))).toBe(1);
    expect(exitCodeOfRun(end({ ...failed, failedCodes: ["repository-unknown"] }))).toBe(1);
    expect(exitCodeOfRun(end({ ...failed, arrived: 1, failedCodes: ["forbidden"] }))).toBe(1);
    expect(
      exitCodeOfRun(end({ ...failed, arrived: 9, failedCodes: ["protocol", "verification-failed"] })),
    ).toBe(5);
  });
  it("calls a run failed where an image could not be planned", () => {
    const run = { state: "succeeded", tallies: { ...emptyRunTallies, imagesFailed: 1 } } as Run;
    expect(statusOf(run)).toBe("failed");
    expect(statusOf({ ...run, state: "failed" })).toBe("failed");
    expect(statusOf({ ...run, state: "queued" })).toBe("interrupted");
  });
});

describe("targets", () => {
  const saved = new Set(["staging", "vault.example:5000"]);
  it("are a host, a URL, a folder or a saved name", () => {
    expect(parseTarget("localhost:5000", saved)).toEqual({
      kind: "host",
      host: "localhost:5000",
      scheme: undefined,
    });
    expect(parseTarget("http://a.example/", saved)).toEqual({
      kind: "host",
      host: "a.example",
      scheme: "http",
    });
    expect(parseTarget("https://a.example", saved)).toEqual({
      kind: "host",
      host: "a.example",
      scheme: "https",
    });
    expect(parseTarget("oci:/data/vault", saved)).toEqual({ kind: "layout", path: "/data/vault" });
    expect(parseTarget("oci-archive:/data/x.tar", saved)).toEqual({
      ...{ kind: "archive", format: "oci" },
      path: "/data/x.tar",
    });
    expect(parseTarget("staging", saved)).toEqual({ kind: "saved", name: "staging" });
    expect(parseTarget("vault.example:5000", saved)).toEqual({ kind: "saved", name: "vault.example:5000" });
  });
  it.each([
    ["a.example/team", /--repository/],
    ["user:secret@a.example", /--password-stdin/],
    ["a b", /is not a registry/],
    ["oci:", /no folder/],
    ["oci-archive:", /no file/],
  ])("refuse %s with a sentence", (text, sentence) => {
    expect(() => parseTarget(text, saved)).toThrow(sentence);
  });
  it("never repeat a password that was typed into an address", () => {
    expect(() => parseTarget("https://me:hunter2@a.example", saved)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("hunter2") }),
    );
  });

  it("read images", () => {
    const read = (text: string) => parseImageTarget(text, saved);
    expect(read("localhost:5000/team/app:v1")).toMatchObject({ repository: "team/app", tag: "v1" });
    expect(read(`localhost:5000/app@${digest}`)).toMatchObject({ repository: "app", digest });
    expect(read("http://r.example/app")).toMatchObject({
      target: { host: "r.example", scheme: "http" },
      tag: undefined,
    });
    expect(read("https://r.example/app")).toMatchObject({ target: { scheme: "https" } });
    expect(read("nginx")).toMatchObject({ target: { host: "docker.io" }, repository: "library/nginx" });
    expect(read("staging/team/app:v2")).toMatchObject({
      target: { kind: "saved" },
      repository: "team/app",
      tag: "v2",
    });
    expect(() => read("a.example/UPPER")).toThrow(/repository/);
    expect(read("docker-archive:/x.tar:team/app:v1")).toMatchObject({
      target: { kind: "archive", path: "/x.tar", format: "docker" },
      repository: "team/app",
      tag: "v1",
    });
  });
  it("read images of layout folders", () => {
    const read = (text: string) => parseImageTarget(text, saved);
    expect(read("oci:/d")).toEqual({
      target: { kind: "layout", path: "/d" },
      repository: undefined,
      tag: undefined,
      digest: undefined,
    });
    expect(read("oci:/d:v1")).toMatchObject({ target: { path: "/d" }, tag: "v1" });
    expect(read("oci:/d:team/app:v1")).toMatchObject({ repository: "team/app", tag: "v1" });
    expect(read("oci:/d:team/app")).toMatchObject({ repository: "team/app", tag: undefined });
    expect(read(`oci:/d@${digest}`)).toMatchObject({ target: { path: "/d" }, digest });
    expect(read(`oci:/d:${digest}`)).toMatchObject({ target: { path: "/d" }, digest });
    expect(read("oci:C:\\data:v1").tag).toBe("v1");
    expect(() => read("oci:/d:not//good:v1")).toThrow(/oci:DIR/);
    expect(() => read("oci:/d@sha256:12")).toThrow(/digest/);
  });
  it("read repositories without a tag", () => {
    expect(parseRepositoryTarget("a.example/team/app", saved)).toMatchObject({ repository: "team/app" });
    expect(parseRepositoryTarget("oci:/d:app", saved)).toMatchObject({ repository: "app", tag: undefined });
    expect(() => parseRepositoryTarget("a.example/app:v1", saved)).toThrow(/without a tag/);
  });
  it("know which hosts are this machine", () => {
    for (const host of [
      "localhost",
      "LOCALHOST:5000",
      "a.localhost:5000",
      "127.0.0.1:1",
      "127.9.9.9",
      "[::1]:5000",
    ])
      expect(isLoopbackAddress(host), host).toBe(true);
    for (const host of [
      "localhost.example",
      "notlocalhost",
      "localhost.",
      "128.0.0.1",
      "127.0.0.1.example",
      "10.0.0.1",
    ])
      expect(isLoopbackAddress(host), host).toBe(false);
  });
});

describe("passwords", () => {
  const stdin = async function* (...chunks: (string | Uint8Array)[]) {
    yield* chunks;
  };
  it("come one a line in the order of the sides, in any pieces", async () => {
    const bytes = new TextEncoder().encode("pä\r\nsecond\nrest");
    const passwords = await readPasswords(stdin(bytes.slice(0, 2), bytes.slice(2)), [
      "source",
      "destination",
    ]);
    expect([...passwords]).toEqual([
      ["source", "pä"],
      ["destination", "second"],
    ]);
  });
  it("are not read where none is asked for", async () => {
    expect((await readPasswords(stdin("x"), [])).size).toBe(0);
  });
  it("are missed with a sentence", async () => {
    await expect(readPasswords(stdin("one\n"), ["source", "destination"])).rejects.toThrow(/the destination/);
    await expect(readPasswords(stdin("x".repeat(70_000)), ["only"])).rejects.toThrow(/65536/);
  });
  it("belong to a user name", () => {
    expect(readSideOptions({ sourceUsername: "u", sourcePasswordStdin: true }, "source")).toMatchObject({
      username: "u",
    });
    expect(() => readSideOptions({ sourceUsername: "u" }, "source")).toThrow(/--source-password-stdin/);
    expect(() => readSideOptions({ passwordStdin: true }, "only")).toThrow(/--username/);
    expect(() => readSideOptions({ destinationClientKey: "k.pem" }, "destination")).toThrow(
      /--destination-client-cert and --destination-client-key belong together/,
    );
  });
});

describe("what is printed", () => {
  const hostile = "v1\u001b[2J\u0007\r\n\u009b31m\u202etxt";
  it("holds nothing that a terminal obeys", () => {
    expect(plainText(hostile)).toBe("v1[2J31mtxt");
    expect(plainLines("a\u001bb\nc")).toBe("ab\nc");
    expect(tableLines([{ title: "T" }], [[hostile]])).toEqual(["T", "v1[2J31mtxt"]);
  });
  it("keeps every value in JSON", () => {
    const text = jsonText({ hostile }, 2);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(JSON.parse(text)).toEqual({ hostile });
  });
  it("is aligned", () => {
    const columns = [{ title: "NAME" }, { title: "SIZE", align: "right" }] as const;
    expect(
      tableLines(columns, [
        ["a", "1"],
        ["longer", "22222"],
      ]),
    ).toEqual(["NAME     SIZE", "a           1", "longer  22222"]);
    expect(
      factLines([
        ["A", "1"],
        ["Bcd", "2"],
      ]),
    ).toEqual(["A    1", "Bcd  2"]);
  });
});
