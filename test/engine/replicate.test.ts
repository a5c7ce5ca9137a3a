// The way of a run from its plan to verified tags, against endpoints with real semantics.
import { describe, expect, it } from "vitest";
import { everything, harness, image } from "./harness.ts";
import { putImage, putIndex, reachable } from "./images.ts";

describe("a run", () => {
  it("copies an image and proves it", async () => {
    const h = harness();
    const { digest } = putImage(h.source, {
      repository: "team/app",
      tag: "v1",
      layers: [
        ["a", 300_000],
        ["b", 10],
      ],
    });
    const planned = await h.plan({ selection: [image("team/app", "v1")] });
    expect(planned).toMatchObject({ state: "planned", error: null });
    expect(planned.plan).toMatchObject({ images: 1, copy: 1, blobsToTransfer: 3 });
    const done = await h.run(planned);
    expect(done.state).toBe("succeeded");
    expect(done.tallies.bytesTransferred).toBe(planned.plan.bytesToTransfer);
    expect(h.destination.bytesReceived).toBe(planned.plan.bytesToTransfer);
    expect(h.destination.repository("team/app").tags.get("v1")).toBe(digest);
    expect(reachable(h.destination, "team/app", digest)).toEqual(reachable(h.source, "team/app", digest));
    expect(h.rows(done)).toMatchObject([
      { state: "succeeded", verified: true, destinationDigest: digest, attempts: 1, error: null },
    ]);
  });

  it("copies an index with all its platforms, children first and the tag last", async () => {
    const h = harness();
    const { digest } = putIndex(h.source, {
      repository: "app",
      tag: "latest",
      children: [
        {
          architecture: "amd64",
          layers: [
            ["base", 5000],
            ["x", 900],
          ],
        },
        {
          architecture: "arm64",
          layers: [
            ["base", 5000],
            ["y", 900],
          ],
        },
      ],
    });
    const done = await h.planAndRun(everything());
    expect(done.state).toBe("succeeded");
    expect(reachable(h.destination, "app", digest)).toEqual(reachable(h.source, "app", digest));
    const puts = h.destination.calls.filter((call) => call.startsWith("put-"));
    expect(puts.at(-1)).toBe("put-manifest app latest");
    expect(puts.findIndex((call) => call.startsWith("put-manifest"))).toBe(5);
    expect(h.rows(done)[0]?.platforms).toEqual(["linux/amd64", "linux/arm64"]);
  });

  it("moves nothing the second time", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers: [["a", 1000]] });
    putImage(h.source, {
      repository: "app",
      tag: "v2",
      layers: [
        ["a", 1000],
        ["b", 1000],
      ],
    });
    await h.planAndRun(everything());
    h.source.forget();
    h.destination.forget();
    const again = await h.planAndRun(everything());
    expect(again.state).toBe("succeeded");
    expect(again.plan).toMatchObject({ images: 2, skip: 2, copy: 0, bytesToTransfer: 0 });
    expect(h.source.count("get-blob") + h.source.count("get-manifest")).toBe(0);
    expect(h.destination.count("put-manifest") + h.destination.count("put-blob")).toBe(0);
  });
});
