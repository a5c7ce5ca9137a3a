// Plans: what is read for them, what they promise, and what becomes of what cannot be planned.
import { describe, expect, it } from "vitest";
import { mediaTypes } from "../../shared/media-types.ts";
import { everything, harness, image } from "./harness.ts";
import { bytesOf, putBlob, putImage, putIndex } from "./images.ts";
import { failure, sha256 } from "./memory-endpoint.ts";

const one = [["layer", 1000]] as const;

describe("the selection", () => {
  it("reads no listing where everything is named", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers: one });
    putImage(h.source, { repository: "app", tag: "v2", layers: one });
    await h.plan({
      selection: [
        { kind: "repositories", names: ["app", "app"], tags: { names: ["v1", "v1", "v2"], exclude: ["v2"] } },
      ],
    });
    expect(h.source.count("list-tags") + h.source.count("list-repositories")).toBe(0);
    // One for the image, four for the tags that its attachments would have.
    expect(h.source.count("head-manifest")).toBe(5);
  });

  it("reads the catalog for a pattern and keeps the order served", async () => {
    const h = harness();
    for (const name of ["team/b", "team/a", "other/c", "team/scratch", "team/d"])
      for (const tag of ["v2", "v1", "latest"]) putImage(h.source, { repository: name, tag, layers: one });
    const planned = await h.plan({
      selection: [
        { kind: "repositories", include: ["team/*"], exclude: ["**/scratch"], tags: { include: ["v*"] } },
      ],
      mapping: { kind: "prefix", prefix: "mirror" },
    });
    expect(h.rows(planned).map((row) => `${row.destinationRepository}:${row.destinationReference}`)).toEqual(
      ["b", "a", "d"].flatMap((name) => ["v2", "v1"].map((tag) => `mirror/team/${name}:${tag}`)),
    );
  });

  it("takes named tags and what matches beside them, each once, and leaves attachments", async () => {
    const h = harness();
    const { digest } = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    putImage(h.source, { repository: "app", tag: "latest", layers: one });
    putImage(h.source, { repository: "app", tag: `sha256-${digest.slice(7)}.sig`, layers: one });
    const planned = await h.plan({
      selection: [{ kind: "repositories", names: ["app"], tags: { names: ["latest"], include: ["*"] } }],
      options: { attachments: false },
    });
    expect(h.rows(planned).map((row) => row.sourceReference)).toEqual(["latest", "v1"]);
    expect(planned.plan.warnings).toMatchObject([{ code: "attachments-left" }]);
  });

  it("takes single images by tag or digest, with a place of their own", async () => {
    const h = harness();
    const { digest } = putImage(h.source, { repository: "app", tag: "v1", layers: one });
    const planned = await h.plan({
      selection: [
        image("app", "v1"),
        image("app", "v1"),
        image("app", digest),
        { kind: "image", repository: "app", reference: digest, destinationTag: "pinned" },
        { kind: "image", repository: "app", reference: "v1", destinationRepository: "elsewhere/app" },
      ],
    });
    const rows = h.rows(planned).map((row) => `${row.destinationRepository} ${row.destinationReference}`);
    expect(rows).toEqual(["app v1", `app ${digest}`, "app pinned", "elsewhere/app v1"]);
    const done = await h.run(planned);
    expect(done.state).toBe("succeeded");
    expect([...h.destination.repository("app").tags.keys()].sort()).toEqual(["pinned", "v1"]);
  });

  it("copies neither of two that would land on one reference", async () => {
    const h = harness();
    for (const name of ["a/app", "b/app"])
      for (const tag of ["v1", name.charAt(0)]) putImage(h.source, { repository: name, tag, layers: one });
    const planned = await h.plan({ ...everything(), mapping: { kind: "into", repository: "all" } });
    const rows = h.rows(planned);
    expect(rows.map((row) => [row.sourceRepository, row.sourceReference, row.action, row.state])).toEqual([
      ["a/app", "v1", "conflict", "failed"],
      ["a/app", "a", "copy", "planned"],
      ["b/app", "v1", "conflict", "failed"],
      ["b/app", "b", "copy", "planned"],
    ]);
    for (const row of [rows[0], rows[2]]) {
      expect(row?.reason).toContain("a/app:v1");
      expect(row?.reason).toContain("b/app:v1");
      expect(row?.error?.code).toBe("mapping-collision");
    }
    expect(planned.plan).toMatchObject({ images: 4, copy: 2, conflict: 2, unreadable: 0 });
    expect((await h.run(planned)).state).toBe("failed");
    expect([...h.destination.repository("all").tags.keys()]).toEqual(["a", "b"]);
  });
});

describe("the action", () => {
  it("follows what the destination has and the overwrite policy", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "same", layers: one });
    putImage(h.destination, { repository: "app", tag: "same", layers: one });
    putImage(h.source, { repository: "app", tag: "moved", layers: one });
    const { digest: old } = putImage(h.destination, {
      repository: "app",
      tag: "moved",
      layers: [["old", 5]],
    });
    putImage(h.source, { repository: "app", tag: "new", layers: one });
    const actions = async (overwrite: "if-different" | "never" | "always") => {
      const options = { overwrite };
      const planned = await h.plan({ ...everything(), options });
      return { rows: h.rows(planned), planned };
    };
    const ifDifferent = await actions("if-different");
    expect(ifDifferent.rows.map((row) => row.action)).toEqual(["skip", "overwrite", "copy"]);
    expect(ifDifferent.rows[1]).toMatchObject({ replacesDigest: old, state: "planned" });
    expect(ifDifferent.planned.plan.warnings).toMatchObject([{ code: "overwrites-tag" }]);
    const never = await actions("never");
    expect(never.rows.map((row) => [row.action, row.state])).toEqual([
      ["skip", "skipped"],
      ["conflict", "skipped"],
      ["copy", "planned"],
    ]);
    const always = await actions("always");
    expect(always.rows.map((row) => row.action)).toEqual(["overwrite", "overwrite", "copy"]);
    h.destination.forget();
    const done = await h.run(always.planned);
    expect(done.state).toBe("succeeded");
    expect(h.destination.count("put-manifest")).toBe(3);
    // The layer was there: it is not sent again.
    expect(h.destination.uploads.filter((key) => key.endsWith(sha256(bytesOf("layer", 1000))))).toEqual([]);
  });

  it("counts each blob once per repository, and says how it gets there", async () => {
    const h = harness();
    putImage(h.source, {
      repository: "a",
      tag: "v1",
      layers: [
        ["base", 1000],
        ["a", 10],
      ],
      config: "same",
    });
    putImage(h.source, {
      repository: "a",
      tag: "v2",
      layers: [
        ["base", 1000],
        ["a2", 20],
      ],
      config: "same",
    });
    putImage(h.source, {
      repository: "b",
      tag: "v1",
      layers: [
        ["base", 1000],
        ["b", 30],
      ],
      config: "same",
    });
    putImage(h.source, {
      repository: "c",
      tag: "v1",
      layers: [
        ["there", 500],
        ["known", 700],
      ],
      config: "c",
    });
    putImage(h.destination, { repository: "c", tag: "other", layers: [["there", 500]] });
    const known = putBlob(h.destination, "elsewhere", bytesOf("known", 700));
    h.store.journal.rememberBlob("dst", "elsewhere", known.digest);
    h.store.journal.rememberBlob("dst", "collected", sha256(bytesOf("b", 30)));
    const planned = await h.plan(everything());
    const config = 17;
    const own = h.rows(planned).map((row) => [row.bytesToTransfer, row.bytesPresent, row.bytesMountable]);
    expect(own).toEqual([
      [1010 + config, 0, 0],
      [20, 0, 0],
      [30, 0, 1000 + config],
      [14, 500, 700],
    ]);
    expect(planned.plan).toMatchObject({
      bytesToTransfer: 1074 + config,
      bytesPresent: 500,
      bytesMountable: 1700 + config,
    });
    const done = await h.run(planned);
    expect(done.tallies).toMatchObject({
      bytesTransferred: planned.plan.bytesToTransfer,
      bytesMounted: planned.plan.bytesMountable,
      bytesPresent: planned.plan.bytesPresent,
    });
    expect(h.destination.bytesReceived).toBe(planned.plan.bytesToTransfer);
  });

  it("mounts from the source's own repository on one host", async () => {
    const h = harness({ sameHost: true });
    putIndex(h.source, { repository: "app", tag: "v1", children: [{ architecture: "amd64", layers: one }] });
    const planned = await h.plan({
      selection: [{ kind: "repositories", names: ["app"], tags: {} }],
      mapping: { kind: "prefix", prefix: "copy" },
    });
    expect(planned.plan).toMatchObject({ bytesToTransfer: 0, blobsToTransfer: 0 });
    expect((await h.run(planned)).state).toBe("succeeded");
    expect(h.source.count("put-blob")).toBe(0);
  });
});

describe("what cannot be planned", () => {
  it("is a row with its error while the rest goes on", async () => {
    const h = harness();
    putImage(h.source, { repository: "good", tag: "v1", layers: one });
    h.source
      .repository("bad")
      .manifests.set(sha256(bytesOf("q", 3)), { bytes: bytesOf("q", 3), mediaType: mediaTypes.ociManifest });
    h.source.repository("bad").tags.set("broken", sha256(bytesOf("q", 3)));
    const planned = await h.plan({
      selection: [
        { kind: "repositories", names: ["gone", "bad", "good"], tags: {} },
        image("good", "missing"),
        image("gone", "v1"),
      ],
    });
    expect(planned.state).toBe("planned");
    expect(
      h
        .rows(planned)
        .map((row) => [
          row.sourceRepository,
          row.sourceReference,
          row.state,
          row.error?.code,
          row.error?.side,
        ]),
    ).toEqual([
      ["gone", null, "failed", "repository-unknown", "source"],
      ["gone", "v1", "failed", "repository-unknown", "source"],
      ["bad", "broken", "failed", "protocol", "source"],
      ["good", "v1", "planned", undefined, undefined],
      ["good", "missing", "failed", "manifest-unknown", "source"],
    ]);
    expect(planned.plan).toMatchObject({ images: 5, copy: 1, unreadable: 4 });
    const done = await h.run(planned);
    expect(done.state).toBe("failed");
    expect(done.tallies).toMatchObject({ imagesSucceeded: 1, imagesFailed: 4 });
  });

  it("is warned of, a hundred times at most", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers: one });
    const names = Array.from({ length: 150 }, (_, at) => `gone${at}`);
    const planned = await h.plan({ selection: [{ kind: "repositories", names: ["app"], tags: { names } }] });
    expect(planned.plan.unreadable).toBe(150);
    expect(planned.plan.warnings.length).toBe(101);
    expect(planned.plan.warnings.at(-1)?.text).toBe("50 further warnings are not shown.");
  });

  it("ends the plan where a whole side fails", async () => {
    for (const [side, code] of [
      ["source", "unauthorized"],
      ["source", "unreachable"],
      ["destination", "tls"],
      ["destination", "unauthorized"],
    ] as const) {
      const h = harness();
      for (const tag of ["v1", "v2", "v3"]) putImage(h.source, { repository: "app", tag, layers: one });
      h[side].fault = ({ operation }) => {
        throw failure(code, operation);
      };
      const planned = await h.plan(everything());
      expect(planned).toMatchObject({ state: "failed", error: { code, side } });
    }
  });

  it("gives a host that never answered up early", async () => {
    const h = harness();
    h.source.fault = ({ operation }) => {
      throw failure("unreachable", operation);
    };
    await h.plan({ selection: [image("app", "v1")] });
    expect(h.source.calls.length).toBe(3);
  });

  it("is one repository where the others can be read", async () => {
    const h = harness();
    for (const name of ["open", "private", "open2"])
      putImage(h.source, { repository: name, tag: "v1", layers: one });
    h.source.fault = ({ operation, repository }) => {
      if (repository === "private") throw failure("unauthorized", operation);
    };
    const planned = await h.plan(everything());
    expect(h.rows(planned).map((row) => row.state)).toEqual(["planned", "failed", "planned"]);
  });

  it("fails as a whole where the registry cannot list", async () => {
    const h = harness();
    h.source.fault = ({ operation }) => {
      if (operation === "list-repositories") throw failure("unsupported", operation);
    };
    expect(await h.plan(everything())).toMatchObject({ state: "failed", error: { code: "unsupported" } });
  });

  it("is stopped with its reason", async () => {
    const h = harness();
    h.source.latency = 20;
    for (let at = 0; at < 50; at++) putImage(h.source, { repository: "app", tag: `v${at}`, layers: one });
    const controller = new AbortController();
    const planning = h.plan(everything(), controller.signal);
    setTimeout(() => controller.abort(new Error("stop")), 60);
    const before = performance.now();
    await expect(planning).rejects.toThrow("stop");
    expect(performance.now() - before).toBeLessThan(1000);
    const [run] = h.store.runs.list({ offset: 0, limit: 1 }).runs;
    expect(run?.state).toBe("planning");
  });

  it("writes long plans in batches without holding them", async () => {
    const h = harness();
    for (let at = 0; at < 250; at++)
      putImage(h.source, { repository: "app", tag: `v${at}`, layers: one, config: "c" });
    const sizes: number[] = [];
    const { addImages } = h.context.journal;
    const journal = {
      ...h.context.journal,
      addImages: (...args: Parameters<typeof addImages>) => {
        sizes.push(args[1].length);
        addImages(...args);
      },
    };
    Object.assign(h.context, { journal });
    const planned = await h.plan(everything());
    expect(sizes).toEqual([100, 100, 50]);
    expect(planned.plan).toMatchObject({ images: 250, bytesToTransfer: 1000 + 14 });
    // A new repository is asked for once; its layers and most of its tags are not.
    expect(h.destination.count("lacks-repository")).toBe(1);
    expect(h.destination.count("head-blob")).toBe(0);
    expect(h.destination.count("head-manifest")).toBeLessThan(250);
    expect(h.source.count("get-manifest")).toBe(1);
  });

  it("asks for shared layers once, not once per tag", async () => {
    const h = harness();
    putImage(h.destination, { repository: "app", tag: "other", layers: [["other", 10]] });
    for (let at = 0; at < 40; at++)
      putImage(h.source, { repository: "app", tag: `v${at}`, layers: one, config: "c" });
    await h.plan(everything());
    expect(h.destination.count("lacks-repository")).toBe(1);
    expect(h.destination.count("head-blob")).toBe(2);
  });
});
