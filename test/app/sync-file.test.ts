// Sync files: what is read of one, and every problem with its line, column and what was expected.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkSyncFile,
  checkSyncText,
  problemLines,
  readSyncFile,
  type SyncFile,
} from "../../electron/app/sync-file.ts";
import { soundsSecret } from "../../electron/app/sync-file-secrets.ts";
import { jobSpecOf, savedJobOf } from "../../electron/app/sync-job.ts";
import { defaultRunOptions } from "../../shared/run.ts";
import { tempFolder } from "../support/temp.ts";

function check(source: string, profile?: string) {
  return checkSyncText({ path: "/etc/sync/sync.yaml", source, profile });
}
function read(source: string, profile?: string): SyncFile {
  const checked = check(source, profile);
  expect(problemLines("f", checked.problems)).toEqual([]);
  if (checked.file === undefined) throw new Error("unreachable");
  return checked.file;
}
function problems(source: string, profile?: string): string[] {
  return problemLines("f", check(source, profile).problems);
}

const example = `
profiles: { production: { concurrency: { images: 8 } } }
registries:
  staging: { url: https://registry.staging.example, credential: docker-config }
  prod:    { url: https://eu.example, kind: harbor, credential: saved, ca: ./ca.pem }
  vault:   { layout: ./vault }
jobs:
  - name: nightly
    from: staging
    to: prod
    repositories: { include: ["team/**"], exclude: ["**/scratch"] }
    tags: [ { semver: ">=1.0.0" }, { glob: "release-*" }, { latest: 5, by: created } ]
    map: { prefix: mirror/ }
    platforms: [linux/amd64, linux/arm64]
    attachments: true
    overwrite: if-different
    schedule: "0 2 * * *"
    bandwidth: 50MB/s
`;
const minimal = "{ name: a, from: x.example, to: y.example, repositories: [team/app] }";
const jobs = (...more: readonly string[]): string => `jobs:\n${more.map((job) => `  - ${job}`).join("\n")}\n`;
const ends = { sourceId: "a", destinationId: "b" };

describe("a sync file", () => {
  it("O004 reads the example of the documentation", () => {
    const file = read(example, "production");
    expect(file.defaults).toEqual({ parallelImages: 8 });
    expect([...file.registries.keys()]).toEqual(["staging", "prod", "vault"]);
    expect(file.registries.get("prod")).toMatchObject({
      credential: "saved",
      settings: { kind: "registry", host: "eu.example", plainHttp: "never", caFile: "/etc/sync/ca.pem" },
    });
    expect(file.registries.get("vault")?.settings).toEqual({ kind: "layout", path: "/etc/sync/vault" });
    const [job] = file.jobs;
    if (job === undefined) throw new Error("the example has a job");
    const spec = jobSpecOf(job, ends, file.defaults);
    expect(spec).toEqual({
      ...ends,
      selection: [
        {
          kind: "repositories",
          names: [],
          include: ["team/**"],
          exclude: ["**/scratch"],
          tags: {
            names: [],
            include: [],
            exclude: [],
            sets: [
              { semver: ">=1.0.0", prereleases: false },
              { glob: "release-*", prereleases: false },
              { latest: { count: 5, by: "created" }, prereleases: false },
            ],
          },
        },
      ],
      mapping: { kind: "prefix", prefix: "mirror" },
      renameTags: null,
      options: {
        ...defaultRunOptions,
        parallelImages: 8,
        platforms: ["linux/amd64", "linux/arm64"],
        bandwidth: 50_000_000,
      },
    });
    expect(savedJobOf(job, spec, undefined)).toMatchObject({
      name: "nightly",
      enabled: true,
      schedule: { cron: "0 2 * * *", timeZone: null, missed: "run-once" },
    });
  });

  it("is the documented page's own example", async () => {
    const page = await readFile(join(import.meta.dirname, "../../docs/sync-files.md"), "utf8");
    const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text ?? "");
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) read(block);
  });

  it("may be JSON", () => {
    expect(
      read(JSON.stringify({ jobs: [{ name: "a", from: "x.example", to: "y.example", repositories: ["r"] }] }))
        .jobs,
    ).toHaveLength(1);
  });

  it("takes names and globs of repositories, names, sets and excludes of tags", () => {
    const file = read(
      jobs(
        `{ name: a, from: x.example, to: y.example, repositories: [team/app, "tools/*"], tags: [v1, { glob: "v*", newer_than: 30d, latest: 3, by: semver, prereleases: true }, { exclude: "*-rc" }] }`,
      ),
    );
    expect(file.jobs[0] && jobSpecOf(file.jobs[0], ends, {}).selection[0]).toMatchObject({
      names: ["team/app"],
      include: ["tools/*"],
      tags: {
        names: ["v1"],
        exclude: ["*-rc"],
        sets: [
          { glob: "v*", newerThanSeconds: 2_592_000, latest: { count: 3, by: "semver" }, prereleases: true },
        ],
      },
    });
  });

  it.each([
    ["{ strip: 1, prefix: p }", { kind: "strip", levels: 1, prefix: "p" }],
    ['{ flatten: true, separator: "-" }', { kind: "flatten", separator: "-", prefix: "" }],
    [
      '{ template: { match: "^team/(.+)$", to: "x/$1" } }',
      { kind: "template", pattern: "^team/(.+)$", replacement: "x/$1" },
    ],
    ["{ into: all/of }", { kind: "into", repository: "all/of" }],
    ["{}", { kind: "keep" }],
  ])("maps by %s", (map, mapping) => {
    const file = read(jobs(minimal.replace(" }", `, map: ${map} }`)));
    expect(file.jobs[0]?.map).toEqual(mapping);
  });

  it("says mirror, verify, foreign layers, renames and schedules with a time zone", () => {
    const file = read(
      jobs(
        minimal.replace(
          " }",
          ', mirror: { max_delete: 5, max_share: 10% }, verify: true, foreign_layers: never, rename_tags: { match: "^v(.+)$", to: "$1" }, schedule: { cron: "0 3 * * 1", time_zone: Europe/Vienna, missed: skip } }',
        ),
        minimal.replace("name: a", "name: b").replace(" }", ", mirror: true }"),
      ),
    );
    const [first, second] = file.jobs.map((job) => jobSpecOf(job, ends, {}));
    expect(first?.options).toMatchObject({
      mirror: { maxDelete: 5, maxShare: 0.1 },
      verifyBlobs: true,
      foreignLayers: "never",
    });
    expect(first?.renameTags).toEqual({ pattern: "^v(.+)$", replacement: "$1" });
    expect(second?.options.mirror).toEqual({ maxDelete: 100, maxShare: 0.5 });
    expect(file.jobs[0]?.schedule).toEqual({ cron: "0 3 * * 1", timeZone: "Europe/Vienna", missed: "skip" });
  });

  it("O005 lets a profile say what jobs leave open, and which registries are meant", () => {
    const source = `
profiles:
  test: { registries: { prod: { host: "localhost:5001" } } }
  production: { bandwidth: 10MB/s, overwrite: never, log_level: info, concurrency: { images: 2, connections: 3 } }
registries:
  prod: { host: prod.example }
jobs:
  - { name: a, from: x.example, to: prod, repositories: [r] }
  - { name: b, from: x.example, to: prod, repositories: [r], bandwidth: 1MB/s }
`;
    const host = (profile?: string) => read(source, profile).registries.get("prod")?.settings;
    expect(host()).toMatchObject({ host: "prod.example", connections: 8, plainHttp: "never" });
    expect(host("test")).toMatchObject({ host: "localhost:5001", plainHttp: "auto" });
    expect(host("production")).toMatchObject({ host: "prod.example", connections: 3 });
    const file = read(source, "production");
    expect(file.logLevel).toBe("info");
    const options = file.jobs.map((job) => jobSpecOf(job, ends, file.defaults).options);
    expect(options).toMatchObject([
      { bandwidth: 10_000_000, overwrite: "never", parallelImages: 2 },
      { bandwidth: 1_000_000, overwrite: "never", parallelImages: 2 },
    ]);
    expect(problems(source, "prodution")).toEqual([
      'f:3:3: profiles: there is no profile "prodution"; expected one of test, production',
    ]);
    expect(problems(jobs(minimal), "any")).toEqual([
      'f:1:1: profiles: there is no profile "any"; the file has none',
    ]);
  });

  it("repeats what an anchor holds, and leaves x- keys to people", () => {
    const file = read(`
x-common: &common { from: x.example, to: y.example, repositories: [r] }
jobs:
  - { <<: *common, name: a }
  - { <<: *common, name: b, verify: true }
`);
    expect(file.jobs.map(({ name, from }) => [name, from])).toEqual([
      ["a", "x.example"],
      ["b", "x.example"],
    ]);
  });

  it("limits a host's connections and bandwidth", () => {
    const file = read("registries: { slow: { host: slow.example, connections: 2, bandwidth: 5MB/s } }");
    expect(file.registries.get("slow")?.settings).toMatchObject({ connections: 2, bandwidth: 5_000_000 });
  });

  it("asks for no credential where it says none", () => {
    const file = read("registries: { open: { host: open.example, credential: none } }");
    expect(file.registries.get("open")?.settings).toMatchObject({ anonymous: true });
  });
});

describe("a registry of a sync file", () => {
  const settings = (keys: string) =>
    read(`registries: { one: { host: r.example, ${keys} } }`).registries.get("one")?.settings;

  it.each([
    ["kind: gar", { provider: "google" }],
    ["kind: ecr-public", { provider: "ecr-public" }],
    ["api_url: https://r.example/api", { apiUrl: "https://r.example/api" }],
    ["credential: docker-config", { credential: { from: "docker-config" } }],
    ["credential: helper:pass", { credential: { from: "helper", name: "pass" } }],
    ["credential: { podman: { namespace: team } }", { credential: { from: "podman", namespace: "team" } }],
    [
      "credential: { environment: { username: REG_USER, password: REG_PASSWORD } }",
      { credential: { from: "environment", username: "REG_USER", password: "REG_PASSWORD" } },
    ],
    [
      "credential: { cloud: { key_file: ./key.json } }",
      { credential: { from: "cloud", keyFile: "/etc/sync/key.json" } },
    ],
    [
      "client_cert: c.pem, client_key: /k.pem",
      { clientCertFile: "/etc/sync/c.pem", clientKeyFile: "/k.pem" },
    ],
    ["tls13_only: true, create_repositories: true", { tls13Only: true, createRepositories: true }],
    ["proxy: none, read_only: true", { proxy: "none", readOnly: true }],
    ["sign_in_hosts: [auth.example]", { trustedTokenHosts: ["auth.example"] }],
    [
      "mirrors: [m.example/hub, { location: n.example, pull: digest-only }]",
      {
        mirrors: [
          { location: "m.example/hub", plainHttp: false, insecureSkipVerify: false, pull: "all" },
          { location: "n.example", plainHttp: false, insecureSkipVerify: false, pull: "digest-only" },
        ],
      },
    ],
  ])("says %s", (keys, expected) => {
    expect(settings(keys)).toMatchObject(expected);
  });

  it("has no provider and looks everywhere for its credential where it says neither", () => {
    for (const keys of ["kind: other", "kind: gitea", "credential: automatic", "connections: 8"]) {
      const found = settings(keys);
      expect(found).not.toHaveProperty("provider");
      expect(found).not.toHaveProperty("credential");
    }
  });

  it.each([
    ["api_url: ftp://x", "28: registries.one.api_url: expected a URL, like"],
    ["api_url: 'https://u:hunter2@x.example'", "28: registries.one.api_url: a URL here holds no user name"],
    ["proxy: 'http://u:hunter2@proxy:3128'", "26: registries.one.proxy: a URL here holds no user name"],
    ["proxy: proxy.example", "26: registries.one.proxy: expected none or a URL, like http://"],
    ["proxy_sign_in: true", "34: registries.one.proxy_sign_in: expected the URL of a proxy beside it"],
    ["client_cert: c.pem", "32: registries.one.client_cert: client_cert and client_key belong together"],
    ["client_key: c.pem", "31: registries.one.client_key: client_cert and client_key belong together"],
    ["pins: [sha256/short]", "26: registries.one.pins[0]: expected sha256/ and"],
    ["mirrors: [HTTPS://x/y]", "29: registries.one.mirrors[0]: expected host[:port][/path]"],
    [
      "mirrors: [{ location: x, pul: all }]",
      "44: registries.one.mirrors[0].pul: this key is not known here; did",
    ],
    ["format: oci", "27: registries.one.format: only an archive has a format"],
    ["credential: pass", "31: registries.one.credential: expected one of automatic, docker-config, podman"],
    [
      "credential: { podman: { namespace: Team } }",
      "54: registries.one.credential.podman.namespace: expected a path like team/tools",
    ],
    ["credential: { cloud: {}, podman: {} }", "31: registries.one.credential: expected one of"],
    ["credential: { cloud: { profil: a } }", "42: registries.one.credential.cloud.profil: this key is not"],
  ])("is told what is wrong with %s", (keys, problem) => {
    const found = problems(`registries:\n  one: { host: a, ${keys} }`).join("\n");
    expect(found.slice(0, problem.length + 4)).toBe(`f:2:${problem}`);
    expect(found).not.toContain("hunter2");
  });
});

describe("O004 problems of a sync file", () => {
  it("are all told at once, each with line, column, path and what was expected", () => {
    const source = `profils: 1
registries:
  prod: { host: eu.example/x, kind: harbour, connections: 99, credental: none }
  vault: { layout: ./v, ca: x.pem }
jobs:
  - name: nightly
    from: prodd
    to: prod
    repositories: { inclde: ["team/**"] }
    tags: [ { semver: 1.0 }, { by: created, latest: x }, 7 ]
    map: { strip: 1, flatten: true }
    platforms: [linux]
    attachments: yes
    schedule: "0 2 * *"
  - from: prod
    to: prod
    repositories: []
    bandwidth: 50 parsecs
`;
    expect(problems(source)).toEqual([
      'f:1:1: profils: this key is not known here; did you mean "profiles"?',
      "f:3:17: registries.prod.host: expected host or host:port, like localhost:5000",
      expect.stringMatching(
        /^f:3:37: registries\.prod\.kind: expected one of docker-hub, ghcr, .*, zot, distribution, gar,/,
      ),
      "f:3:59: registries.prod.connections: expected at most 64",
      'f:3:63: registries.prod.credental: this key is not known here; did you mean "credential"?',
      "f:4:29: registries.vault.ca: a layout folder or an archive takes no connection settings",
      'f:7:11: jobs[0].from: there is no registry "prodd"; did you mean "prod"?',
      'f:9:21: jobs[0].repositories.inclde: this key is not known here; did you mean "include"?',
      "f:10:23: jobs[0].tags[0].semver: expected text; put the value in quotes",
      expect.stringMatching(/^f:10:53: jobs\[0\]\.tags\[1\]\.latest: expected a number/),
      "f:10:58: jobs[0].tags[2]: expected text; put the value in quotes",
      "f:11:10: jobs[0].map: expected at most one of strip, flatten, template, into",
      "f:12:17: jobs[0].platforms[0]: expected a platform like linux/amd64 or linux/arm/v7",
      "f:13:18: jobs[0].attachments: expected true or false",
      "f:15:5: jobs[1].name: this is missing; expected text",
      "f:17:19: jobs[1].repositories: expected at least one repository",
      expect.stringMatching(/^f:18:16: jobs\[1\]\.bandwidth: expected at least 1kB\/s, like 20MB\/s/),
    ]);
  });

  it.each([
    ["schedule: 0 2 * *", /expected five fields/],
    ['schedule: "61 2 * * *"', /cannot be read|expected five fields/],
    ['schedule: "0 0 30 2 *"', /never comes/],
    ["schedule: { cron: 0 2 * * *, time_zone: Mars/Olympus }", /time zone/],
    ['rename_tags: { match: "(?<=x)", to: y }', /rename_tags\.match: expected a regular expression of RE2/],
    ['rename_tags: { match: "x", to: "$1" }', /rename_tags\.to: expected groups that the pattern has/],
    ["mirror: { max_share: 0.5 }", /max_share: expected a share from 0% to 100%/],
    ["map: { prefix: BAD }", /map\.prefix: expected a path like mirror\/team/],
    ['map: { separator: "-" }', /map\.separator: .* expected flatten: true/],
    ["map: { into: a, prefix: b }", /map\.prefix: template and into already say the whole name/],
    ["tags: [ { by: created } ]", /expected at least one of glob, regex/],
    ['tags: [ { exclude: "x", latest: 1 } ]', /tags\[0\]\.latest: this key is not known here/],
    [
      "overwrite: perhaps",
      /overwrite: expected one of if-different, never, always, if-newer, keep-both, stop/,
    ],
    ["enabled: 1", /enabled: expected true or false/],
  ])("%s", (line, sentence) => {
    const found = problems(
      `jobs:\n  - name: a\n    from: x.example\n    to: y.example\n    repositories: [r]\n    ${line}\n`,
    );
    expect(found.join("\n")).toMatch(sentence);
    expect(found[0]).toMatch(/^f:6:\d+: jobs\[0\]/);
  });

  it("names syntax errors by their place, and never quotes the line", () => {
    expect(problems("a: [\n password: hunter2")).toEqual([
      expect.stringMatching(/^f:\d+:\d+: this cannot be read as YAML: /),
    ]);
    expect(problems("a: [\n password: hunter2").join()).not.toContain("hunter2");
    expect(problems("jobs: []\njobs: []")).toEqual([
      "f:2:1: this cannot be read as YAML: Map keys must be unique",
    ]);
    expect(problems("")).toEqual([
      "f:1:1: expected a file with version, log_level, profiles, registries, jobs",
    ]);
    expect(problems("version: 2")).toEqual(["f:1:10: version: expected 1, the only version there is"]);
    expect(problems("---\njobs: []\n---\njobs: []").join()).toContain("multiple documents");
  });

  it("refuses a file that is built to blow up", () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (const [from, to] of ["ab", "bc", "cd", "de", "ef", "fg"].map((pair) => [...pair]))
      bomb.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(", ")}]`);
    expect(problems(bomb.join("\n")).join()).toContain("anchors are repeated too often");
  });

  it("R007 reads files of many keys, deep ones, and those that begin with a byte order mark", () => {
    const many = Array.from({ length: 30_000 }, (_, at) => `  k${at}: 1\n`).join("");
    expect(problems(`\uFEFFverzion: 1\nx-a:\n${many}  k7: 2\n`)).toEqual([
      "f:30003:3: this cannot be read as YAML: Map keys must be unique",
    ]);
    expect(problems("\uFEFFverzion: 1\n")).toEqual([
      'f:1:1: verzion: this key is not known here; did you mean "version"?',
    ]);
    for (let depth = 200; depth < 2000; depth += 300) {
      expect(() => problems(`x-a: ${"[".repeat(depth)}${"]".repeat(depth)}`)).not.toThrow();
      expect(() => problems(`x-a: ${"{a: ".repeat(depth)}1${"}".repeat(depth)}`)).not.toThrow();
    }
  });

  it("finds two jobs of one name", () => {
    expect(problems(jobs(minimal, minimal))).toEqual([
      'f:3:13: jobs[1].name: two jobs are called "a"; expected a name of its own',
    ]);
  });

  it("says where the file is that cannot be read", async () => {
    await expect(checkSyncFile("/nowhere/at-all.yaml", undefined)).rejects.toMatchObject({
      code: "configuration",
      message: "The sync file /nowhere/at-all.yaml cannot be read.",
    });
    const folder = await tempFolder("sync-file");
    try {
      const file = join(folder.path, "bad.yaml");
      await writeFile(file, "jobs: 1\nprofile: 2\n");
      await expect(readSyncFile(file, undefined)).rejects.toMatchObject({
        code: "configuration",
        message: `${file} has 2 problems:\n${file}:1:7: jobs: expected a list of jobs\n${file}:2:1: profile: this key is not known here; did you mean "profiles"?`,
      });
      await writeFile(file, `# ${"x".repeat(4 * 1024 * 1024)}`);
      await expect(readSyncFile(file, undefined)).rejects.toMatchObject({
        message: expect.stringContaining("too long"),
      });
    } finally {
      await folder.remove();
    }
  });

  it("never throws, whatever the text is", () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .array(
          fc.constantFrom(
            "jobs:",
            "\n",
            "  - ",
            "name: a",
            "tags: [",
            "{",
            "}",
            "*a",
            "&a",
            ": ",
            "registries:",
            "x: 1",
            "\t",
          ),
          { maxLength: 20 },
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (source) => {
        for (const { line, column, message } of check(source).problems) {
          expect(Math.min(line, column)).toBeGreaterThan(0);
          expect(message).not.toBe("");
        }
      }),
    );
  });
});

describe("O006 secrets in a sync file", () => {
  const secret = "hunter2-correct-horse";

  it.each([
    `registries:\n  prod: { host: a.example, password: ${secret} }`,
    `registries:\n  prod: { host: a.example, credential: { token: ${secret} } }`,
    `registries:\n  prod: { host: a.example, Client-Secret: ${secret} }`,
    `registries:\n  prod: { host: a.example, auth: { username: u, pass: ${secret} } }`,
    `profiles:\n  p: { registries: { prod: { host: a.example, apiKey: ${secret} } } }`,
    `x-anything: { deep: [ { refresh_token: ${secret} } ] }\njobs: []`,
    `registries:\n  prod: { url: "https://u:${secret}@a.example" }`,
  ])("are refused with a hint where they belong, and are not repeated: %s", (source) => {
    const found = problems(source).join("\n");
    expect(found).toMatch(/docker login/);
    expect(found).toMatch(/^f:[12]:\d+: /);
    expect(found).not.toContain(secret);
  });

  it.each([
    `registries:\n  prod: { host: a.example, credential: { environment: { username: U, password: ${secret} } } }`,
    `registries:\n  prod: { host: a.example, credential: { environment: { username: U, password: 12345 } } }`,
  ])("are refused where the name of a variable stands: %s", (source) => {
    const found = problems(source);
    expect(found).toEqual([
      expect.stringMatching(
        /^f:2:.*environment\.password: expected the name of a variable in capitals, like/,
      ),
    ]);
    expect(found.join()).not.toMatch(/hunter2|12345/);
  });

  it("may stand as names of variables nowhere but there", () => {
    const choice = "{ environment: { username: U, password: P } }";
    expect(problems(`profiles: { p: { registries: { r: { host: a, credential: ${choice} } } } }`)).toEqual(
      [],
    );
    expect(problems(`x-common: { credential: ${choice} }\njobs: []`).join()).toContain("docker login");
    expect(problems(`registries: { r: { host: a, environment: { password: P } } }`).join()).toContain(
      "docker login",
    );
  });

  it("are told once, not once more as unknown keys", () => {
    expect(problems(`registries:\n  prod: { host: a.example, password: ${secret} }`)).toEqual([
      "f:2:28: registries.prod.password: secrets do not belong in this file; sign in with docker login (or a credential helper) and write credential: docker-config",
    ]);
  });

  it("are not seen in names and in credential", () => {
    expect(problems("registries: { token-service: { host: a.example, credential: none } }")).toEqual([]);
    expect(["password", "PASSWD", "registry_token", "secretKey", "api-key", "auth"].every(soundsSecret)).toBe(
      true,
    );
    expect(["credential", "host", "attachments", "name", "from"].some(soundsSecret)).toBe(false);
  });
});
