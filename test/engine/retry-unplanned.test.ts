// Images whose planning failed are pinned when they are tried again; what trying cannot cure stays failed.
import { describe, expect, it } from "vitest";
import { everything, harness } from "./harness.ts";
import { putImage } from "./images.ts";
import { failure } from "./memory-endpoint.ts";

describe("trying again what could not be planned", () => {
  it("pins and copies an image that can be read by now", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers: [["a", 1000]] });
    putImage(h.source, { repository: "app", tag: "v2", layers: [["b", 1000]] });
    h.source.fault = ({ operation, reference }) => {
      if (operation === "head-manifest" && reference === "v2") throw failure("forbidden", operation);
    };
    const done = await h.planAndRun(everything());
    expect(done.state).toBe("failed");
    expect(h.rows(done).map((row) => [row.sourceReference, row.state, row.digest === null])).toEqual([
      ["v1", "succeeded", false],
      ["v2", "failed", true],
    ]);

    h.source.fault = () => undefined;
    h.store.runs.retryFailed(done.id);
    const again = await h.run(h.store.runs.get(done.id));
    expect(again.state).toBe("succeeded");
    const [, second] = h.rows(again);
    expect(second).toMatchObject({ state: "succeeded", verified: true, attempts: 1 });
    expect(second?.digest).toBe(second?.destinationDigest);
    expect(h.destination.repositories.get("app")?.tags.size).toBe(2);
  });

  it("fails again where the tag is gone, the repository was never listed, or two sources meet", async () => {
    const h = harness();
    putImage(h.source, { repository: "a/app", tag: "v1", layers: [["a", 1000]] });
    putImage(h.source, { repository: "b/app", tag: "v1", layers: [["b", 1000]] });
    const selection = [
      { kind: "repositories" as const, names: ["a/app", "b/app", "gone"], tags: {} },
      { kind: "image" as const, repository: "a/app", reference: "nope", destinationRepository: "elsewhere" },
    ];
    const done = await h.planAndRun({ selection, mapping: { kind: "into", repository: "one" } });
    expect(done.state).toBe("failed");
    h.store.runs.retryFailed(done.id);
    const again = await h.run(h.store.runs.get(done.id));
    expect(again.state).toBe("failed");
    expect(new Set(h.rows(again).map((row) => row.error?.code))).toEqual(
      new Set(["mapping-collision", "repository-unknown", "manifest-unknown"]),
    );
    expect(h.destination.repositories.get("one")?.tags.size ?? 0).toBe(0);
  });
});
