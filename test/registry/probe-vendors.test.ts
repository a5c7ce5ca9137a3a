// Probes of registries that do things by an API of their own, against the stand-ins of these.
import { expect, it } from "vitest";
import type { ProbeFindings, ProbeOptions } from "../../electron/registry/probe.ts";
import type { RegistrySettings } from "../../shared/endpoint.ts";
import { startHub } from "../support/vendors/docker-hub.ts";
import { startGithub } from "../support/vendors/ghcr.ts";
import { startHarbor } from "../support/vendors/harbor.ts";
import { startQuay } from "../support/vendors/quay.ts";
import { startZot } from "../support/vendors/zot.ts";
import { password } from "./providers/stand-ins.ts";
import { afterwards, collect, options, registryFor } from "./scripted-server.ts";

function registryOf(host: string, settings: Partial<RegistrySettings>, name: string, secret: string) {
  return registryFor(host, { settings, credential: password(name, secret) });
}

function answers({ capabilities }: ProbeFindings): Record<string, string> {
  return Object.fromEntries(capabilities.map(({ name, answer }) => [name, answer]));
}

const writing = (repository: string): ProbeOptions => ({ repository, write: true });

it("of Harbor makes the project, and takes the tag away by its API", async () => {
  const stand = await startHarbor({ user: "robot$ci", secret: "harbor-secret", projects: [] });
  afterwards(() => stand.stop());
  const registry = registryOf(stand.front.host, { provider: "harbor" }, "robot$ci", "harbor-secret");
  const found = await registry.probe(writing("team/app"), options().signal);
  expect(answers(found)).toMatchObject({ catalog: "yes", push: "yes", delete: "yes", mount: "yes" });
  expect(found.capabilities.find(({ name }) => name === "delete")?.text).toContain("tags and digests");
  expect([...stand.projects.keys()]).toEqual(["team"]);
  expect(await stand.registry.store.tags("team/app")).toEqual([]);
});

it("of Harbor says of a proxy cache that nothing can be pushed to it", async () => {
  const projects = [{ name: "hub", proxyOf: 1 }];
  const stand = await startHarbor({ user: "ci", secret: "harbor-secret", projects });
  afterwards(() => stand.stop());
  const registry = registryOf(stand.front.host, { provider: "harbor" }, "ci", "harbor-secret");
  const found = await registry.probe(writing("hub/library/app"), options().signal);
  expect(answers(found)).toMatchObject({ push: "no", delete: "not-tested" });
  expect(found.capabilities.find(({ name }) => name === "push")?.text).toContain("proxy cache");
});

it("of Quay makes no repository while it only looks, not even by asking for a token", async () => {
  const stand = await startQuay({ user: "acme+ci", secret: "robot-secret", repositories: ["acme/app"] });
  afterwards(() => stand.stop());
  const registry = registryOf(stand.front.host, { provider: "quay" }, "acme+ci", "robot-secret");
  const looked = await registry.probe({ repository: "acme/new", write: false }, options().signal);
  expect(answers(looked)).toMatchObject({ "sign-in": "yes", catalog: "yes", push: "not-tested" });
  await registry.check(options().signal, { repository: "acme/new" });
  expect([...stand.made]).toEqual([]);
  const wrote = await registry.probe(writing("acme/new"), options().signal);
  expect(answers(wrote)).toMatchObject({ push: "yes", delete: "yes", "chunked-upload": "yes" });
  expect([...stand.made]).toEqual(["acme/new"]);
  expect(await stand.registry.store.tags("acme/new")).toEqual([]);
});

it("of Docker Hub deletes the tag by the API, and knows that no digest goes", async () => {
  const stand = await startHub({ user: "alice", secret: "pat", namespaces: { alice: ["app"] } });
  afterwards(() => stand.stop());
  const settings = { provider: "docker-hub", apiUrl: stand.api.url } as const;
  const registry = registryOf(stand.registry.host, settings, "alice", "pat");
  const found = await registry.probe(writing("alice/app"), options().signal);
  expect(answers(found)).toMatchObject({ catalog: "yes", push: "yes", delete: "yes" });
  expect(found.capabilities.find(({ name }) => name === "delete")?.text).toContain("tags, no digests");
  expect(await collect(registry.listTags("alice/app", options()))).toEqual([]);
});

it("of GitHub sends no part of a blob, as blobs go whole there", async () => {
  const scopes = ["read:packages", "write:packages", "delete:packages", "read:org"];
  const stand = await startGithub({ user: "octocat", token: "ghp_1", scopes });
  afterwards(() => stand.stop());
  const settings = { provider: "ghcr", apiUrl: stand.api.url } as const;
  const registry = registryOf(stand.registry.host, settings, "octocat", "ghp_1");
  const found = await registry.probe(writing("octocat/app"), options().signal);
  expect(answers(found)).toMatchObject({
    push: "yes",
    "chunked-upload": "no",
    "upload-status": "not-tested",
  });
  expect(found.parts).toBeUndefined();
  expect(stand.registry.count({ method: "PATCH" })).toBe(0);
});

it("of zot tells attachments, mounts and the state of an upload that began at 0-0", async () => {
  const registry = await startZot();
  afterwards(() => registry.stop());
  const found = await registryFor(registry.host).probe(writing("app"), options().signal);
  expect(answers(found)).toMatchObject({
    ...{ mount: "yes", referrers: "yes", "chunked-upload": "yes", "upload-status": "yes", delete: "yes" },
  });
  expect(found).toMatchObject({ parts: true, referrers: true });
});
