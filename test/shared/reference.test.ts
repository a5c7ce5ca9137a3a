// The reference grammar, against the table of the specification and the traps of Docker Hub.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FreightlinerError } from "../../shared/errors.ts";
import {
  formatReference,
  isAttachmentTag,
  isHost,
  isRepositoryName,
  isTag,
  joinReference,
  parseImageReference,
  parseManifestReference,
  parseRepositoryName,
  parseTag,
} from "../../shared/reference.ts";

const sha = `sha256:${"a".repeat(64)}`;

describe("image references", () => {
  it.each([
    [
      "localhost:5000/team/app:v1",
      { host: "localhost:5000", repository: "team/app", tag: "v1", digest: undefined },
    ],
    [
      "registry.example.com/app",
      { host: "registry.example.com", repository: "app", tag: undefined, digest: undefined },
    ],
    [`[::1]:5000/app@${sha}`, { host: "[::1]:5000", repository: "app", tag: undefined, digest: sha }],
    [`h.example/app:v1@${sha}`, { host: "h.example", repository: "app", tag: "v1", digest: sha }],
    ["alpine", { host: "docker.io", repository: "library/alpine", tag: undefined, digest: undefined }],
    ["team/app:1", { host: "docker.io", repository: "team/app", tag: "1", digest: undefined }],
    [
      "index.docker.io/team/app",
      { host: "docker.io", repository: "team/app", tag: undefined, digest: undefined },
    ],
    ["docker://localhost/app:x", { host: "localhost", repository: "app", tag: "x", digest: undefined }],
  ])("reads %s", (text, expected) => {
    expect(parseImageReference(text)).toEqual(expected);
  });

  it.each([
    ["https://host.example/app", "without a scheme"],
    ["host.example/App", "not a repository name"],
    ["host.example/app:-bad", "not a tag"],
    ["host.example/a//b", "not a repository name"],
    ["host.example/../etc", "not a repository name"],
    ["f".repeat(64).replace(/f/g, "a"), "image id"],
    ["host.example/app@sha256:abc", "not a digest"],
    ["host.example/app@md5:abc", "cannot be verified"],
    ["x".repeat(1100), "longer than 1024"],
    ["bad host.example/app", "not a"],
  ])("refuses %s and says why", (text, reason) => {
    expect(() => parseImageReference(text)).toThrow(FreightlinerError);
    expect(() => parseImageReference(text)).toThrow(reason);
  });

  it("S009: writes what it read, for any legal parts", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const tag = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}$/);
    fc.assert(
      fc.property(part, fc.array(part, { minLength: 1, maxLength: 4 }), tag, (host, path, label) => {
        const text = `${host}.example:5000/${path.join("/")}:${label}`;
        expect(formatReference(parseImageReference(text))).toBe(text);
      }),
    );
  });

  it("S009: never accepts a name with a way out of its folder", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        if (!isRepositoryName(text)) return;
        expect(text).not.toMatch(/\.\.|\/\/|^\/|\/$|[A-Z\\\s%]/);
      }),
    );
  });

  it("S009: judges names as the specification's grammar does, read character by character", () => {
    const letters = fc.constantFrom("a", "Z", "9", ".", "_", "-", "/", "\n", "é", ":");
    const text = fc.array(letters, { maxLength: 8 }).map((parts) => parts.join(""));
    const isComponent = (part: string): boolean => {
      const separators = part.split(/[a-z0-9]+/);
      const inner = separators.slice(1, -1);
      const ends = part !== "" && separators.at(0) === "" && separators.at(-1) === "";
      return (
        ends && inner.every((each) => [".", "_", "__"].includes(each) || [...each].every((c) => c === "-"))
      );
    };
    fc.assert(
      fc.property(text, (name) => {
        expect([name, isRepositoryName(name)]).toEqual([name, name.split("/").every(isComponent)]);
        const plain = [...name].every((c) => "aZ9._-".includes(c));
        expect([name, isTag(name)]).toEqual([name, plain && name !== "" && !".-".includes(name[0] ?? "")]);
      }),
      { numRuns: 2000 },
    );
    expect([isTag("a".repeat(128)), isTag("a".repeat(129))]).toEqual([true, false]);
    expect([isRepositoryName("a".repeat(255)), isRepositoryName("a".repeat(256))]).toEqual([true, false]);
  });

  it("tells tags, digests, hosts and attachments apart", () => {
    expect(isTag("v1.2_3-4")).toBe(true);
    expect(isTag(".v1")).toBe(false);
    expect(isTag("x".repeat(129))).toBe(false);
    expect(isHost("registry.example.com:443")).toBe(true);
    expect(isHost("registry.example.com/path")).toBe(false);
    expect(isHost("user@host")).toBe(false);
    expect(isAttachmentTag(`sha256-${"b".repeat(64)}.sig`)).toBe(true);
    expect(isAttachmentTag(`sha256-${"b".repeat(64)}`)).toBe(true);
    expect(isAttachmentTag("sha256-short.sig")).toBe(false);
    expect(parseManifestReference("v1")).toEqual({ tag: "v1" });
    expect(parseManifestReference(sha)).toEqual({ digest: sha });
    expect(joinReference("app", sha)).toBe(`app@${sha}`);
    expect(joinReference("app", "v1")).toBe("app:v1");
    expect(() => parseTag("a b")).toThrow("is not a tag");
    expect(() => parseRepositoryName("A")).toThrow("is not a repository name");
  });
});
