// The big registry is a registry: skopeo reads its images, its lists page to their end, and variants differ where they should.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BigRegistry, startBigRegistry } from "../../bench/big-registry.ts";
import { getBlob, getManifest, headManifest, listTags, rawRequest, sha256 } from "../support/raw-http.ts";
import { inspect } from "../support/skopeo.ts";

describe("the big registry", () => {
  let one: BigRegistry;
  let two: BigRegistry;
  beforeAll(async () => {
    const shape = { repositories: 2500, tags: 120, differsEvery: 7 };
    one = await startBigRegistry({ ...shape, variant: "one" });
    two = await startBigRegistry({ ...shape, variant: "two", referrers: false });
  });
  afterAll(() => Promise.all([one.stop(), two.stop()]));

  it("pages all repositories in order", async () => {
    const found: string[] = [];
    let path: string | undefined = "/v2/_catalog?n=1000";
    while (path !== undefined) {
      const reply = await rawRequest(one, path);
      found.push(...(JSON.parse(reply.body.toString()) as { repositories: string[] }).repositories);
      path = /<([^>]+)>/.exec(String(reply.headers.link ?? ""))?.[1];
    }
    expect(found).toHaveLength(2500);
    expect(found).toEqual([...new Set(found)].toSorted());
    expect(found.at(-1)).toBe("group-024/app-02499");
  });

  it("lists tags and serves what they name, down to the layers", async () => {
    const repository = "group-011/app-01170";
    const tags = await listTags(one, repository);
    expect([tags.length, tags[0], tags.at(-1)]).toEqual([120, "1.0.0", "2.1.9"]);
    const manifest = await getManifest(one, repository, "1.4.2");
    expect(await headManifest(one, repository, "1.4.2")).toEqual({
      status: 200,
      digest: manifest.digest,
      size: manifest.bytes.length,
    });
    const parsed = JSON.parse(manifest.bytes.toString()) as {
      config: { digest: string };
      layers: { digest: string; size: number }[];
    };
    for (const { digest } of [parsed.config, ...parsed.layers]) {
      expect(sha256(await getBlob(one, repository, digest))).toBe(digest);
    }
    const target = { host: one.host, url: one.url };
    expect(await inspect(target, repository, "1.4.2")).toMatchObject({
      Digest: manifest.digest,
      Os: "linux",
    });
  });

  it("differs from another variant in every seventh image", async () => {
    const differs: boolean[] = [];
    for (let tag = 0; tag < 8; tag += 1) {
      const digests = await Promise.all(
        [one, two].map(
          async (each) => (await headManifest(each, "group-000/app-00000", `1.0.${tag}`)).digest,
        ),
      );
      differs.push(digests[0] !== digests[1]);
    }
    expect(differs).toEqual([true, false, false, false, false, false, false, true]);
  });

  it("has no referrers, or no such list, and counts what it is asked", async () => {
    const path = `/v2/group-000/app-00000/referrers/${sha256("x")}`;
    expect([(await rawRequest(one, path)).status, (await rawRequest(two, path)).status]).toEqual([200, 404]);
    expect((await one.counts())["GET referrers"]).toBe(1);
  });
});
