// Runs, images and blobs with everything filled in, for the tests of the screens.
import type { WireError } from "../../../shared/errors.ts";
import {
  defaultRunOptions,
  emptyPlanTotals,
  emptyRunTallies,
  type Run,
  type RunBlob,
  type RunImage,
} from "../../../shared/run.ts";

export const runId = (number: number): string => String(number).padStart(26, "0");

export function makeRun(number: number, change: Partial<Run> = {}): Run {
  return {
    id: runId(number),
    state: "running",
    stateReason: null,
    spec: {
      sourceId: "a",
      destinationId: "b",
      selection: [{ kind: "image", repository: "app", reference: "v1" }],
      mapping: { kind: "keep" },
      renameTags: null,
      options: defaultRunOptions,
    },
    source: { id: "a", name: "Staging", address: "localhost:1" },
    destination: { id: "b", name: "Production", address: "localhost:2" },
    plan: emptyPlanTotals,
    tallies: emptyRunTallies,
    error: null,
    createdAt: 1,
    priority: 0,
    position: 0,
    jobId: null,
    startedAt: 2,
    finishedAt: null,
    ...change,
  };
}

export function makeImage(id: number, change: Partial<RunImage> = {}): RunImage {
  return {
    id,
    runId: runId(1),
    sourceRepository: "app",
    sourceReference: `v${id}`,
    destinationRepository: "app",
    destinationReference: `v${id}`,
    digest: `sha256:${"0".repeat(64)}`,
    mediaType: "application/vnd.oci.image.index.v1+json",
    writesDigest: null,
    replacesDigest: null,
    action: "copy",
    reason: "Not at the destination yet.",
    selected: true,
    state: "planned",
    platforms: ["linux/amd64"],
    bytesTotal: 0,
    bytesToTransfer: 0,
    bytesPresent: 0,
    bytesMountable: 0,
    bytesTransferred: 0,
    bytesResumed: 0,
    attachments: 0,
    attachmentsToCopy: 0,
    attachmentsCopied: 0,
    attempts: 0,
    verified: false,
    destinationDigest: null,
    error: null,
    ...change,
  };
}

export function makeBlob(letter: string, change: Partial<RunBlob> = {}): RunBlob {
  return {
    repository: "app",
    digest: `sha256:${letter.repeat(64)}`,
    mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
    size: 100,
    expected: "transferred",
    state: "waiting",
    outcome: null,
    bytesTransferred: 0,
    bytesResumed: 0,
    ...change,
  };
}

export const wireError = {
  code: "unauthorized",
  side: "destination",
  operation: "put-blob",
  message: "401 from localhost:2",
  retryable: false,
  causes: [],
} satisfies WireError;
