// One grammar at every door (blocker S009): whatever way a name comes in, what is none is refused before anything is asked or written.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import type { z } from "zod";
import { checkSyncText } from "../../electron/app/sync-file.ts";
import { OciLayout } from "../../electron/layout/layout.ts";
import { unpackArchive } from "../../electron/layout/unpack-archive.ts";
import { methods } from "../../shared/contract.ts";
import { parseDeepLink } from "../../shared/deep-link.ts";
import type { Descriptor } from "../../shared/descriptor.ts";
import { endpointInputSchema } from "../../shared/endpoint-input.ts";
import { isHost, isRepositoryName, isTag } from "../../shared/reference.ts";
import { appStage } from "../app/app-stage.ts";
import { cli } from "../cli/cli-harness.ts";
import { collect, json, options, registryFor, serve } from "../registry/scripted-server.ts";
import { startFixtureRegistry } from "../support/fixture-registry.ts";
import { tempFolder } from "../support/temp.ts";

/** None of them is a repository, a tag, a digest, a host or an image. */
const traps = [
  "../../etc/passwd",
  "/etc/passwd",
  "..",
  "team//app",
  "team/../app",
  "team\\app",
  "app\u0000",
  "app\nX-Injected: 1",
  "\u001b[2J",
  "app?x=1",
  "app#x",
  "%2e%2e%2fapp",
  "app app",
  "\u202eppa",
  "",
  "x".repeat(600),
];

/** Keys by which names stand in parameters; other texts (patterns, paths, search words) have grammars of their own. */
const nameKey =
  /^(?:repository|\w+Repository|repositories|names|reference|references|tag|tags|destinationTag|digest|digests)$/;

interface NameField {
  readonly path: string;
  readonly schema: z.core.$ZodType;
}

/** Every text field of a schema that is called like a name. */
function nameFields(schema: z.core.$ZodType, path: string, isName = false): NameField[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object":
      return Object.entries(def.shape).flatMap(([key, value]) =>
        nameFields(value, `${path}.${key}`, nameKey.test(key)),
      );
    case "array":
      return nameFields(def.element, `${path}[]`, isName);
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
      return nameFields(def.innerType, path, isName);
    case "union":
      return def.options.flatMap((option) => nameFields(option, path, isName));
    case "record":
      return nameFields(def.valueType, path, isName);
    case "pipe":
      return nameFields(def.in, path, isName);
    case "string":
      return isName ? [{ path, schema }] : [];
    default:
      return [];
  }
}

describe("S009: names", () => {
  it("S009 that are traps are none of the grammar's", () => {
    for (const trap of traps)
      expect([isRepositoryName(trap), isTag(trap), isHost(trap)]).toEqual([false, false, false]);
  });

  it("S009 in any method's parameters are refused at the contract's door", () => {
    const fields = Object.entries(methods).flatMap(([name, { input }]) => nameFields(input, name));
    const paths = fields.map(({ path }) => path);
    expect(paths).toContain("tags.list.repository");
    expect(paths).toContain("image.inspect.reference");
    expect(paths.length).toBeGreaterThan(20);
    for (const { path, schema } of fields)
      for (const trap of traps)
        expect((schema as z.ZodType).safeParse(trap).success, `${path} takes ${JSON.stringify(trap)}`).toBe(
          false,
        );
  });

  it("S009 in the settings of an endpoint are refused", () => {
    const good = { kind: "registry", host: "registry.example:5000" };
    expect(
      endpointInputSchema.safeParse({
        ...good,
        trustedTokenHosts: ["auth.example:8443"],
        mirrors: [{ location: "mirror.example/hub/" }, { location: "localhost:5000" }],
        credential: { from: "podman", namespace: "team/app" },
      }).success,
    ).toBe(true);
    for (const trap of [
      ...traps.filter((text) => text !== ""),
      "registry.example:99999",
      "https://x.example",
    ])
      for (const settings of [
        { ...good, host: trap },
        { ...good, trustedTokenHosts: [trap] },
        { ...good, mirrors: [{ location: trap }] },
        { ...good, mirrors: [{ location: `mirror.example/${trap}` }] },
        { ...good, credential: { from: "podman", namespace: trap } },
      ])
        expect(endpointInputSchema.safeParse(settings).success, JSON.stringify(settings)).toBe(false);
  });

  it("S009 that come through a client are refused before any registry is asked", async () => {
    const { client } = await appStage();
    const registry = await startFixtureRegistry();
    onTestFinished(() => registry.stop());
    const { id } = await client.call("endpoints.add", {
      name: "fixture",
      settings: { kind: "registry", host: registry.host, plainHttp: "always" },
    });
    const before = registry.requests.length;
    for (const trap of traps) {
      const refused = { code: "usage" };
      await expect(client.call("tags.list", { endpointId: id, repository: trap })).rejects.toMatchObject(
        refused,
      );
      await expect(
        client.call("image.inspect", { endpointId: id, repository: "app", reference: trap }),
      ).rejects.toMatchObject(refused);
      await expect(
        client.call("repositories.remember", { endpointId: id, names: [trap] }),
      ).rejects.toMatchObject(refused);
      await expect(
        client.call("endpoints.add", { name: "x", settings: { kind: "registry", host: trap } }),
      ).rejects.toMatchObject(refused);
      await expect(client.call("endpoints.hints", { host: trap })).rejects.toMatchObject({
        code: expect.stringMatching(/usage|configuration|invalid-reference/),
      });
    }
    expect(registry.requests.length).toBe(before);
  });

  it("S009 on the command line are refused as wrong usage, and nothing is asked", async () => {
    const home = await tempFolder("doors");
    onTestFinished(() => home.remove());
    const registry = await startFixtureRegistry();
    onTestFinished(() => registry.stop());
    const { host } = registry;
    const some = [
      "../../etc/passwd",
      "team//app",
      "app?x=1",
      "\u001b[2J",
      "app:../v1",
      "app@sha256:../x",
      "App:v1",
    ];
    for (const trap of some) {
      const image = `${host}/${trap}`;
      for (const argv of [
        ["copy", image, `${host}/copy:v1`],
        ["copy", `${host}/app:v1`, image],
        ["inspect", image],
        ["list-tags", image],
        ["delete", image, "--yes"],
        ["verify", image, `${host}/copy`],
        ["ls", `${trap}.example/${trap}`],
      ]) {
        const end = await cli({ home: home.path }, ...argv, "--plain-http");
        expect(end.code, `${JSON.stringify(argv)} ${end.stderr}`).toBe(2);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(end.stderr).not.toMatch(/\u001b/);
      }
    }
    expect(registry.requests).toEqual([]);
  }, 60_000);

  it("S009 in sync files are problems of the file", () => {
    const problems = (source: string) =>
      checkSyncText({ path: "/etc/sync.yaml", source, profile: undefined }).problems.length;
    const jobs = [{ name: "a", from: "r", to: "y.example", repositories: ["team/app"] }];
    expect(problems(JSON.stringify({ registries: { r: { host: "x.example:5000" } }, jobs }))).toBe(0);
    for (const trap of traps) {
      const registries = { r: { host: trap } };
      expect(problems(JSON.stringify({ registries, jobs })), `host ${trap}`).toBeGreaterThan(0);
    }
  });

  it("S009 in deep links are refused", () => {
    const link = (from: string, to: string) =>
      parseDeepLink(`freightliner://copy?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`);
    const [good, where] = ["registry.example:5000/team/app:v1", "other.example/team"];
    expect(link(good, where)).toEqual({ from: good, to: where });
    expect(link("registry.example", "localhost:5000")).toBeDefined();
    for (const trap of [...traps, ...traps.map((one) => `registry.example/${one}`)]) {
      expect(() => link(trap, where), JSON.stringify(trap)).toThrow(
        expect.objectContaining({ code: "usage" }),
      );
      expect(() => link(good, trap), JSON.stringify(trap)).toThrow(
        expect.objectContaining({ code: "usage" }),
      );
    }
  });

  it("S009 in a registry's answers are left out", async () => {
    const server = await serve((request, response) => {
      const url = request.url ?? "";
      if (url.startsWith("/v2/_catalog")) json(response, 200, { repositories: [...traps, "team/app"] });
      else if (url.includes("/tags/list")) json(response, 200, { tags: [...traps, "v1"] });
      else json(response, 200, {});
    });
    const registry = registryFor(server.host);
    expect(await collect(registry.listRepositories(options()))).toEqual(["team/app"]);
    expect(await collect(registry.listTags("team/app", options()))).toEqual(["v1"]);
  });

  it("S009 in a layout's index and digests lead nowhere", async () => {
    const folder = await tempFolder("doors");
    onTestFinished(() => folder.remove());
    const path = join(folder.path, "layout");
    const layout = await OciLayout.open({ path, create: true });
    const digest = `sha256:${"a".repeat(64)}`;
    const entry = (name: string, of = digest) => ({
      ...{ mediaType: "application/vnd.oci.image.manifest.v1+json", digest: of, size: 2 },
      annotations: { "org.opencontainers.image.ref.name": name },
    });
    const manifests = [
      ...traps.flatMap((trap) => [entry(trap), entry(`${trap}:v1`), entry("v9", trap)]),
      entry("v1"),
    ];
    mkdirSync(path);
    writeFileSync(join(path, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
    writeFileSync(join(path, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
    expect(await collect(layout.listRepositories(options()))).toEqual(["layout"]);
    expect(await collect(layout.listTags("layout", options()))).toEqual(["v1"]);
    for (const trap of traps) {
      const refused = { code: expect.stringMatching(/invalid-reference|unsupported/) };
      await expect(layout.getManifest("layout", trap, options())).rejects.toMatchObject(refused);
      const forged = { ...entry("v1"), digest: `sha256:${trap}` } as unknown as Descriptor;
      await expect(layout.putBlob("layout", forged, Readable.from(["xx"]), options())).rejects.toMatchObject(
        refused,
      );
    }
    expect(readdirSync(folder.path)).toEqual(["layout"]);
  });

  it.each(["../../evil", "/tmp/evil-of-an-archive", "blobs/../../evil", "blobs\\..\\evil", "./../evil"])(
    "S009 in an archive (%s) are not written",
    async (name) => {
      const folder = await tempFolder("doors");
      onTestFinished(() => folder.remove());
      const archive = join(folder.path, "image.tar");
      writeFileSync(archive, Buffer.concat([tarEntry("oci-layout"), tarEntry(name), Buffer.alloc(1024)]));
      await expect(
        unpackArchive(archive, join(folder.path, "into", "layout"), options().signal),
      ).rejects.toMatchObject({ code: "protocol" });
      expect(readdirSync(folder.path).filter((file) => file.includes("evil"))).toEqual([]);
      expect(existsSync("/tmp/evil-of-an-archive")).toBe(false);
    },
  );
});

/** A plain file of two bytes: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06 */
function tarEntry(name: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write("00000000002\0", 124);
  header.write("        0", 148);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, Buffer.from("{}"), Buffer.alloc(510)]);
}
