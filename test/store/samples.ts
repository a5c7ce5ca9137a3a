// What the store's tests are made of: a store in a folder of its own, a clock to turn, planned images.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { PlannedImage } from "../../electron/engine/ports.ts";
import { openStore } from "../../electron/store/open.ts";
import type { Store, StoredEndpoint } from "../../electron/store/store.ts";
import type { Descriptor } from "../../shared/descriptor.ts";
import { parseDigest } from "../../shared/digest.ts";
import {
  defaultRunOptions,
  emptyPlanTotals,
  type JobSpec,
  type PlanTotals,
  type Run,
} from "../../shared/run.ts";

export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "freightliner-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export class TestClock {
  time = Date.UTC(2026, 0, 1);
  readonly now = (): number => this.time;
}

export interface TestStore {
  readonly store: Store;
  readonly file: string;
  readonly clock: TestClock;
  /** Another handle on the same file, as another process would have. */
  other(owner: string, options?: { readonly ownerIsGone?: (owner: string) => boolean }): Store;
}

export function testStore(): TestStore {
  const file = join(testFolder(), "data", "freightliner.db");
  const clock = new TestClock();
  const other = (
    owner: string,
    options: { readonly ownerIsGone?: (owner: string) => boolean } = {},
  ): Store => {
    const store = openStore({ ...options, file, owner, now: clock.now });
    onTestFinished(() => store.close());
    return store;
  };
  return { store: other("first"), file, clock, other };
}

export function blob(content: string, size = content.length): Descriptor {
  const digest = parseDigest(`sha256:${createHash("sha256").update(content).digest("hex")}`, "test");
  return { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest, size };
}

export function plannedImage(changes: Partial<PlannedImage> = {}): PlannedImage {
  return {
    sourceRepository: "team/app",
    sourceReference: "v1",
    destinationRepository: "copy/app",
    destinationReference: "v1",
    digest: blob("manifest").digest,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    writesDigest: null,
    attachments: 0,
    attachmentsToCopy: 0,
    replacesDigest: null,
    action: "copy",
    reason: "It is not there yet.",
    state: "planned",
    platforms: ["linux/amd64"],
    bytesTotal: 30,
    bytesToTransfer: 20,
    bytesPresent: 10,
    bytesMountable: 0,
    blobs: [
      { descriptor: blob("config", 10), expected: "present" },
      { descriptor: blob("layer", 20), expected: "transferred" },
    ],
    error: null,
    ...changes,
  };
}

export const jobSpec: JobSpec = {
  sourceId: "source",
  destinationId: "destination",
  selection: [{ kind: "image", repository: "team/app", reference: "v1" }],
  mapping: { kind: "keep" },
  renameTags: null,
  options: defaultRunOptions,
};

export function insertRun(store: Store, spec: JobSpec = jobSpec, jobId?: string): Run {
  return store.runs.insert({
    spec,
    jobId,
    source: { id: spec.sourceId, name: "Source", address: "localhost:5000" },
    destination: { id: spec.destinationId, name: "Destination", address: "localhost:5001" },
  });
}

export const totals: PlanTotals = { ...emptyPlanTotals, images: 1, copy: 1, bytesToTransfer: 20 };

/** A run that is planned with these images and queued. */
export function queuedRun(store: Store, images: readonly PlannedImage[] = [plannedImage()]): Run {
  const { id } = insertRun(store);
  store.journal.addImages(id, images);
  store.journal.finishPlanning(id, totals, null);
  return store.runs.start(id, []);
}

/** A run that this store's owner has claimed. */
export function runningRun(store: Store, images?: readonly PlannedImage[]): Run {
  const { id } = queuedRun(store, images);
  const run = store.runs.claim(id);
  if (run === undefined) throw new Error("the run could not be claimed");
  return run;
}

export function endpoint(id: string, changes: Partial<StoredEndpoint> = {}): StoredEndpoint {
  return {
    id,
    name: `Endpoint ${id}`,
    settings: {
      kind: "registry",
      host: "localhost:5000",
      plainHttp: "auto",
      insecureSkipVerify: false,
      trustedTokenHosts: [],
      connections: 8,
    },
    sample: false,
    temporary: false,
    username: null,
    health: { state: "unknown", checkedAt: null, steps: [] },
    capabilities: null,
    ...changes,
  };
}
