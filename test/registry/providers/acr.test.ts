// Azure Container Registry through the real client: Entra tokens traded for its own, scopes, untagging, its catalogue.
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Credential, CredentialProvider, EntraToken } from "../../../electron/engine/credential.ts";
import { ExchangedCredentials } from "../../../electron/registry/providers/exchanged.ts";
import { harness, image } from "../../engine/harness.ts";
import { putImage } from "../../engine/images.ts";
import { planBetween, runBetween } from "../../engine/over-http.ts";
import { type AcrOptions, type AcrStandIn, startAcr } from "../../support/vendors/acr.ts";
import { collect, options } from "../scripted-server.ts";
import { cloudClient } from "./cloud-stage.ts";
import { copyBack, copyTo, refusalOf } from "./stand-ins.ts";

const hour = 3_600_000;

async function acr(input: Partial<AcrOptions> = {}): Promise<AcrStandIn> {
  const standIn = await startAcr({ takes: () => true, ...input });
  onTestFinished(() => standIn.stop());
  return standIn;
}

function entra(token: string, expiresAt = Date.now() + hour): EntraToken {
  return { kind: "entra-token", token, tenant: "tenant-1", expiresAt };
}

/** Gives the next token whenever the one that it gave is refused. */
function renewing(tokens: readonly string[]): CredentialProvider & { readonly refused: Credential[] } {
  const refused: Credential[] = [];
  return {
    refused,
    async get(_signal, one) {
      if (one !== undefined) refused.push(one);
      return entra(tokens[Math.min(refused.length, tokens.length - 1)] ?? "");
    },
  };
}

describe("Azure Container Registry", () => {
  it("trades the Entra token once for a whole copy, and gives the image back", async () => {
    const standIn = await acr({ tenant: "tenant-1" });
    const registry = cloudClient(standIn.host, { provider: "acr", credentials: renewing(["entra-1"]) });
    const copied = await copyTo(registry, "team/app");
    expect(copied.run).toMatchObject({ state: "succeeded" });
    expect(await copyBack(registry, "team/app", copied)).toMatchObject({ state: "succeeded" });
    expect(standIn.exchanged).toEqual(["entra-1"]);
    expect(standIn.scopes.flat()).toContain("repository:team/app:pull,push");
  });

  it("S005 trades anew where its own tokens are taken back in the middle of a run", async () => {
    const standIn = await acr();
    const credentials = renewing(["entra-1", "entra-2"]);
    const registry = cloudClient(standIn.host, { provider: "acr", credentials });
    expect((await copyTo(registry, "app")).run).toMatchObject({ state: "succeeded" });
    standIn.revoke();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    onTestFinished(() => void vi.useRealTimers());
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v9", layers: [["nine", 70_000]] });
    const planned = await planBetween(h, { destination: registry }, { selection: [image("app", "v9")] });
    expect(await runBetween(h, { destination: registry }, planned)).toMatchObject({ state: "succeeded" });
    // Whoever gave the Entra token hears of that one, not of what came of it.
    expect(credentials.refused).toMatchObject([{ kind: "entra-token", token: "entra-1" }]);
    expect(standIn.exchanged).toEqual(["entra-1", "entra-2"]);
  });

  it("says what is wrong with an identity that has no role there", async () => {
    const standIn = await acr({ takes: () => false });
    const registry = cloudClient(standIn.host, { provider: "acr", credentials: renewing(["entra-1"]) });
    const error = await refusalOf(registry.getManifest("app", "v1", options()));
    expect(error).toMatchObject({ code: "unauthorized", message: expect.stringContaining("AcrPull") });
    expect(JSON.stringify(error, ["message", "cause", "stack"])).not.toContain("entra-1");
  });

  it("takes an admin's user name and password as they are", async () => {
    const standIn = await acr();
    const registry = cloudClient(standIn.host, {
      provider: "acr",
      credentials: { get: async () => ({ kind: "password", username: "admin", password: "secret" }) },
    });
    expect(await refusalOf(registry.getManifest("app", "v1", options()))).toMatchObject({
      code: "manifest-unknown",
    });
    expect(standIn.exchanged).toEqual([]);
  });

  it("follows the links of its catalogue, and untags without deleting", async () => {
    const standIn = await acr();
    const registry = cloudClient(standIn.host, { provider: "acr", credentials: renewing(["entra-1"]) });
    await copyTo(registry, "app");
    const { digest: blob, bytes } = await registry.getManifest("app", "v1", options());
    const { store } = standIn.registry;
    const record = await store.manifest("app", blob);
    if (record === undefined) throw new Error("the manifest is not there");
    for (let at = 0; at < 130; at += 1)
      await store.putManifest(`team/app-${String(at).padStart(3, "0")}`, { digest: blob, bytes, record });
    const listed = await collect(registry.listRepositories(options()));
    expect(listed).toHaveLength(131);
    expect(standIn.scopes.flat()).toContain("registry:catalog:*");
    await registry.deleteManifest("app", "v1", options());
    expect(await registry.headManifest("app", "v1", options())).toBeUndefined();
    expect(await registry.headManifest("app", blob, options())).toBeDefined();
    expect(standIn.scopes.at(-1)).not.toContain("repository:app:pull,push,delete");
    expect(await refusalOf(registry.deleteManifest("app", "v1", options()))).toMatchObject({
      code: "manifest-unknown",
    });
    await registry.deleteManifest("app", blob, options());
    expect(await registry.headManifest("app", blob, options())).toBeUndefined();
  });

  it("ends where a link of its catalogue leads to the same page", async () => {
    const standIn = await acr({ circles: true });
    const registry = cloudClient(standIn.host, { provider: "acr", credentials: renewing(["entra-1"]) });
    await copyTo(registry, "app");
    const { digest, bytes } = await registry.getManifest("app", "v1", options());
    const record = await standIn.registry.store.manifest("app", digest);
    if (record === undefined) throw new Error("the manifest is not there");
    for (let at = 0; at < 130; at += 1)
      await standIn.registry.store.putManifest(`team/app-${at}`, { digest, bytes, record });
    expect(await collect(registry.listRepositories(options()))).toHaveLength(100);
    const asked = standIn.registry.requests.filter((request) => request.includes("_catalog"));
    expect(asked.filter((request) => request.endsWith(" 200")).length).toBeLessThanOrEqual(2);
  });

  it("tells a tag that is locked from a repository that is, and neither is a missing feature", async () => {
    const locked = new Set<string>();
    const standIn = await acr({ locked });
    const registry = cloudClient(standIn.host, { provider: "acr", credentials: renewing(["entra-1"]) });
    expect((await copyTo(registry, "app")).run).toMatchObject({ state: "succeeded" });
    locked.add("app:v1");
    // The same again is no write at all.
    expect((await copyTo(registry, "app")).run).toMatchObject({ state: "succeeded" });
    const tag = await copyTo(registry, "app", 50_000);
    expect(tag.h.rows(tag.run)[0]?.error).toMatchObject({ code: "tag-immutable" });
    locked.add("other");
    const repository = await copyTo(registry, "other");
    expect(repository.h.rows(repository.run)[0]?.error).toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("disallowed"),
    });
  });

  it("gets parts of sixteen mebibytes at most, whatever larger ones are wanted", async () => {
    const mebibyte = 1024 * 1024;
    const standIn = await acr();
    const registry = cloudClient(standIn.host, { provider: "acr", credentials: renewing(["entra-1"]) });
    const h = harness({ transfer: { partsFrom: mebibyte, partSize: 32 * mebibyte } });
    putImage(h.source, { repository: "app", tag: "v1", layers: [["large", 40 * mebibyte]] });
    const planned = await planBetween(h, { destination: registry }, { selection: [image("app", "v1")] });
    expect(await runBetween(h, { destination: registry }, planned)).toMatchObject({ state: "succeeded" });
    const parts = standIn.registry.requests.filter((request) => request.startsWith("PATCH"));
    expect(parts.length).toBeGreaterThanOrEqual(2);
    expect(parts.every((request) => request.endsWith(" 202"))).toBe(true);
  });

  it("waits where it is asked too often", async () => {
    const standIn = await acr();
    const registry = cloudClient(standIn.host, { provider: "acr", credentials: renewing(["entra-1"]) });
    standIn.throttle(3);
    expect((await copyTo(registry, "app")).run).toMatchObject({ state: "succeeded" });
    const slowed = standIn.registry.requests.filter((request) => request.endsWith(" 429"));
    expect(slowed).toHaveLength(3);
  });
});

describe("what a registry trades", () => {
  it("is traded once for all who wait, kept for half of its life, and traded again for a new original", async () => {
    let now = 1_000_000_000;
    let original: Credential = entra("entra-1");
    const asked: string[] = [];
    const credentials = new ExchangedCredentials({
      credentials: { get: async () => original },
      now: () => now,
      async trade(from) {
        await Promise.resolve();
        asked.push(from.kind === "entra-token" ? from.token : "");
        return {
          kind: "identity-token",
          username: "",
          token: `own-${asked.length}`,
          expiresAt: now + 3 * hour,
        };
      },
    });
    const { signal } = new AbortController();
    const all = await Promise.all([
      credentials.get(signal),
      credentials.get(signal),
      credentials.get(signal),
    ]);
    expect(all.map((one) => one?.kind === "identity-token" && one.token)).toEqual([
      "own-1",
      "own-1",
      "own-1",
    ]);
    now += hour;
    expect(await credentials.get(signal)).toMatchObject({ token: "own-1" });
    now += hour;
    expect(await credentials.get(signal)).toMatchObject({ token: "own-2" });
    original = entra("entra-2");
    expect(await credentials.get(signal)).toMatchObject({ token: "own-3" });
    expect(asked).toEqual(["entra-1", "entra-1", "entra-2"]);
  });
});
