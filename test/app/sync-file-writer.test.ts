// Sync files that the program writes: its own parser reads them back to the same job, whatever the job is.

import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { checkSyncText, problemLines } from "../../electron/app/sync-file.ts";
import { writeSyncFile } from "../../electron/app/sync-file-writer.ts";
import { jobSpecOf } from "../../electron/app/sync-job.ts";
import {
  type EndpointSettings,
  endpointSettingsSchema,
  type RegistrySettings,
  registrySettingsSchema,
} from "../../shared/endpoint.ts";
import { providerIds } from "../../shared/provider.ts";
import { isLoopbackAddress } from "../../shared/reference.ts";
import { type JobSpec, jobSpecSchema, runOptionsSchema } from "../../shared/run.ts";
import { endpoint } from "../store/samples.ts";
import { appStage } from "./app-stage.ts";

const name = fc.stringMatching(/^[a-z0-9]{1,6}(?:[._-][a-z0-9]{1,4})?$/);
const tag = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,12}$/),
  fc.constantFrom("1.0", "true", "0x1", "1e3"),
);
const glob = fc.constantFrom("**", "team/*", "v?", "{a,b}-*", "[!x]*", "it's: *", "- *", '"a*', "#*");
const age = fc.integer({ min: 1, max: 3_155_760_000 });
const latest = fc.record({
  count: fc.integer({ min: 1, max: 100_000 }),
  by: fc.constantFrom("semver" as const, "created" as const),
});
const set = fc
  .record(
    {
      glob,
      regex: fc.constantFrom("^v\\d+$", "a: b"),
      semver: fc.constantFrom("^1", "*"),
      newerThanSeconds: age,
      latest,
    },
    { requiredKeys: [] },
  )
  .filter((one) => Object.keys(one).length > 0)
  .chain((one) => fc.boolean().map((prereleases) => ({ ...one, prereleases })));
const none = fc.constant<string[]>([]);
const rule = fc.record({
  kind: fc.constant("repositories" as const),
  tags: fc.record({
    names: fc.array(tag, { maxLength: 3 }),
    exclude: fc.array(glob, { maxLength: 2 }),
    sets: fc.array(set, { maxLength: 3 }),
  }),
});
const places = fc.oneof(
  fc.record({
    names: fc.array(name, { minLength: 1, maxLength: 3 }),
    include: fc.array(fc.constantFrom("**", "a*"), { maxLength: 2 }),
    exclude: none,
  }),
  fc.record({
    names: none,
    include: fc.array(glob, { minLength: 1, maxLength: 2 }),
    exclude: fc.array(glob, { maxLength: 2 }),
  }),
);
const prefix = fc.oneof(fc.constant(""), name);
const mapping = fc.oneof(
  fc.constant({ kind: "keep" as const }),
  name.map((path) => ({ kind: "prefix" as const, prefix: path })),
  name.map((repository) => ({ kind: "into" as const, repository })),
  fc.record({ kind: fc.constant("strip" as const), levels: fc.integer({ min: 1, max: 32 }), prefix }),
  fc.record({
    kind: fc.constant("flatten" as const),
    separator: fc.constantFrom("-" as const, "." as const),
    prefix,
  }),
  fc.constant({ kind: "template" as const, pattern: "^team/(.+)$", replacement: "x/$1" }),
);
const options = fc.record({
  overwrite: fc.constantFrom(...runOptionsSchema.shape.overwrite.unwrap().options),
  keepBothSuffix: fc.constantFrom("-copy", "_2", "."),
  verifyBlobs: fc.boolean(),
  parallelImages: fc.integer({ min: 1, max: 64 }),
  platforms: fc.subarray(["linux/amd64", "linux/arm/v7"]),
  attachments: fc.boolean(),
  foreignLayers: fc.constantFrom("if-held" as const, "never" as const),
  mirror: fc.option(
    fc.record({
      maxDelete: fc.nat(1_000_000),
      maxShare: fc.nat(1000).map((thousandth) => thousandth / 1000),
    }),
  ),
  bandwidth: fc.option(fc.integer({ min: 1024, max: 10_000_000_000 })),
});
const spec: fc.Arbitrary<JobSpec> = fc
  .record({
    selection: fc.tuple(rule, places).map(([one, at]) => [{ ...one, ...at }]),
    mapping,
    renameTags: fc.option(fc.constant({ pattern: "^v(.+)$", replacement: "$1" })),
    options,
  })
  .map((input) => jobSpecSchema.parse({ sourceId: "a", destinationId: "b", ...input }));

const ends = {
  source: endpoint("a", { name: "Left & right: #1" }),
  destination: endpoint("b", { name: "ölig" }),
};

function read(text: string): JobSpec[] {
  const checked = checkSyncText({ path: "/x/sync.yaml", source: text, profile: undefined });
  expect(problemLines("f", checked.problems)).toEqual([]);
  return (checked.file?.jobs ?? []).map((job) =>
    jobSpecOf(job, { sourceId: "a", destinationId: "b" }, checked.file?.defaults ?? {}),
  );
}

it("reads every job back as it was written", () => {
  fc.assert(
    fc.property(spec, (one) => {
      const text = writeSyncFile([{ name: "nightly", spec: one, ...ends }]);
      expect(read(text).map((job) => jobSpecSchema.parse(job))).toEqual([one]);
    }),
    { numRuns: 300 },
  );
});

const text = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,8}[a-z]$/);
const path = fc.constantFrom("/etc/ca.pem", "/my files/key #1.pem", "/ä/1.0");
const choice = fc.oneof(
  fc.constantFrom("automatic" as const, "saved" as const, "docker-config" as const).map((from) => ({ from })),
  fc.record({ from: fc.constant("podman" as const), namespace: name }, { requiredKeys: ["from"] }),
  fc.record({ from: fc.constant("helper" as const), name: fc.constantFrom("pass", "osxkeychain", "1.0") }),
  fc.record({
    from: fc.constant("environment" as const),
    username: fc.constantFrom("USER_1", "_"),
    password: fc.constantFrom("REGISTRY_PASSWORD", "Y"),
  }),
  fc.record(
    { from: fc.constant("cloud" as const), profile: text, keyFile: path, tenant: text, client: text },
    { requiredKeys: ["from"] },
  ),
);
const pin = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((key) => `sha256/${Buffer.from(key).toString("base64")}`);
const mirror = fc.record({
  location: fc.constantFrom("m.example", "localhost:5000/hub", "m.example:443/a/b"),
  plainHttp: fc.boolean(),
  insecureSkipVerify: fc.boolean(),
  pull: fc.constantFrom("all" as const, "digest-only" as const, "tag-only" as const),
});
const url = fc.constantFrom("https://r.example/api", "http://proxy.example:3128");
const registry: fc.Arbitrary<RegistrySettings> = fc
  .record(
    {
      host: fc.constantFrom("r.example", "localhost:5000", "[::1]:5000", "eu.example:8443"),
      plainHttp: fc.constantFrom("always" as const, "never" as const, "auto" as const),
      insecureSkipVerify: fc.boolean(),
      trustedTokenHosts: fc.subarray(["auth.example", "auth.example:5001"]),
      connections: fc.integer({ min: 1, max: 64 }),
      caFile: path,
      adaptive: fc.boolean(),
      bandwidth: fc.integer({ min: 1024, max: 10_000_000_000 }),
      readOnly: fc.boolean(),
      provider: fc.constantFrom(...providerIds),
      apiUrl: url,
      createRepositories: fc.boolean(),
      tls13Only: fc.boolean(),
      pins: fc.array(pin, { maxLength: 3 }),
      proxy: fc.oneof(fc.constant("none" as const), url),
      mirrors: fc.array(mirror, { maxLength: 3 }),
    },
    {
      requiredKeys: ["host", "plainHttp", "insecureSkipVerify", "trustedTokenHosts", "connections"],
    },
  )
  .chain((one) =>
    fc
      .record({
        credential: fc.oneof(
          fc.constant({ anonymous: true }),
          choice.map((from) => (from.from === "automatic" ? {} : { credential: from })),
        ),
        client: fc.constantFrom({}, { clientCertFile: "/c.pem", clientKeyFile: "/k.pem" }),
        proxySignIn: fc.constantFrom(
          ...(one.proxy?.startsWith("http") === true ? [{ proxySignIn: true }] : []),
          {},
        ),
      })
      .map(({ credential, client, proxySignIn }) => ({ ...one, ...credential, ...client, ...proxySignIn })),
  )
  // Of a host that is not on this machine both ask for HTTPS.
  .map((one) => ({
    ...one,
    plainHttp: one.plainHttp === "auto" && !isLoopbackAddress(one.host) ? ("never" as const) : one.plainHttp,
  }));
const place: fc.Arbitrary<EndpointSettings> = fc.oneof(
  fc.record(
    { kind: fc.constant("layout" as const), path, readOnly: fc.boolean() },
    { requiredKeys: ["kind", "path"] },
  ),
  fc.record(
    {
      kind: fc.constant("archive" as const),
      path,
      format: fc.constantFrom("oci" as const, "docker" as const),
      readOnly: fc.boolean(),
    },
    { requiredKeys: ["kind", "path"] },
  ),
  registry.map((settings) => ({ kind: "registry" as const, ...settings })),
);

function written(settings: EndpointSettings): string {
  const job = jobSpecSchema.parse({
    ...{ sourceId: "a", destinationId: "b" },
    selection: [{ kind: "repositories", include: ["**"], tags: {} }],
  });
  return writeSyncFile([
    {
      name: "n",
      spec: job,
      source: endpoint("a", { name: "left", settings }),
      destination: ends.destination,
    },
  ]);
}

it("reads every registry back with every setting that it has", () => {
  // A setting that comes later is to be said in a file, or here why it is not.
  expect(Object.keys(registrySettingsSchema.shape).toSorted()).toEqual(
    [
      ...[
        "adaptive",
        "anonymous",
        "apiUrl",
        "bandwidth",
        "caFile",
        "clientCertFile",
        "clientKeyFile",
        "connections",
      ],
      ...[
        "createRepositories",
        "credential",
        "host",
        "insecureSkipVerify",
        "mirrors",
        "pins",
        "plainHttp",
        "provider",
      ],
      ...["proxy", "proxySignIn", "readOnly", "tls13Only", "trustedTokenHosts"],
    ].toSorted(),
  );
  fc.assert(
    fc.property(place, (settings) => {
      const source = written(endpointSettingsSchema.parse(settings));
      const checked = checkSyncText({ path: "/x/sync.yaml", source, profile: undefined });
      expect(problemLines("f", checked.problems)).toEqual([]);
      expect(checked.file?.registries.get("left")?.settings).toEqual(settings);
    }),
    { numRuns: 500 },
  );
});

it.each([
  [{ proxy: "http://u:hunter2@proxy.example:3128" }, "proxy: a URL here holds no user name or password"],
  [{ apiUrl: "https://u:hunter2@r.example" }, "api_url: a URL here holds no user name or password"],
  [
    { credential: { from: "environment", username: "U", password: "my_word" } },
    "credential.environment.password: expected the name of a variable in capitals",
  ],
  [{ clientCertFile: "/c.pem" }, "client_cert: client_cert and client_key belong together"],
])("refuses settings that no file may hold: %j", (more, sentence) => {
  const settings = endpointSettingsSchema.parse({ kind: "registry", host: "r.example", ...more });
  const message = expect.stringContaining(`set for "left" as ${sentence}`);
  expect(() => written(settings)).toThrow(expect.objectContaining({ code: "unsupported", message }));
  expect(() => written(settings)).not.toThrow(/hunter2|my_word/);
});

it("writes dragged images by repository, and refuses what no file can say", () => {
  const image = (repository: string, reference: string, more: object = {}) => ({
    kind: "image",
    repository,
    reference,
    ...more,
  });
  const text = (...selection: object[]) =>
    writeSyncFile([
      { name: "drag", spec: jobSpecSchema.parse({ sourceId: "a", destinationId: "b", selection }), ...ends },
    ]);
  const jobs = read(
    text(image("app", "v1"), image("db", "v1", { destinationRepository: "x/db" }), image("app", "v2")),
  );
  expect(
    jobs.map(({ selection: [item], mapping: map }) => [
      item?.kind === "repositories" && [item.names, item.tags.names],
      map,
    ]),
  ).toEqual([
    [[["app"], ["v1", "v2"]], { kind: "keep" }],
    [[["db"], ["v1"]], { kind: "into", repository: "x/db" }],
  ]);
  const refused = expect.objectContaining({ code: "unsupported" });
  expect(() => text(image("app", `sha256:${"a".repeat(64)}`))).toThrow(refused);
  expect(() => text(image("app", "v1", { destinationTag: "v2" }))).toThrow(refused);
});

it("is saved and written through the contract, with the same registries and no second job", async () => {
  const { client, home } = await appStage();
  const add = (host: string) =>
    client.call("endpoints.add", { name: host, settings: { kind: "registry", host } });
  const [left, right] = [await add("left.example"), await add("localhost:5000")];
  const selection = [{ kind: "repositories" as const, include: ["team/**"], tags: { exclude: ["*-dev"] } }];
  const schedule = { cron: "0 2 * * *", timeZone: "Europe/Vienna", missed: "skip" as const };
  const job = await client.call("jobs.save", {
    ...{ name: "nightly", schedule, spec: { sourceId: left.id, destinationId: right.id, selection } },
  });
  const { text, fileName } = await client.call("jobs.syncFile", { jobIds: [job.id] });
  expect(fileName).toBe("sync.yaml");
  const looked = await client.call("jobs.fromSyncFile", { text });
  expect(looked).toMatchObject({
    problems: [],
    saved: [],
    jobs: [{ name: "nightly", schedule: "0 2 * * *" }],
  });
  await client.call("jobs.remove", { jobId: job.id });
  const { saved } = await client.call("jobs.fromSyncFile", { text, save: true });
  expect(saved).toMatchObject([{ name: "nightly", spec: job.spec, schedule }]);
  const again = await client.call("jobs.fromSyncFile", { text, save: true });
  expect(again.saved[0]?.id).toBe(saved[0]?.id);
  expect((await client.call("endpoints.list", {})).endpoints).toHaveLength(2);
  const wrong = await client.call("jobs.fromSyncFile", {
    text: "jobs:\n  - name: a\n    from: x\n",
    save: true,
  });
  expect(wrong.problems[0]).toMatchObject({ line: 2 });
  expect(wrong.saved).toEqual([]);
  // A text has no folder of its own, and the one that this process was started in is nobody's choice.
  await client.call("jobs.fromSyncFile", {
    text: "version: 1\njobs:\n  - { name: b, from: left.example, to: 'oci:vault', repositories: [app] }\n",
    save: true,
  });
  const { endpoints } = await client.call("endpoints.list", {});
  expect(endpoints.map(({ settings }) => settings)).toContainEqual({
    kind: "layout",
    path: join(home, "vault"),
  });
});

it("is saved whole or not at all", async () => {
  const { client, heard } = await appStage();
  const settings = { kind: "registry" as const, host: "locked.example", readOnly: true };
  await client.call("endpoints.add", { name: "locked", settings });
  const before = heard("endpoint.changed").length;
  const job = (name: string, to: string) =>
    `  - { name: ${name}, from: new.example, to: ${to}, repositories: [app] }\n`;
  const text = (to: string) => `version: 1\njobs:\n${job("first", "other.example")}${job("second", to)}`;
  await expect(client.call("jobs.fromSyncFile", { text: text("locked"), save: true })).rejects.toMatchObject({
    message: expect.stringContaining("locked"),
  });
  expect((await client.call("jobs.list", {})).jobs).toEqual([]);
  expect((await client.call("endpoints.list", {})).endpoints).toHaveLength(1);
  expect([heard("endpoint.changed").length, heard("job.changed").length]).toEqual([before, 0]);
  const { saved } = await client.call("jobs.fromSyncFile", { text: text("third.example"), save: true });
  expect(saved.map(({ name }) => name)).toEqual(["first", "second"]);
  expect((await client.call("endpoints.list", {})).endpoints).toHaveLength(4);
  expect([heard("endpoint.changed").length, heard("job.changed").length]).toEqual([before + 3, 2]);
});
