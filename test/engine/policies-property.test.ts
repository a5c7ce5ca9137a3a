// Any estate under any policy: a plan is a function of the two sides, and running it makes the next plan empty.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Descriptor } from "../../shared/descriptor.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import type { Run, RunOptions } from "../../shared/run.ts";
import { belonging, putReferrer, putReferrersTag, putSignature } from "./attached.ts";
import { everything, type Harness, harness, image, type SpecInput } from "./harness.ts";
import { bytesOf, putBlob, putImage, putJson, reachable } from "./images.ts";
import type { MemoryEndpoint } from "./memory-endpoint.ts";
import { planBetween } from "./over-http.ts";

const small = fc.integer({ min: 0, max: 3 });
const layers = fc.uniqueArray(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.constant(400)), {
  selector: ([seed]) => seed,
  maxLength: 3,
});
const platforms = ["amd64", "arm64", "s390x"] as const;

const shapeOf = fc.record({
  repository: fc.constantFrom("app", "team/app", "team/other"),
  tag: fc.constantFrom("v1", "v2", "latest"),
  /** No platform: an image without an index. */
  platforms: fc.subarray([...platforms]),
  layers,
  config: fc.constantFrom("one", "two"),
});
const attachment = fc.record({
  /** Which of the manifests so far it belongs to. */
  at: fc.nat(30),
  kind: fc.constantFrom("referrer", "signature", "statement"),
  seed: fc.constantFrom("s1", "s2", "s3"),
});
const estate = fc.record({
  images: fc.array(shapeOf, { minLength: 1, maxLength: 5 }),
  attachments: fc.array(attachment, { maxLength: 6 }),
  sourceApi: fc.boolean(),
  destinationApi: fc.boolean(),
  /** What an earlier run brought, under which options. */
  before: fc.option(
    fc.record({ images: small, attachments: small, options: fc.constantFrom({}, { attachments: false }) }),
    { freq: 2 },
  ),
  byName: fc.boolean(),
  options: fc.record({
    platforms: fc.constantFrom<string[]>([], [], [], ["linux/amd64"], ["linux/amd64", "linux/arm64"]),
    attachments: fc.constantFrom(true, true, true, false),
    overwrite: fc.constantFrom(
      "if-different" as const,
      "never" as const,
      "if-newer" as const,
      "keep-both" as const,
    ),
  }),
});
type Estate = typeof estate extends fc.Arbitrary<infer T> ? T : never;
interface Place {
  readonly repository: string;
  readonly subject: Descriptor;
}

function putShape(side: MemoryEndpoint, { platforms: own, ...shape }: Estate["images"][number]): Place[] {
  const { repository, tag, config } = shape;
  if (own.length === 0) {
    const amd64 = JSON.stringify({ os: "linux", architecture: "amd64", config });
    return [{ repository, subject: putConfigured(side, shape, amd64) }];
  }
  const children = own.map((architecture) => ({
    ...putImage(side, { repository, layers: shape.layers, config: `${config} ${architecture}` }),
    platform: { os: "linux", architecture },
  }));
  const index = putJson(side, repository, { mediaType: mediaTypes.ociIndex, manifests: children }, tag);
  return [index, ...children].map((subject) => ({ repository, subject }));
}

function putConfigured(
  side: MemoryEndpoint,
  { repository, tag, layers: own }: Omit<Estate["images"][number], "platforms">,
  config: string,
): Descriptor {
  return putJson(
    side,
    repository,
    {
      mediaType: mediaTypes.ociManifest,
      config: putBlob(side, repository, new TextEncoder().encode(config), mediaTypes.ociConfig),
      layers: own.map(([seed, size]) => putBlob(side, repository, bytesOf(seed, size))),
    },
    tag,
  );
}

/** Lists referrers under their tag where the source has no API. */
function putAttachments(h: Harness, wanted: Estate["attachments"], places: Place[]): void {
  const lists = new Map<string, { place: Place; referrers: Map<string, Descriptor> }>();
  for (const { at, kind, seed } of wanted) {
    const place = places[at % places.length];
    if (place === undefined) continue;
    const { repository, subject } = place;
    if (kind !== "referrer") {
      const suffix = kind === "signature" ? ".sig" : ".att";
      places.push({ repository, subject: putSignature(h.source, repository, subject, [seed], suffix) });
      continue;
    }
    const referrer = putReferrer(h.source, { repository, seed, subject });
    places.push({ repository, subject: referrer });
    const key = `${repository} ${subject.digest}`;
    const list = lists.get(key) ?? { place, referrers: new Map<string, Descriptor>() };
    list.referrers.set(referrer.digest, referrer);
    lists.set(key, list);
  }
  if (h.source.referrers) return;
  for (const { place, referrers } of lists.values())
    putReferrersTag(h.source, place.repository, place.subject, [...referrers.values()]);
}

function fill(h: Harness, images: Estate["images"], attachments: Estate["attachments"]): void {
  putAttachments(
    h,
    attachments,
    images.flatMap((shape) => putShape(h.source, shape)),
  );
}

function specOf({ byName, images, options }: Estate): SpecInput {
  if (!byName) return { ...everything(), options };
  return { selection: images.map(({ repository, tag }) => image(repository, tag)), options };
}

function whatItSays(h: Harness, run: Run): unknown {
  const rows = h.rows(run).map(({ id: _, runId: _run, ...row }) => row);
  return { plan: run.plan, rows };
}

/** A repository's name, a space, a tag: its digest. */
type Tags = ReadonlyMap<string, string>;

function tagsOf({ repositories }: MemoryEndpoint): Tags {
  const all = [...repositories].flatMap(([repository, { tags }]) =>
    [...tags].map(([tag, digest]): [string, string] => [`${repository} ${tag}`, digest]),
  );
  return new Map(all);
}

/** Both sides judged by an own walk, each by the lists that it has. */
function expectAllArrived(
  { source, destination }: Harness,
  before: Tags,
  overwrite: RunOptions["overwrite"],
): void {
  const after = tagsOf(destination);
  for (const [repository, { tags }] of source.repositories)
    for (const [tag, digest] of tags) {
      if (tag.startsWith("sha256-")) continue;
      const name = `${repository} ${tag}`;
      const old = before.get(name);
      const isBeside = overwrite === "keep-both" && old !== undefined && old !== digest;
      expect(after.get(isBeside ? `${name}-copy` : name)).toBe(digest);
      if (isBeside) expect(after.get(name)).toBe(old);
      const there = belonging(destination, repository, digest);
      for (const one of belonging(source, repository, digest)) {
        expect(there.has(one)).toBe(true);
        reachable(destination, repository, one);
      }
    }
}

describe("any estate under any policy", () => {
  it("is planned the same twice, copied as planned, and then there is nothing left to do", async () => {
    await fc.assert(
      fc.asyncProperty(estate, async (one) => {
        const h = harness();
        h.source.referrers = one.sourceApi;
        h.destination.referrers = one.destinationApi;
        if (one.before !== null) {
          fill(h, one.images.slice(0, one.before.images), one.attachments.slice(0, one.before.attachments));
          await h.planAndRun({ ...everything(), options: one.before.options });
        }
        fill(h, one.images, one.attachments);
        const spec = specOf(one);
        const first = await h.plan(spec);
        const planned = await h.plan(spec);
        expect(whatItSays(h, planned)).toEqual(whatItSays(h, first));
        const conflicts = planned.plan.conflict;

        h.destination.forget();
        const before = tagsOf(h.destination);
        const done = await h.run(planned);
        expect(done.state).toBe("succeeded");
        expect(done.tallies.attachmentsCopied).toBe(planned.plan.attachmentsToCopy);
        expect(h.destination.bytesReceived).toBe(planned.plan.bytesToTransfer);

        const isWhole = one.options.attachments && one.options.platforms.length === 0;
        const parted = planned.plan.warnings.some(({ code }) => code === "attachment-conflict");
        if (isWhole && !parted && conflicts === 0) expectAllArrived(h, before, one.options.overwrite);

        h.source.forget();
        const another = harness();
        const ends = { source: h.source, destination: h.destination };
        for (const again of [await h.plan(spec), await planBetween(another, ends, spec)]) {
          expect(again.plan).toMatchObject({ copy: 0, overwrite: 0, conflict: conflicts, unreadable: 0 });
          expect(again.plan).toMatchObject({ bytesToTransfer: 0, blobsToTransfer: 0, attachmentsToCopy: 0 });
        }
      }),
      { numRuns: 50 },
    );
  }, 60_000);
});
