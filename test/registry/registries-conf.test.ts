// registries.conf: which entry counts for a reference, which mirrors it names, and files that are none.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  entriesOf,
  entryFor,
  mirrorsOf,
  readRegistriesConf,
  splitLocation,
} from "../../electron/registry/network/registries-conf.ts";
import { tempFolder } from "../support/temp.ts";
import { afterwards } from "./scripted-server.ts";

/** The example of the manual, and a wildcard. */
const manual = `
unqualified-search-registries = ["docker.io"]
short-name-mode = "enforcing"
[[registry]]
prefix = "example.com/foo"
insecure = false
blocked = false
location = "internal-registry-for-example.com/bar"
[[registry.mirror]]
location = "example-mirror-0.local/mirror-for-foo"
[[registry.mirror]]
location = "example-mirror-1.local/mirrors/foo"
insecure = true
[[registry]]
location = "example.com"
[[registry.mirror]]
location = "example-mirror-2.local:5000/mirror"
insecure = true
pull-from-mirror = "tag-only"
[[registry]]
prefix = "*.corp.example"
[[registry.mirror]]
location = "cache.corp.example/all"
[[registry]]
location = "blocked.example"
blocked = true
[[registry]]
prefix = "docker.io"
location = "hub.corp.example/docker"
mirror-by-digest-only = true
[[registry.mirror]]
location = "mirror.gcr.io"
`;
const conf = { entries: entriesOf(manual) };

describe("the entry for a reference", () => {
  it.each<[string, string | undefined]>([
    ["example.com/foo/image:latest", "example.com/foo"],
    ["example.com/foo", "example.com/foo"],
    ["example.com/foo@sha256:abc", "example.com/foo"],
    ["example.com/foobar", "example.com"],
    ["EXAMPLE.com/other", "example.com"],
    ["example.com:5000/foo", "example.com"],
    ["example.company/foo", undefined],
    ["a.corp.example/x", "*.corp.example"],
    ["a.b.corp.example:5000/x", "*.corp.example"],
    ["corp.example/x", undefined],
    ["other.org/x", undefined],
  ])("%s: %s", (reference, prefix) => {
    expect(entryFor(conf, reference)?.prefix).toBe(prefix);
  });
});

describe("the mirrors of a host", () => {
  it("are those for all of it, in order, with how they are reached and what is read from them", () => {
    expect(mirrorsOf(conf, "example.com").mirrors).toEqual([
      {
        location: "example-mirror-2.local:5000/mirror",
        plainHttp: true,
        insecureSkipVerify: false,
        pull: "tag-only",
      },
    ]);
    expect(entryFor(conf, "example.com/foo")?.mirrors).toEqual([
      {
        location: "example-mirror-0.local/mirror-for-foo",
        plainHttp: false,
        insecureSkipVerify: false,
        pull: "all",
      },
      {
        location: "example-mirror-1.local/mirrors/foo",
        plainHttp: false,
        insecureSkipVerify: true,
        pull: "all",
      },
    ]);
    for (const hub of ["docker.io", "index.docker.io", "registry-1.docker.io"])
      expect(mirrorsOf(conf, hub).mirrors.map(({ location, pull }) => [location, pull])).toEqual([
        ["mirror.gcr.io", "digest-only"],
        ["hub.corp.example/docker", "all"],
      ]);
    expect(mirrorsOf(conf, "blocked.example")).toEqual({ mirrors: [], blocked: true });
    expect(mirrorsOf(conf, "unknown.example")).toEqual({ mirrors: [], blocked: false });
    expect(mirrorsOf(conf, "host.corp.example").mirrors).toHaveLength(1);
  });
});

describe("a file", () => {
  it.each<[string, string, RegExp]>([
    ["version 1", '[registries.search]\nregistries = ["docker.io"]', /version 1/],
    ["no TOML", "[[registry]\nlocation =", /./],
    ["another type", "[[registry]]\nlocation = 5", /registry\.0\.location/],
    ["no place", "[[registry]]\ninsecure = true", /prefix or a location/],
    ["a wildcard as location", '[[registry]]\nlocation = "*.example.com"', /wildcard/],
    ["a prefix without a location", '[[registry]]\nprefix = "example.com"', /location is expected/],
    [
      "a mirror that is none",
      '[[registry]]\nlocation = "a.b"\n[[registry.mirror]]\nlocation = "http://x/"',
      /no place/,
    ],
    [
      "an unknown rule",
      '[[registry]]\nlocation = "a.b"\n[[registry.mirror]]\nlocation = "c.d"\npull-from-mirror = "never"',
      /pull-from-mirror/,
    ],
    ["thousands of entries", '[[registry]]\nlocation = "a.b"\n'.repeat(1001), /registry/],
  ])("with %s is refused in plain words", (_name, text, words) => {
    expect(() => entriesOf(text)).toThrow(words);
  });

  it("counts by its place: the user's before the system's, drop-ins on top, each by name", async () => {
    const folder = await tempFolder("conf");
    afterwards(() => folder.remove());
    const path = (name: string) => join(folder.path, name);
    const registry = (location: string, mirror: string) =>
      `[[registry]]\nlocation = "${location}"\n[[registry.mirror]]\nlocation = "${mirror}"\n`;
    await writeFile(path("user.conf"), registry("a.example", "user.example"));
    await writeFile(path("system.conf"), registry("a.example", "system.example"));
    await mkdir(path("drop"));
    await writeFile(path("drop/20.conf"), registry("b.example", "late.example"));
    await writeFile(path("drop/10.conf"), registry("b.example", "early.example"));
    await writeFile(path("drop/30.conf"), "nonsense = [");
    await writeFile(path("drop/readme.txt"), "nonsense = [");
    await writeFile(path("drop/40.conf"), Buffer.alloc(1024 * 1024 + 1, 0x23));
    await mkdir(path("drop/50.conf"));
    const read = await readRegistriesConf({
      files: [path("none.conf"), path("user.conf"), path("system.conf")],
      folders: [path("nowhere"), path("drop")],
    });
    const mirrorOf = (host: string) => mirrorsOf(read, host).mirrors.map(({ location }) => location);
    expect(mirrorOf("a.example")).toEqual(["user.example"]);
    expect(mirrorOf("b.example")).toEqual(["late.example"]);
    expect(read.problems.map(({ file }) => file)).toEqual(
      ["drop/30.conf", "drop/40.conf", "drop/50.conf"].map((name) => path(name)),
    );
    expect(read.problems[1]?.text).toContain("larger than");
    expect(await readRegistriesConf({ files: [], folders: [] })).toEqual({ entries: [], problems: [] });
  });
});

it("splits a location into host and path, and takes nothing else", () => {
  expect(splitLocation("a.example:5000/team/cache")).toEqual({ host: "a.example:5000", path: "team/cache" });
  expect(splitLocation("a.example/")).toEqual({ host: "a.example", path: "" });
  for (const bad of [
    "",
    "/x",
    "https://a.example",
    "a.example/../x",
    "a.example/UP",
    "user@a.example/x",
    "a b/x",
  ])
    expect(() => splitLocation(bad), bad).toThrow();
});
