// Runs, their images and blobs: shapes, states, and the only legal ways from one state to another.
import { z } from "zod";
import { endpointIdSchema, transportSchema } from "./endpoint.ts";
import { FreightlinerError, wireErrorSchema } from "./errors.ts";
import { platformSchema } from "./platform.ts";
import { mappingSchema, selectionSchema, tagRenameSchema } from "./selection.ts";

export const runIdSchema = z.string().regex(/^[0-9A-Z]{26}$/, "expected a run id");

/**
 * planning → planned → queued → running → succeeded | failed | cancelled, with paused between.
 * `failed` says that some images failed; the rest is done and recorded.
 */
export const runStates = [
  "planning",
  "planned",
  "queued",
  "running",
  "paused",
  "succeeded",
  "failed",
  "cancelled",
] as const;
export type RunState = (typeof runStates)[number];
export const runStateSchema = z.enum(runStates);

const runTransitions: Readonly<Record<RunState, readonly RunState[]>> = {
  planning: ["planned", "failed", "cancelled"],
  planned: ["queued", "cancelled"],
  queued: ["running", "paused", "cancelled"],
  running: ["succeeded", "failed", "paused", "cancelled", "queued"],
  paused: ["queued", "cancelled"],
  succeeded: [],
  failed: ["queued"],
  cancelled: ["queued"],
};

export const imageStates = ["planned", "running", "succeeded", "skipped", "failed", "cancelled"] as const;
export type ImageState = (typeof imageStates)[number];
export const imageStateSchema = z.enum(imageStates);

const imageTransitions: Readonly<Record<ImageState, readonly ImageState[]>> = {
  planned: ["running", "skipped", "failed", "cancelled"],
  running: ["succeeded", "failed", "planned", "cancelled", "skipped"],
  succeeded: [],
  skipped: ["planned"],
  failed: ["planned"],
  cancelled: ["planned"],
};

function assertLegal<S extends string>(
  table: Readonly<Record<S, readonly S[]>>,
  what: string,
  from: S,
  to: S,
): void {
  if (table[from].includes(to)) return;
  throw new FreightlinerError({
    code: "illegal-transition",
    operation: `change-${what}-state`,
    message: `A ${what} that is ${from} cannot become ${to}.`,
  });
}

/** @throws FreightlinerError `illegal-transition`. */
export function assertRunTransition(from: RunState, to: RunState): void {
  assertLegal(runTransitions, "run", from, to);
}
/** @throws FreightlinerError `illegal-transition`. */
export function assertImageTransition(from: ImageState, to: ImageState): void {
  assertLegal(imageTransitions, "image", from, to);
}
export function isFinished(state: RunState): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}

/** What the plan decided for one image. */
export const imageActionSchema = z.enum(["copy", "skip", "overwrite", "conflict", "delete"]);
export type ImageAction = z.infer<typeof imageActionSchema>;

/** Deletes at the destination what the source does not have (any more), within the repositories and tags of the selection. */
export const mirrorSchema = z.object({
  /** More deletes than that in one plan and it cannot be started. */
  maxDelete: z.number().int().min(0).max(1_000_000).default(100),
  /** The same as a share of the destination's tags in the repositories concerned, 0 to 1. */
  maxShare: z.number().min(0).max(1).default(0.5),
});
export type MirrorOptions = z.infer<typeof mirrorSchema>;

export const runOptionsSchema = z.object({
  /**
   * Where the destination has that tag with another digest: `if-newer` overwrites where the source's image was created
   * later, `keep-both` writes to the tag with `keepBothSuffix` behind it, `stop` lets nothing of the plan be started.
   */
  overwrite: z
    .enum(["if-different", "never", "always", "if-newer", "keep-both", "stop"])
    .default("if-different"),
  keepBothSuffix: z
    .string()
    .regex(/^[\w.-]{1,32}$/)
    .default("-copy"),
  /** After the tag was read back, also read every blob at the destination again and compare it with its digest. */
  verifyBlobs: z.boolean().default(false),
  /** Images copied at once. */
  parallelImages: z.number().int().min(1).max(64).default(4),
  /** All where empty; one gives the plain manifest of that platform; several give a new, smaller index. */
  platforms: z.array(platformSchema).max(32).default([]),
  /** Signatures, SBOMs and whatever else refers to an image or one of its children. */
  attachments: z.boolean().default(true),
  /** Layers that are not meant to be distributed: copied where the source registry itself holds them, or never. */
  foreignLayers: z.enum(["if-held", "never"]).default("if-held"),
  /** Null = nothing is ever deleted. */
  mirror: mirrorSchema.nullable().default(null),
  /** Bytes per second for this run alone; null = no limit of its own. */
  bandwidth: z.number().int().min(1024).nullable().default(null),
});
export type RunOptions = z.infer<typeof runOptionsSchema>;
export const defaultRunOptions: RunOptions = runOptionsSchema.parse({});

/** What is to be copied from where to where: the part of a run that can be saved and run again. */
export const jobSpecSchema = z.object({
  sourceId: endpointIdSchema,
  destinationId: endpointIdSchema,
  selection: selectionSchema,
  mapping: mappingSchema.default({ kind: "keep" }),
  renameTags: tagRenameSchema.nullable().default(null),
  options: runOptionsSchema.default(defaultRunOptions),
  /** In a list: so many names (or images) of the selection were left out; `runs.get` and `jobs.get` have all. */
  namesLeft: z.number().int().positive().optional(),
});
export type JobSpec = z.infer<typeof jobSpecSchema>;

/** What can be planned or saved. */
export const wholeJobSpecSchema = jobSpecSchema.refine(({ namesLeft }) => namesLeft === undefined, {
  error: "expected all that is to be copied; names were left out of this",
  path: ["namesLeft"],
});

const bytes = z.number().int().nonnegative();

export const planWarningSchema = z.object({
  code: z.enum([
    "conflict",
    "unreadable",
    "attachments-left",
    "foreign-layer",
    "overwrites-tag",
    "incomplete-listing",
    "digest-changes",
    "platform-missing",
    "attachment-conflict",
    "no-creation-date",
    "deletes",
    "too-little-room",
  ]),
  text: z.string(),
});
export type PlanWarning = z.infer<typeof planWarningSchema>;

/** What a plan promises. Bytes count each (destination repository, blob) once. */
export const planTotalsSchema = z.object({
  images: bytes,
  copy: bytes,
  overwrite: bytes,
  skip: bytes,
  conflict: bytes,
  /** Images whose plan could not be made; they carry the error. */
  unreadable: bytes,
  bytesToTransfer: bytes,
  bytesPresent: bytes,
  bytesMountable: bytes,
  blobsToTransfer: bytes,
  /** Tags of the destination that are to be deleted. */
  delete: bytes,
  /** Of `bytesToTransfer`, what an interrupted upload already brought there. */
  bytesResumable: bytes,
  /** Signatures, SBOMs and other referrers found at the source, and how many of them the destination lacks. */
  attachments: bytes,
  attachmentsToCopy: bytes,
  /** Why this plan cannot be started as it is: too many deletes. */
  guard: z.string().nullable(),
  warnings: z.array(planWarningSchema),
});
export type PlanTotals = z.infer<typeof planTotalsSchema>;

export const emptyPlanTotals: PlanTotals = {
  images: 0,
  copy: 0,
  overwrite: 0,
  skip: 0,
  conflict: 0,
  unreadable: 0,
  bytesToTransfer: 0,
  bytesPresent: 0,
  bytesMountable: 0,
  blobsToTransfer: 0,
  delete: 0,
  bytesResumable: 0,
  attachments: 0,
  attachmentsToCopy: 0,
  guard: null,
  warnings: [],
};

/** What a run has really done so far, over all its attempts. */
export const runTalliesSchema = z.object({
  imagesSucceeded: bytes,
  imagesSkipped: bytes,
  imagesFailed: bytes,
  imagesRemaining: bytes,
  imagesDeleted: bytes,
  attachmentsCopied: bytes,
  /** Bytes that an earlier, interrupted upload had brought and that were not sent again. */
  bytesResumed: bytes,
  bytesTransferred: bytes,
  bytesPresent: bytes,
  bytesMounted: bytes,
  mounts: bytes,
  retries: bytes,
  /** Milliseconds in state running, over all attempts. */
  activeMs: bytes,
});
export type RunTallies = z.infer<typeof runTalliesSchema>;

export const emptyRunTallies: RunTallies = {
  imagesSucceeded: 0,
  imagesSkipped: 0,
  imagesFailed: 0,
  imagesRemaining: 0,
  imagesDeleted: 0,
  attachmentsCopied: 0,
  bytesResumed: 0,
  bytesTransferred: 0,
  bytesPresent: 0,
  bytesMounted: 0,
  mounts: 0,
  retries: 0,
  activeMs: 0,
};

/** What a run remembers of one of its ends. */
export const runEndSchema = z.object({
  id: endpointIdSchema,
  name: z.string(),
  /** `host[:port]`, or the path of a folder or file. */
  address: z.string(),
  /** What stands before the path in names of images; none for a registry. */
  transport: transportSchema.optional(),
});
export type RunEnd = z.infer<typeof runEndSchema>;

export const runSchema = z.object({
  id: runIdSchema,
  state: runStateSchema,
  /** Why it is paused or cancelled: the user, an orderly shutdown, a credential that is missing, or cannot be read for now. */
  stateReason: z.enum(["user", "shutdown", "sign-in-needed", "secrets-locked", "lease-lost"]).nullable(),
  spec: jobSpecSchema,
  source: runEndSchema,
  destination: runEndSchema,
  plan: planTotalsSchema,
  tallies: runTalliesSchema,
  /** Set where the run as a whole could not be planned or run. */
  error: wireErrorSchema.nullable(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  /** Higher runs first; 0 is ordinary. */
  priority: z.number().int().min(-10).max(10),
  /** Its place in the queue among runs of one priority: lower runs first. */
  position: z.number(),
  /** The saved job that it is a run of. */
  jobId: z.string().nullable(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  /**
   * The newest failure that is being tried again; `at` in milliseconds since 1970. Only in the `run.changed` that tells of it
   * (at most one a second and run): nothing of it is kept.
   */
  lastRetry: z.object({ at: z.number(), error: wireErrorSchema }).optional(),
  /**
   * The host that it waits for because nothing reaches it: why in a few words, and when it is asked again, in milliseconds
   * since 1970 (null = right now). Only while it waits, and only where it is worked on; nothing of it is kept.
   */
  waitingFor: z.object({ host: z.string(), failure: z.string(), until: z.number().nullable() }).optional(),
});
export type Run = z.infer<typeof runSchema>;

export const runImageSchema = z.object({
  id: z.number().int(),
  runId: runIdSchema,
  sourceRepository: z.string(),
  /** Tag or digest; null where a whole repository could not be read. */
  sourceReference: z.string().nullable(),
  destinationRepository: z.string(),
  /** Tag, or the digest where no tag is written. */
  destinationReference: z.string().nullable(),
  /** The source's digest, pinned when planned. */
  digest: z.string().nullable(),
  mediaType: z.string().nullable(),
  /** What is written there, where that is not the source's own digest: only some platforms are copied. */
  writesDigest: z.string().nullable(),
  /** What the destination's tag pointed at when planned. */
  replacesDigest: z.string().nullable(),
  action: imageActionSchema,
  /** One plain sentence why this action. */
  reason: z.string(),
  /** False where the user unticked it in the plan. */
  selected: z.boolean(),
  state: imageStateSchema,
  platforms: z.array(z.string()),
  bytesTotal: bytes,
  bytesToTransfer: bytes,
  bytesPresent: bytes,
  bytesMountable: bytes,
  bytesTransferred: bytes,
  bytesResumed: bytes,
  /** Attachments found at the source, how many the destination lacked, and how many of those were brought. */
  attachments: bytes,
  attachmentsToCopy: bytes,
  attachmentsCopied: bytes,
  attempts: bytes,
  /** The tag was read back and its body's digest compared. */
  verified: z.boolean(),
  /** The digest that the destination answered with when it was read back. */
  destinationDigest: z.string().nullable(),
  error: wireErrorSchema.nullable(),
});
export type RunImage = z.infer<typeof runImageSchema>;

export const blobOutcomeSchema = z.enum(["transferred", "present", "mounted"]);
export type BlobOutcome = z.infer<typeof blobOutcomeSchema>;

export const runBlobSchema = z.object({
  repository: z.string(),
  digest: z.string(),
  mediaType: z.string(),
  size: bytes,
  /** How the plan expects it to get there. */
  expected: blobOutcomeSchema,
  state: z.enum(["waiting", "transferring", "done", "failed"]),
  outcome: blobOutcomeSchema.nullable(),
  /** What an upload that was begun and not finished has brought there so far: it goes on from there. */
  bytesUploaded: bytes.optional(),
  bytesTransferred: bytes,
  bytesResumed: bytes,
});
export type RunBlob = z.infer<typeof runBlobSchema>;
