// What a probe finds out, against docker-registry 2.8 and against registries that do each thing otherwise.
import { describe, expect, it } from "vitest";
import type { ProbeFindings, ProbeOptions } from "../../electron/registry/probe.ts";
import { ProbeStep } from "../../electron/registry/probe-step.ts";
import { seemsToBe } from "../../electron/registry/product.ts";
import { capabilityNames, type RegistryCapability } from "../../shared/endpoint.ts";
import type { Fault, FaultMatch } from "../support/faults.ts";
import {
  type FixtureOptions,
  type FixtureRegistry,
  startFixtureRegistry,
} from "../support/fixture-registry.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { type RealRegistryOptions, startRealRegistry } from "../support/real-registry.ts";
import {
  afterwards,
  type ClientInput,
  collect,
  json,
  options,
  registryFor,
  serve,
} from "./scripted-server.ts";

function answers(found: ProbeFindings): Record<RegistryCapability["name"], string> {
  const pairs = found.capabilities.map(({ name, answer }) => [name, answer]);
  return Object.fromEntries(pairs) as Record<RegistryCapability["name"], string>;
}

function textOf(found: ProbeFindings, name: RegistryCapability["name"]): string {
  return found.capabilities.find((one) => one.name === name)?.text ?? "";
}

async function real(settings: RealRegistryOptions = {}) {
  const server = await startRealRegistry(settings);
  afterwards(() => server.stop());
  return server;
}

async function fixture(settings: FixtureOptions = {}): Promise<FixtureRegistry> {
  const server = await startFixtureRegistry(settings);
  afterwards(() => server.stop());
  return server;
}

function probe(host: string, ask: ProbeOptions, input: ClientInput = {}): Promise<ProbeFindings> {
  return registryFor(host, input).probe(ask, options().signal);
}

const writing: ProbeOptions = { repository: "team/app", write: true };

describe("a probe of docker-registry 2.8", () => {
  it("with deleting switched on finds out everything and leaves no tag", async () => {
    const server = await real({ delete: true });
    const found = await probe(server.host, writing);
    expect(answers(found)).toEqual({
      ...{ "sign-in": "yes", catalog: "yes", pull: "yes", push: "yes", "create-repository": "yes" },
      ...{ mount: "yes", "chunked-upload": "yes", "upload-status": "yes", referrers: "no", delete: "yes" },
    });
    expect(textOf(found, "delete")).toContain("deletes digests, no tags");
    expect(textOf(found, "create-repository")).toMatch(/it stays there, empty\.$/);
    expect(found).toMatchObject({ repository: "team/app", parts: true, referrers: false });
    expect(found.status).toBeUndefined();
    const tags = await collect(registryFor(server.host).listTags("team/app", options()));
    expect(tags).toEqual([]);
    // The upload in parts was given back.
    const log = await server.accessLog();
    const given = log.filter(({ method, path }) => method === "DELETE" && path.includes("/blobs/uploads/"));
    expect(given.map(({ status }) => status)).toEqual([204]);
  });

  it("with deleting switched off says what stays there", async () => {
    const server = await real();
    const found = await probe(server.host, writing);
    expect(answers(found)).toMatchObject({ push: "yes", delete: "no" });
    const [tag] = await collect(registryFor(server.host).listTags("team/app", options()));
    expect(tag).toMatch(/^freightliner-probe-[0-9a-f]{16}$/);
    expect(textOf(found, "delete")).toContain(`team/app:${tag}`);
    expect(textOf(found, "delete")).toContain("deleted by hand");
    expect(textOf(found, "create-repository")).toBe(
      "team/app was missing and has come to be by the push; it stays there, with the image of the probe in it.",
    );
  });

  it("changes nothing where it may not write", async () => {
    const server = await real({ delete: true });
    await pushImage(server, await buildImage({ seed: "probed", layerSize: 100 }), "team/app", "v1");
    await server.clearAccessLog();
    const found = await probe(server.host, { write: false });
    expect(answers(found)).toEqual({
      ...{ "sign-in": "yes", catalog: "yes", pull: "yes", referrers: "no" },
      ...{ push: "not-tested", "create-repository": "not-tested", mount: "not-tested" },
      ...{ "chunked-upload": "not-tested", "upload-status": "not-tested", delete: "not-tested" },
    });
    expect(found.repository).toBeNull();
    const methods = new Set((await server.accessLog()).map(({ method }) => method));
    expect([...methods].sort()).toEqual(["GET", "HEAD"]);
  });

  it("stops at a sign-in that is refused", async () => {
    const server = await real({ user: "anna", password: "right" });
    const credential = { kind: "password", username: "anna", password: "wrong" } as const;
    const found = await probe(server.host, writing, { credential });
    expect(answers(found)).toMatchObject({ "sign-in": "no", catalog: "not-tested", push: "not-tested" });
    expect(found.capabilities.map(({ name }) => name)).toEqual([...capabilityNames]);
    const writes = (await server.accessLog()).filter(({ method }) => method !== "GET");
    expect(writes).toEqual([]);
  });

  it("fails where there is no registry", async () => {
    const server = await serve((_, response) => {
      response.writeHead(404);
      response.end();
    });
    await expect(probe(server.host, writing)).rejects.toMatchObject({ code: "protocol" });
  });
});

describe("a probe of a registry that", () => {
  const dialects: readonly (readonly [string, readonly [Fault, FaultMatch?][], object])[] = [
    ["does everything", [], { mount: "yes", referrers: "yes", delete: "yes", "upload-status": "yes" }],
    ["links no blobs", [[{ do: "no-mounts" }]], { mount: "no", push: "yes", delete: "yes" }],
    ["has no list of attachments", [[{ do: "no-referrers" }]], { referrers: "no" }],
    ["deletes only digests", [[{ do: "deletes", only: "digests" }]], { delete: "yes" }],
    ["deletes only tags", [[{ do: "deletes", only: "tags" }]], { delete: "yes" }],
    [
      "forbids deleting here, and perhaps not elsewhere",
      [
        [
          { do: "status", status: 403, code: "DENIED" },
          { method: "DELETE", kind: "manifest" },
        ],
      ],
      { push: "yes", delete: "unknown" },
    ],
    [
      "took the push, though its answer was lost",
      [[{ do: "lose-reply" }, { method: "PUT", kind: "manifest" }]],
      { push: "unknown", delete: "not-tested" },
    ],
    ["deletes nothing", [[{ do: "deletes", only: "nothing" }]], { delete: "no" }],
    [
      "takes no parts",
      [[{ do: "status", status: 405, code: "UNSUPPORTED" }, { method: "PATCH" }]],
      { "chunked-upload": "no", "upload-status": "not-tested", push: "yes", delete: "yes" },
    ],
    [
      "does not tell how far an upload is",
      [
        [
          { do: "status", status: 404, code: "BLOB_UPLOAD_UNKNOWN" },
          { method: "GET", kind: "upload" },
        ],
      ],
      { "chunked-upload": "yes", "upload-status": "no", push: "yes" },
    ],
    [
      "lets nobody write",
      [
        [
          { do: "status", status: 403, code: "DENIED" },
          { method: "POST", kind: "uploads" },
        ],
      ],
      { push: "no", "create-repository": "no", "chunked-upload": "unknown", delete: "not-tested" },
    ],
    [
      "takes blobs but no manifests",
      [
        [
          { do: "status", status: 403, code: "DENIED" },
          { method: "PUT", kind: "manifest" },
        ],
      ],
      { push: "no", mount: "not-tested", delete: "not-tested" },
    ],
    [
      "takes what may not be read by whoever brought it",
      [
        [
          { do: "status", status: 403, code: "DENIED" },
          { method: "GET", kind: "manifest" },
        ],
      ],
      { push: "yes", pull: "no", delete: "yes" },
    ],
    [
      "has no catalogue",
      [[{ do: "status", status: 404 }, { kind: "catalog" }]],
      { catalog: "no", push: "yes" },
    ],
    [
      "fails at its catalogue",
      [[{ do: "status", status: 503 }, { kind: "catalog" }]],
      { catalog: "unknown", push: "yes" },
    ],
    [
      "says that it deletes, and does not",
      [
        [
          { do: "status", status: 202 },
          { method: "DELETE", kind: "manifest" },
        ],
      ],
      { delete: "unknown" },
    ],
  ];
  it.each(dialects)("%s", async (_, faults, expected) => {
    const server = await fixture();
    for (const [fault, match] of faults) server.fault(fault, match);
    const found = await probe(server.host, writing);
    expect(answers(found)).toMatchObject(expected);
    // Whatever was answered: what lies there is said, and nothing else lies there.
    const left = await server.store.tags("team/app");
    const text = textOf(found, "delete");
    for (const tag of left) expect(text).toContain(`team/app:${tag}`);
    if (left.length === 0) expect(text).not.toContain("stays there");
    // The two never contradict each other.
    if (left.length > 0) expect(textOf(found, "create-repository")).not.toMatch(/empty|without a tag/);
  });

  it("deletes tags only leaves a repository without a tag, and no word of an empty one", async () => {
    const server = await fixture();
    server.fault({ do: "deletes", only: "tags" });
    const text = textOf(await probe(server.host, writing), "create-repository");
    expect(text).toMatch(/it stays there, without a tag\.$/);
  });

  it("does not say whether the image is gone is not taken at its word", async () => {
    const server = await fixture();
    server.fault({ do: "status", status: 503 }, { method: "HEAD", kind: "manifest" });
    const found = await probe(server.host, writing);
    expect(answers(found)).toMatchObject({ push: "yes", delete: "unknown" });
    expect(textOf(found, "delete")).toMatch(/did not say whether team\/app:freightliner-probe-\w+ is gone/);
    expect(textOf(found, "create-repository")).toMatch(/perhaps with the image of the probe in it\.$/);
  });

  it("has the repository already is not asked to make one, and its tags stay", async () => {
    const server = await fixture();
    await pushImage(server, await buildImage({ seed: "probed", layerSize: 100 }), "team/app", "v1");
    const found = await probe(server.host, writing);
    expect(answers(found)).toMatchObject({ pull: "yes", "create-repository": "not-tested", delete: "yes" });
    expect(await collect(registryFor(server.host).listTags("team/app", options()))).toEqual(["v1"]);
  });

  it.each([
    ["pull and push", ["pull", "push"], "yes"],
    ["only pull", ["pull"], "no"],
    ["nothing", [], "no"],
    ["what it keeps to itself", undefined, "unknown"],
  ])("grants %s in its tokens is believed without writing", async (_, actions, expected) => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const access = [{ type: "repository", name: "team/app", actions }];
    const token = actions === undefined ? "opaque" : `${part({})}.${part({ access })}.signed`;
    const server = await serve((request, response) => {
      if (request.url?.startsWith("/token") === true) json(response, 200, { token, expires_in: 300 });
      else if (request.headers.authorization !== `Bearer ${token}`) {
        const challenge = `Bearer realm="http://${request.headers.host}/token",service="here"`;
        json(response, 401, {}, { "www-authenticate": challenge });
      } else json(response, 200, { repositories: ["team/app"], tags: [] });
    });
    const credential = { kind: "password", username: "anna", password: "right" } as const;
    const found = await probe(server.host, { repository: "team/app", write: false }, { credential });
    expect(answers(found)).toMatchObject({ "sign-in": "yes", push: expected });
    expect(server.asked.filter(({ method }) => method !== "GET" && method !== "HEAD")).toEqual([]);
  });

  it("never answers is given up by the deadline of each question", async () => {
    const step = new ProbeStep(options().signal, { stepMs: 60, totalMs: 1000 });
    const began = performance.now();
    const outcome = await step.run(() => new Promise<void>(() => {}));
    expect(outcome).toMatchObject({ error: { code: "timeout" } });
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it.each(["tags", "digests"] as const)(
    "was being probed when somebody stopped it has nothing left, where it deletes %s",
    async (only) => {
      const server = await fixture();
      server.fault({ do: "deletes", only });
      const stop = new AbortController();
      server.fault(
        { do: "run", run: () => void setTimeout(() => stop.abort(new Error("stopped")), 20) },
        { kind: "referrers" },
      );
      server.fault({ do: "delay", ms: 5000 }, { kind: "referrers" });
      const leftovers: string[] = [];
      const began = performance.now();
      const work = registryFor(server.host).probe(
        { ...writing, onLeftover: (text) => void leftovers.push(text) },
        stop.signal,
      );
      await expect(work).rejects.toThrow("stopped");
      expect(performance.now() - began).toBeLessThan(3000);
      expect(leftovers).toEqual([]);
      expect(await collect(registryFor(server.host).listTags("team/app", options()))).toEqual([]);
    },
  );

  it("was being probed and deletes nothing leaves a word of what stays", async () => {
    const server = await fixture();
    const stop = new AbortController();
    server.fault({ do: "deletes", only: "nothing" });
    server.fault(
      { do: "run", run: () => void setTimeout(() => stop.abort(new Error("stopped")), 20) },
      { kind: "referrers" },
    );
    server.fault({ do: "delay", ms: 5000 }, { kind: "referrers" });
    const leftovers: string[] = [];
    const work = registryFor(server.host).probe(
      { ...writing, onLeftover: (text) => void leftovers.push(text) },
      stop.signal,
    );
    await expect(work).rejects.toThrow("stopped");
    const [tag] = await collect(registryFor(server.host).listTags("team/app", options()));
    expect(leftovers.join()).toContain(`team/app:${tag}`);
  });
});

describe("the product behind the answers", () => {
  const none = { headers: {}, challenges: [], zotExtensions: false };
  const bearer = (parameters: Record<string, string>) => ({
    ...none,
    challenges: [{ scheme: "bearer", parameters: new Map(Object.entries(parameters)) }],
  });
  it.each([
    ["artifactory", { ...none, headers: { "x-artifactory-id": "a1b2" } }],
    ["nexus", { ...none, headers: { server: "Nexus/3.70.1-02 (OSS)" } }],
    ["gitlab", { ...none, headers: { "gitlab-container-registry-version": "4.5.0-gitlab" } }],
    ["zot", { ...none, zotExtensions: true }],
    ["harbor", bearer({ realm: "https://h.example/service/token", service: "harbor-registry" })],
    ["gitlab", bearer({ realm: "https://gitlab.example/jwt/auth", service: "container_registry" })],
    ["quay", bearer({ realm: "https://quay.example/v2/auth", service: "quay.example" })],
  ])("is %s by its signature", (id, found) => {
    expect(seemsToBe(found)?.id).toBe(id);
  });
  it("is not told by what nearly all registries send", () => {
    const headers = { "docker-distribution-api-version": "registry/2.0" };
    expect(seemsToBe({ ...none, headers })).toBeUndefined();
  });
  it("is said in the report, with what the settings say otherwise", async () => {
    const server = await fixture();
    server.fault({ do: "set-headers", headers: { server: "Nexus/3.70.1-02 (OSS)" } }, { kind: "base" });
    const plain = await probe(server.host, { write: false });
    expect(textOf(plain, "sign-in")).toContain("By its answers it is Sonatype Nexus.");
    const chosen = await probe(server.host, { write: false }, { settings: { provider: "zot" } });
    expect(textOf(chosen, "sign-in")).toContain("Sonatype Nexus, not zot");
  });
});
