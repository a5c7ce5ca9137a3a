// Quay: scopes that it can read, pages that it leads through, uploads in its own words, against a stand-in of its API.
import { describe, expect, it } from "vitest";
import type { Credential } from "../../../electron/engine/credential.ts";
import { harness, image } from "../../engine/harness.ts";
import { bytesOf, putImage } from "../../engine/images.ts";
import { sha256 } from "../../engine/memory-endpoint.ts";
import { planBetween, runBetween } from "../../engine/over-http.ts";
import { type QuayOptions, type QuayStandIn, startQuay } from "../../support/vendors/quay.ts";
import { describeBytes, emptyImage, streamOf } from "../samples.ts";
import { afterwards, collect, options } from "../scripted-server.ts";
import { clientOf, copyBack, copyTo, password, refusalOf } from "./stand-ins.ts";

const robot = password("acme+ci", "robot-secret");
const token = password("$oauthtoken", "oauth-secret");

async function quay(settings: Partial<QuayOptions> = {}): Promise<QuayStandIn> {
  const stand = await startQuay({ user: "acme+ci", secret: "robot-secret", ...settings });
  afterwards(() => stand.stop());
  return stand;
}

function quayClient(stand: QuayStandIn, credential: Credential = robot) {
  return clientOf("quay", stand.front.host, { credential });
}

const many = Array.from({ length: 230 }, (_, at) => `acme/app-${String(at).padStart(3, "0")}`);

describe("the repositories of Quay", () => {
  it("are the catalogue for a robot, by opaque pages, with a token that asks for nothing", async () => {
    const stand = await quay({ repositories: many });
    expect(await collect(quayClient(stand).listRepositories(options()))).toEqual(many);
    const pages = stand.front.asked.filter(
      ({ url, authorization }) => url.pathname === "/v2/_catalog" && authorization,
    );
    expect(pages).toHaveLength(3);
    expect(pages.some(({ url }) => url.searchParams.has("last"))).toBe(false);
    expect(stand.registry.tokenRequests.flatMap(({ scopes }) => scopes)).toEqual([]);
  });

  it("of exactly one full page are one page: nobody guesses at a next one", async () => {
    const stand = await quay({ repositories: many.slice(0, 100) });
    expect(await collect(quayClient(stand).listRepositories(options()))).toHaveLength(100);
    const pages = stand.front.asked.filter(
      ({ url, authorization }) => url.pathname === "/v2/_catalog" && authorization,
    );
    expect(pages).toHaveLength(1);
  });

  it("are those of the user and its organisations for an OAuth token", async () => {
    const repositories = [...many, "alice/own", "other/hidden"];
    const stand = await quay({
      ...{ user: "$oauthtoken", secret: "oauth-secret", owner: "alice", organisations: ["acme", "closed"] },
      repositories,
    });
    expect(await collect(quayClient(stand, token).listRepositories(options()))).toEqual([
      "alice/own",
      ...many,
    ]);
    const pages = stand.front.asked.filter(({ url }) => url.pathname === "/api/v1/repository");
    expect(pages.map(({ url }) => url.searchParams.get("namespace"))).toEqual([
      "alice",
      "acme",
      "acme",
      "acme",
      "closed",
    ]);
    expect(pages.every(({ authorization }) => authorization === "Bearer oauth-secret")).toBe(true);
  });

  it("are the catalogue for an OAuth token that may not say whose it is", async () => {
    const stand = await quay({
      ...{ user: "$oauthtoken", secret: "oauth-secret", readsUser: false, repositories: many.slice(0, 3) },
    });
    expect(await collect(quayClient(stand, token).listRepositories(options()))).toEqual(many.slice(0, 3));
  });

  it("end where the page of the API comes again", async () => {
    const stand = await quay({
      user: "$oauthtoken",
      secret: "oauth-secret",
      owner: "acme",
      repositories: many,
    });
    const again = { repositories: [{ namespace: "acme", name: "one" }], next_page: "x" };
    stand.front.answerNext(/api\/v1\/repository$/, { status: 200, json: again }, 9);
    expect(await collect(quayClient(stand, token).listRepositories(options()))).toEqual(["acme/one"]);
    expect(stand.front.count("GET", /api\/v1\/repository$/)).toBe(2);
  });

  it("wait as the API says", async () => {
    const stand = await quay({
      user: "$oauthtoken",
      secret: "oauth-secret",
      owner: "acme",
      repositories: many,
    });
    stand.front.answerNext(/api\/v1\/repository$/, {
      status: 429,
      headers: { "retry-after": "3" },
      json: {},
    });
    expect(await refusalOf(collect(quayClient(stand, token).listRepositories(options())))).toMatchObject({
      ...{ code: "rate-limited", retryAfterMs: 3000 },
    });
  });
});

describe("a whole copy to Quay", () => {
  it("goes past tokens that live for a second and comes back the same", async () => {
    const stand = await quay({ registryTokenSeconds: 1 });
    const client = quayClient(stand);
    stand.registry.fault({ do: "delay", ms: 1100 }, { method: "PUT", kind: "upload", after: 1, times: 1 });
    const copied = await copyTo(client, "acme/app", 300_000);
    expect(copied.run).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 1 } });
    const refused = stand.registry.requests.filter(({ status, path }) => status === 401 && path !== "/v2/");
    expect(refused.length).toBeGreaterThan(0);
    expect((await copyBack(client, "acme/app", copied)).state).toBe("succeeded");
    const scopes = stand.registry.tokenRequests.flatMap((request) => request.scopes);
    expect(scopes.filter((scope) => /delete|catalog/.test(scope))).toEqual([]);
  });

  it("says that the namespace or the right is missing where it is", async () => {
    const stand = await quay();
    const { run, h } = await copyTo(quayClient(stand), "nobody/app");
    expect(run.state).toBe("failed");
    expect(h.rows(run)[0]?.error).toMatchObject({ code: "forbidden", side: "destination" });
  });

  it("makes no repository while it is only planned", async () => {
    const stand = await quay();
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers: [["a", 5000]] });
    const selection = [
      { kind: "image" as const, repository: "app", reference: "v1", destinationRepository: "acme/new" },
    ];
    const destination = quayClient(stand);
    const planned = await planBetween(h, { destination }, { selection });
    expect(planned).toMatchObject({ state: "planned", plan: { copy: 1, unreadable: 0 } });
    expect([...stand.made]).toEqual([]);
    expect((await runBetween(h, { destination }, planned)).state).toBe("succeeded");
    expect([...stand.made]).toEqual(["acme/new"]);
  });

  it("begins a large layer anew where an answer was lost, as Quay's way to tell how far it came may be one too high", async () => {
    const stand = await quay();
    const size = 1_000_000;
    const h = harness({ transfer: { partsFrom: 200_000, partSize: 100_000 } });
    putImage(h.source, { repository: "acme/big", tag: "v1", layers: [["big", size]] });
    const destination = quayClient(stand);
    const lost = stand.registry.fault({ do: "lose-reply" }, { method: "PATCH", after: 4, times: 1 });
    const ends = { destination };
    const planned = await planBetween(h, ends, { selection: [image("acme/big", "v1")] });
    expect((await runBetween(h, ends, planned)).state).toBe("succeeded");
    expect(lost.count).toBe(1);
    const sent = stand.registry.requests.filter(({ method }) => method === "PATCH");
    expect(sent.reduce((sum, { bytesIn }) => sum + bytesIn, 0)).toBe(size + 500_000);
    const digest = sha256(bytesOf("big", size));
    const bytes = await stand.registry.store.blobSize("acme/big", digest);
    expect(bytes).toBe(size);
  });
});

describe("the rules of Quay", () => {
  it("an immutable tag is told as one", async () => {
    const stand = await quay();
    const client = quayClient(stand);
    await copyTo(client, "acme/app");
    expect(await refusalOf(client.putManifest("acme/app", "v1", emptyImage, options()))).toMatchObject({
      ...{ code: "tag-immutable", status: 409 },
    });
  });

  it.each([
    [
      "while Quay is read-only",
      "System is currently read-only. Pulls will succeed but all write operations are currently suspended.",
    ],
    [
      "in a namespace that is disabled",
      "This namespace is disabled. Please contact your system administrator.",
    ],
  ])("nothing is written %s, and it says so", async (_, message) => {
    const stand = await quay();
    stand.registry.fault(
      { do: "status", status: 405, code: "DENIED", message },
      { method: "POST", kind: "uploads" },
    );
    const { run, h } = await copyTo(quayClient(stand), "acme/app");
    expect(run.state).toBe("failed");
    expect(h.rows(run)[0]?.error).toMatchObject({ code: "forbidden", status: 405 });
    expect(h.rows(run)[0]?.error?.message).toContain(message.slice(0, 30));
  });

  it("a quota that is spent is a refusal that no other try cures", async () => {
    const stand = await quay();
    const fault = {
      do: "status",
      status: 403,
      code: "DENIED",
      message: "Quota has been exceed on namespace",
    } as const;
    stand.registry.fault(fault, { method: "PUT", kind: "manifest" });
    const { run, h } = await copyTo(quayClient(stand), "acme/app");
    expect(h.rows(run)[0]?.error).toMatchObject({ code: "forbidden", retryable: false });
    expect(stand.registry.count({ method: "PUT", kind: "manifest" })).toBeLessThan(4);
  });

  it("tags and digests are deleted by the protocol, with a token that asks for no delete", async () => {
    const stand = await quay();
    const client = quayClient(stand);
    await copyTo(client, "acme/app");
    const head = await client.headManifest("acme/app", "v1", options());
    stand.registry.clearRecords();
    await client.deleteManifest("acme/app", "v1", options());
    expect(await collect(client.listTags("acme/app", options()))).toEqual([]);
    await client.deleteManifest("acme/app", head?.digest ?? "", options());
    expect(await client.headManifest("acme/app", head?.digest ?? "", options())).toBeUndefined();
    expect(await refusalOf(client.deleteManifest("acme/app", "v1", options()))).toMatchObject({
      code: "manifest-unknown",
    });
    const asked = stand.front.asked.filter(({ url }) => url.pathname === "/token");
    const scopes = asked.flatMap(({ url }) => url.searchParams.getAll("scope"));
    expect(scopes.every((scope) => /^repository:acme\/app:pull(,push)?$/.test(scope))).toBe(true);
  });
});

describe("an upload to Quay", () => {
  it("goes on from what it acknowledged, though its status says one more and names no Location", async () => {
    const stand = await quay();
    const client = quayClient(stand);
    const bytes = bytesOf("one", 4000);
    const blob = describeBytes(bytes);
    const session = await client.beginUpload("acme/app", blob, options());
    await session.append(streamOf(bytes.subarray(0, 1000)), 1000, options());
    expect(session.offset).toBe(1000);
    const again = await client.continueUpload("acme/app", blob, session.token, options());
    // `bytes=0-1000` is one too high, and no Location comes with it.
    expect(again?.offset).toBe(1000);
    await again?.append(streamOf(bytes.subarray(1000)), 3000, options());
    await again?.commit(options());
    expect(await stand.registry.store.blobSize("acme/app", blob.digest)).toBe(4000);
  });
});
