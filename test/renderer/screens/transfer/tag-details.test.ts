// Details and markers of tags: asked once, in batches of at most 100, and forgotten when a copy arrives.
import { beforeEach, describe, expect, it, vi } from "vitest";

const host = vi.hoisted(() => ({ away: false }));
const calls = vi.hoisted(
  () => [] as { readonly method: string; readonly params: { readonly tags: readonly string[] } }[],
);
vi.mock("../../../../renderer/api/client.ts", () => ({
  call: (method: string, params: { readonly tags: readonly string[] }) => {
    calls.push({ method, params });
    if (host.away) return Promise.reject(new Error("the registry does not answer"));
    return Promise.resolve(
      method === "tags.mark"
        ? { markers: Object.fromEntries(params.tags.map((tag) => [tag, "missing"])) }
        : {
            details: params.tags.map((tag) => ({
              tag,
              digest: "sha256:00",
              mediaType: null,
              kind: null,
              size: 1,
              created: null,
              platforms: [],
              error: null,
            })),
          },
    );
  },
}));

const { describeTags, detailKey, forgetFacts, forgetTag, markerKey, markTags, useTagFacts } = await import(
  "../../../../renderer/screens/transfer/tag-details.ts"
);

const here = { endpointId: "a", repository: "shop/web" };
const there = { endpointId: "b", repository: "shop/web" };

beforeEach(() => {
  forgetFacts();
  calls.length = 0;
});

describe("describeTags", () => {
  it("asks for what is not known, at most 100 at once", async () => {
    const tags = Array.from({ length: 230 }, (_, index) => `v${index}`);
    await describeTags(here, tags);
    expect(calls.map((call) => call.params.tags.length)).toEqual([100, 100, 30]);
    await describeTags(here, tags);
    expect(calls).toHaveLength(3);
    expect(useTagFacts.getState().details.get(detailKey(here, "v7"))?.size).toBe(1);
  });

  it("does not ask twice for what is on its way", async () => {
    await Promise.all([describeTags(here, ["v1"]), describeTags(here, ["v1", "v2"])]);
    expect(calls.map((call) => call.params.tags)).toEqual([["v1"], ["v2"]]);
  });
});

describe("a registry that does not answer", () => {
  it("says so in the rows, is left alone for a while, and asked again", async () => {
    vi.useFakeTimers();
    host.away = true;
    await describeTags(here, ["v1"]);
    await markTags(here, there, ["v1"]);
    const { details, markers } = useTagFacts.getState();
    expect(details.get(detailKey(here, "v1"))?.error).toContain("does not answer");
    expect(markers.get(markerKey(here, there, "v1"))).toBe("unknown");
    await describeTags(here, ["v1", "v2"]);
    expect(calls).toHaveLength(2);
    await describeTags(there, ["v1"]);
    expect(calls).toHaveLength(3);
    host.away = false;
    await vi.advanceTimersByTimeAsync(5001);
    await describeTags(here, ["v1"]);
    await markTags(here, there, ["v1"]);
    expect(details.get(detailKey(here, "v1"))?.error).toBeNull();
    expect(markers.get(markerKey(here, there, "v1"))).toBe("missing");
    vi.useRealTimers();
  });
});

describe("forgetTag", () => {
  it("forgets the tag on both sides of a comparison and nothing else", async () => {
    await markTags(here, there, ["v1", "v2"]);
    await describeTags(there, ["v1"]);
    forgetTag(there, "v1");
    const { details, markers } = useTagFacts.getState();
    expect(details.has(detailKey(there, "v1"))).toBe(false);
    expect(markers.has(markerKey(here, there, "v1"))).toBe(false);
    expect(markers.has(markerKey(here, there, "v2"))).toBe(true);
  });
});
