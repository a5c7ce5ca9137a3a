// zot: the protocol as it is written, with `last` that must be a tag and uploads that begin at 0-0.
import { describe, expect, it } from "vitest";
import { harness, image } from "../../engine/harness.ts";
import { bytesOf, putImage } from "../../engine/images.ts";
import { sha256 } from "../../engine/memory-endpoint.ts";
import { planBetween, runBetween } from "../../engine/over-http.ts";
import type { FixtureOptions } from "../../support/fixture-registry.ts";
import { startZot } from "../../support/vendors/zot.ts";
import { describeBytes, emptyImage, streamOf } from "../samples.ts";
import { afterwards, collect, options, registryFor } from "../scripted-server.ts";
import { clientOf, copyBack, copyTo, password, refusalOf } from "./stand-ins.ts";

async function zot(auth?: FixtureOptions["auth"]) {
  const registry = await startZot(auth);
  afterwards(() => registry.stop());
  const credential = auth === undefined ? {} : { credential: password("ci", "zot-secret") };
  return { registry, client: clientOf("zot", registry.host, credential) };
}

describe("the tags of zot", () => {
  it("of exactly one full page are one page, though the question for more is answered 404", async () => {
    const { registry, client } = await zot();
    const names = Array.from({ length: 1000 }, (_, at) => `v${String(at).padStart(4, "0")}`);
    registry.fault({ do: "list", names });
    // `list` names tags that the store does not have: the guess behind a full page meets the 404.
    await copyTo(client, "app");
    registry.clearRecords();
    expect(await collect(client.listTags("app", options()))).toEqual(names);
  });
});

describe("a whole copy to zot", () => {
  it("goes past tokens that live for a second and comes back the same", async () => {
    const { registry, client } = await zot({
      ...{ kind: "token", user: "ci", password: "zot-secret" },
      ...{ lifetimeSeconds: 1, toldLifetimeSeconds: 300 },
    });
    registry.fault({ do: "delay", ms: 700 }, { method: "PUT", kind: ["upload", "manifest"] });
    const copied = await copyTo(client, "team/app", 300_000);
    expect(copied.run).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 1 } });
    const refused = registry.requests.filter(({ status, path }) => status === 401 && path !== "/v2/");
    expect(refused.length).toBeGreaterThan(0);
    expect((await copyBack(client, "team/app", copied)).state).toBe("succeeded");
  });

  it("goes on with a large layer where an answer was lost", async () => {
    const { registry, client } = await zot();
    const size = 1_000_000;
    const h = harness({ transfer: { partsFrom: 200_000, partSize: 100_000 } });
    putImage(h.source, { repository: "big", tag: "v1", layers: [["big", size]] });
    const lost = registry.fault({ do: "lose-reply" }, { method: "PATCH", after: 4, times: 1 });
    const ends = { destination: client };
    const planned = await planBetween(h, ends, { selection: [image("big", "v1")] });
    expect((await runBetween(h, ends, planned)).state).toBe("succeeded");
    expect(lost.count).toBe(1);
    const sent = registry.requests.filter(({ method }) => method === "PATCH");
    expect(sent.reduce((sum, { bytesIn }) => sum + bytesIn, 0)).toBe(size);
    expect(await registry.store.blobSize("big", sha256(bytesOf("big", size)))).toBe(size);
  });

  it("waits as it says, and says that a tag may not move", async () => {
    const { registry, client } = await zot();
    registry.fault({ do: "throttle", retryAfter: "1" }, { kind: "uploads", times: 1 });
    expect((await copyTo(client, "app")).run.state).toBe("succeeded");
    registry.fault({ do: "immutable-tags" });
    expect(await refusalOf(client.putManifest("app", "v1", emptyImage, options()))).toMatchObject({
      code: "tag-immutable",
    });
    expect(await refusalOf(collect(client.listTags("gone", options())))).toMatchObject({
      code: "repository-unknown",
    });
  });
});

describe("an upload to zot", () => {
  it("begins at nothing though it says 0-0, and a part out of order is refused", async () => {
    const { registry, client } = await zot();
    const bytes = bytesOf("one", 4000);
    const blob = describeBytes(bytes);
    const session = await client.beginUpload("app", blob, options());
    expect(session.offset).toBe(0);
    await session.append(streamOf(bytes.subarray(0, 1000)), 1000, options());
    const stale = await client.continueUpload("app", blob, session.token, options());
    await session.append(streamOf(bytes.subarray(1000, 2000)), 1000, options());
    expect(
      await refusalOf(
        stale?.append(streamOf(bytes.subarray(1000, 2000)), 1000, options()) ?? Promise.resolve(),
      ),
    ).toMatchObject({ code: "upload-lost" });
    const again = await client.continueUpload("app", blob, session.token, options());
    expect(again?.offset).toBe(2000);
    await again?.append(streamOf(bytes.subarray(2000)), 2000, options());
    await again?.commit(options());
    expect(await registry.store.blobSize("app", blob.digest)).toBe(4000);
  });
});

describe("a probe of zot", () => {
  it("knows it by its extensions", async () => {
    const { registry } = await zot();
    const found = await registryFor(registry.host).probe({ write: false }, options().signal);
    expect(found.capabilities[0]?.text).toContain("By its answers it is zot.");
  });
});
