// The contract: every method a face may call and every event it may hear, with the schema of each.
import { z } from "zod";
import { comparedImageSchema, comparedRepositorySchema, comparedTagsSchema } from "./compare.ts";
import { deepLinkSchema } from "./deep-link.ts";
import { isDigest } from "./digest.ts";
import {
  checkStepSchema,
  credentialFactsSchema,
  credentialInputSchema,
  endpointIdSchema,
  endpointSchema,
  mirrorSchema,
} from "./endpoint.ts";
import { endpointInputSchema } from "./endpoint-input.ts";
import { errorCodeSchema } from "./errors.ts";
import { hostStatusSchema } from "./host.ts";
import { jobIdSchema, savedJobInputSchema, savedJobSchema, scheduleSchema } from "./job.ts";
import { limitsSchema } from "./limits.ts";
import { logLineSchema, logQuerySchema } from "./log-line.ts";
import { platformSchema } from "./platform.ts";
import { providerIdSchema } from "./provider.ts";
import { reportFormatSchema } from "./report.ts";
import {
  imageActionSchema,
  imageStateSchema,
  runBlobSchema,
  runIdSchema,
  runImageSchema,
  runOptionsSchema,
  runSchema,
  runStateSchema,
  wholeJobSpecSchema,
} from "./run.ts";
import { passphraseSchema, secretPlaceSchema, secretsStatusSchema } from "./secrets.ts";
import {
  globSchema,
  mappingSchema,
  referenceTextSchema,
  repositoryNameSchema,
  tagRuleSchema,
  tagSchema,
} from "./selection.ts";
import { updateStatusSchema } from "./update.ts";
import { windowCommandSchema } from "./window-command.ts";

/** For what reads until it is done: registries that ask to wait make it longer, and it can be cancelled at any time. */
const aDay = 24 * 3_600_000;

function method<I extends z.ZodType, O extends z.ZodType>(input: I, output: O, deadlineMs = 30_000) {
  return { input, output, deadlineMs };
}

const none = z.object({});
/**
 * Reads a listing while it is asked for, in the order served: "" begins it, and the answer's `stream` goes on behind the
 * names that were given; the last answer has none. Nothing is sorted or kept then, and `offset` does not count.
 */
const stream = z.string().max(40).optional();
const page = {
  offset: z.number().int().nonnegative().default(0),
  limit: z.number().int().min(1).max(1000).default(500),
};

export const capabilitiesSchema = z.object({
  face: z.enum(["desktop", "web", "cli"]),
  version: z.string(),
  platform: z.string(),
  /** Absolute path of the folder that holds the database, logs and backups. */
  dataFolder: z.string(),
  /** What this face can do beside the engine's work. The window shows only that. */
  can: z.object({
    /** The shell itself tells of ended runs by the operating system; else the page may ask the browser to. */
    notify: z.boolean(),
    /** Progress and a count at the program's icon. */
    badge: z.boolean(),
    tray: z.boolean(),
    keepAwake: z.boolean(),
    /** Menus of the operating system; their commands come as `window.command`. */
    menus: z.boolean(),
    openFolders: z.boolean(),
    /** A file dropped from outside has a path that the engine can read. */
    filePaths: z.boolean(),
    deepLinks: z.boolean(),
    updates: z.boolean(),
  }),
});
export type Capabilities = z.infer<typeof capabilitiesSchema>;

export const tagDetailSchema = z.object({
  tag: z.string(),
  digest: z.string().nullable(),
  mediaType: z.string().nullable(),
  kind: z.enum(["image", "index", "artifact", "unknown"]).nullable(),
  /** Bytes of config and layers, each digest once, over all platforms. */
  size: z.number().nullable(),
  /** Milliseconds since 1970, from the image configuration. */
  created: z.number().nullable(),
  platforms: z.array(z.string()),
  error: z.string().nullable(),
});
export type TagDetail = z.infer<typeof tagDetailSchema>;

/** How a tag stands against the same tag on the other side. */
export const tagMarkerSchema = z.enum(["same", "missing", "different"]);
export type TagMarker = z.infer<typeof tagMarkerSchema>;

export const inspectedManifestSchema = z.object({
  digest: z.string(),
  mediaType: z.string(),
  kind: z.enum(["image", "index", "unknown"]),
  platform: z.string().nullable(),
  size: z.number(),
  config: z.object({ digest: z.string(), mediaType: z.string(), size: z.number() }).nullable(),
  layers: z.array(z.object({ digest: z.string(), mediaType: z.string(), size: z.number() })),
  /** The manifest's exact text. */
  text: z.string(),
});
export type InspectedManifest = z.infer<typeof inspectedManifestSchema>;

export const verifyDifferenceSchema = z.object({
  what: z.enum(["tag", "manifest", "blob"]),
  digest: z.string().nullable(),
  text: z.string(),
});

/** How tags are ordered. By creation or size the facts of every matching tag are read first, and kept. */
export const tagSortSchema = z.enum([
  "name",
  "name-descending",
  "version",
  "version-descending",
  "created",
  "created-descending",
  "size",
  "size-descending",
]);
export type TagSort = z.infer<typeof tagSortSchema>;

/** What is asked of the image behind a tag; read for every tag that the other filters leave, and kept by digest. */
export const tagFactsFilterSchema = z.object({
  /** Has an image for at least one of them. */
  platforms: z.array(platformSchema).max(16).default([]),
  /** Bytes of config and layers, over all platforms. */
  smallest: z.number().int().nonnegative().optional(),
  largest: z.number().int().nonnegative().optional(),
});
export type TagFactsFilter = z.infer<typeof tagFactsFilterSchema>;

const imageAtSchema = z.object({
  endpointId: endpointIdSchema,
  repository: repositoryNameSchema,
  reference: referenceTextSchema,
});

/** Chosen by the caller to tell the steps of its check from those of another. */
const attemptSchema = z.string().regex(/^[a-zA-Z0-9-]{1,64}$/);

const backupSchema = z.object({
  name: z.string(),
  size: z.number().int(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  /** It takes the database's place at the next start. */
  restoring: z.boolean(),
});
export type Backup = z.infer<typeof backupSchema>;

export const findingSchema = z.object({
  name: z.enum(["version", "data-folder", "database", "secrets", "space", "helpers", "registry"]),
  /** The registry's name; null for the rest. */
  subject: z.string().nullable(),
  outcome: z.enum(["passed", "warning", "failed", "skipped"]),
  /** One plain sentence, with what to do where something is wrong. */
  text: z.string(),
  /** Of the error behind it, where there was one. */
  code: errorCodeSchema.optional(),
});
export type Finding = z.infer<typeof findingSchema>;

/** Every method by name. Input and output are parsed at the door in both directions. */
export const methods = {
  "app.hello": method(none, capabilitiesSchema),
  "samples.start": method(none, z.object({ endpoints: z.array(endpointSchema) }), 60_000),

  "secrets.status": method(none, secretsStatusSchema),
  /**
   * Chooses where secrets are kept and moves those that are saved. `vault`: `passphrase` makes the vault, or opens the one
   * that is there. `clear` wants `acceptClear`; the choice is written to the audit log.
   */
  "secrets.choose": method(
    z.object({
      place: secretPlaceSchema,
      passphrase: passphraseSchema.optional(),
      acceptClear: z.boolean().default(false),
    }),
    secretsStatusSchema,
  ),
  /** @throws `unauthorized` for a wrong passphrase. */
  "secrets.unlock": method(z.object({ passphrase: passphraseSchema }), secretsStatusSchema),
  "secrets.lock": method(none, secretsStatusSchema),
  "secrets.changePassphrase": method(
    z.object({ passphrase: passphraseSchema, next: passphraseSchema }),
    secretsStatusSchema,
  ),
  "secrets.lockAfter": method(
    z.object({ minutes: z.number().int().min(1).max(1440).nullable() }),
    secretsStatusSchema,
  ),

  /** Looks at the environment: versions, data folder, database, secrets, space, and every saved registry. */
  "doctor.run": method(
    z.object({ registries: z.boolean().default(true) }),
    z.object({ findings: z.array(findingSchema) }),
    300_000,
  ),

  "endpoints.list": method(
    z.object({ includeTemporary: z.boolean().default(false) }),
    z.object({ endpoints: z.array(endpointSchema) }),
  ),
  "endpoints.add": method(
    z.object({
      name: z.string().min(1).max(100).optional(),
      settings: endpointInputSchema,
      credential: credentialInputSchema.optional(),
      /** Keeps the credential in the place of secrets; false = in this process's memory only. */
      remember: z.boolean().default(true),
      /** A temporary endpoint with the same settings is used again rather than added twice. */
      temporary: z.boolean().default(false),
    }),
    endpointSchema,
  ),
  "endpoints.update": method(
    z.object({
      id: endpointIdSchema,
      name: z.string().min(1).max(100).optional(),
      settings: endpointInputSchema.optional(),
    }),
    endpointSchema,
  ),
  /**
   * Its sign-in was changed in a place that is not ours, as docker's configuration: forgets what was known of it, here and in
   * other processes, and lets the runs go on that wait for it.
   */
  "endpoints.signInChanged": method(z.object({ id: endpointIdSchema }), endpointSchema),
  /**
   * Sets, replaces or (null) forgets the entered or saved credential; running jobs pick it up.
   * @throws `locked` where it is to be remembered and the vault is locked; then nothing has changed.
   */
  "endpoints.signIn": method(
    z.object({
      id: endpointIdSchema,
      credential: credentialInputSchema.nullable(),
      /** Keeps it in the place of secrets; false = in this process's memory only. */
      remember: z.boolean().default(true),
    }),
    endpointSchema,
  ),
  /** The same for the proxy that the endpoint's settings name. */
  "endpoints.signInProxy": method(
    z.object({
      id: endpointIdSchema,
      credential: credentialInputSchema.nullable(),
      remember: z.boolean().default(true),
    }),
    endpointSchema,
  ),
  "endpoints.remove": method(z.object({ id: endpointIdSchema }), none),
  /** Goes through reachability, sign-in, listing and push permission of a saved endpoint and records the result. */
  "endpoints.check": method(
    z.object({
      id: endpointIdSchema,
      attempt: attemptSchema.optional(),
      /** Rights are looked at there; the first that is listed where it is not said. */
      repository: repositoryNameSchema.optional(),
    }),
    endpointSchema,
    60_000,
  ),
  /** The same for settings that are not saved yet. With `attempt`, each step is told as `check.step` when it ends. */
  "endpoints.try": method(
    z.object({
      settings: endpointInputSchema,
      credential: credentialInputSchema.optional(),
      /** The saved endpoint that these are new settings of: without a credential, its own is used at the same address. */
      id: endpointIdSchema.optional(),
      attempt: attemptSchema.optional(),
      repository: repositoryNameSchema.optional(),
    }),
    z.object({ steps: z.array(checkStepSchema) }),
    60_000,
  ),

  /**
   * Finds out what a registry can do and keeps that with its date. Without `write` nothing is changed there; with it a small
   * image is pushed to `repository` and deleted again, and what could not be cleaned up is said.
   */
  "endpoints.probe": method(
    z.object({
      id: endpointIdSchema,
      repository: repositoryNameSchema.optional(),
      write: z.boolean().default(false),
    }),
    endpointSchema,
    120_000,
  ),
  /** What this machine's files and environment say of a host, before a registry is added. No secret, no helper, no request. */
  "endpoints.hints": method(
    z.object({ host: z.string().min(1).max(261) }),
    z.object({
      provider: providerIdSchema.nullable(),
      credential: credentialFactsSchema,
      /** The certs.d folders of docker and podman that are used for it. */
      certFolders: z.array(z.object({ path: z.string(), authorities: z.number(), client: z.boolean() })),
      /** Without a password. */
      proxy: z.string().nullable(),
      /** Of registries.conf: used for reading only where the registry's settings name them. */
      mirrors: z.array(mirrorSchema),
      blocked: z.boolean(),
      /** Files that could not be read, with the reason. */
      problems: z.array(z.object({ file: z.string(), text: z.string() })),
    }),
  ),
  /** Registries that docker's and podman's files on this machine name; no secret is read for it. */
  "endpoints.importable": method(
    none,
    z.object({
      found: z.array(
        z.object({
          /** `host[:port]`. */
          address: z.string(),
          from: z.enum(["docker", "podman"]),
          file: z.string(),
          username: z.string().nullable(),
          /** How its credential is kept there. */
          credential: z.enum(["inline", "helper", "none"]),
          /** The saved endpoint with that address. */
          endpointId: endpointIdSchema.nullable(),
        }),
      ),
      /** Files that could not be read, with the reason. */
      problems: z.array(z.object({ file: z.string(), text: z.string() })),
    }),
  ),
  /** Adds an archive file (OCI or docker-archive, .tar or .tar.gz) as an endpoint to read from. */
  "archives.open": method(z.object({ path: z.string().min(1).max(4096) }), endpointSchema, 3_600_000),

  /** One page of a listing that the engine reads and keeps; `refresh` reads it anew. */
  "repositories.list": method(
    z.object({ endpointId: endpointIdSchema, refresh: z.boolean().default(false), stream, ...page }),
    z.object({
      names: z.array(z.string()),
      /** Of a stream so far. */
      total: z.number().int(),
      stream,
      /** False where the registry cannot list, or the listing was cut at its cap. */
      complete: z.boolean(),
    }),
    120_000,
  ),
  /** Names that were typed in for a registry that does not list: shown with what it lists, in every window. */
  "repositories.remember": method(
    z.object({ endpointId: endpointIdSchema, names: z.array(repositoryNameSchema).min(1).max(1000) }),
    none,
  ),
  "repositories.named": method(
    z.object({ endpointId: endpointIdSchema }),
    z.object({ names: z.array(repositoryNameSchema) }),
  ),
  "repositories.forget": method(
    z.object({ endpointId: endpointIdSchema, names: z.array(repositoryNameSchema).min(1).max(1000) }),
    none,
  ),
  "tags.list": method(
    z.object({
      endpointId: endpointIdSchema,
      repository: repositoryNameSchema,
      /** Parts that are left out do not filter. */
      filter: tagRuleSchema.optional(),
      facts: tagFactsFilterSchema.optional(),
      /** Only tags that stand so against the same tag there. */
      against: z
        .object({
          endpointId: endpointIdSchema,
          repository: repositoryNameSchema,
          markers: z.array(tagMarkerSchema).min(1).max(3),
        })
        .optional(),
      sort: tagSortSchema.default("name"),
      refresh: z.boolean().default(false),
      stream,
      ...page,
    }),
    z.object({ tags: z.array(z.string()), matched: z.number().int(), total: z.number().int(), stream }),
    3_600_000,
  ),
  /** Digest, size, date and platforms of the rows that are on screen. */
  "tags.describe": method(
    z.object({
      endpointId: endpointIdSchema,
      repository: repositoryNameSchema,
      tags: z.array(tagSchema).max(100),
    }),
    z.object({ details: z.array(tagDetailSchema) }),
    120_000,
  ),
  /** Compares tags by HEAD on both sides. */
  "tags.mark": method(
    z.object({
      endpointId: endpointIdSchema,
      repository: repositoryNameSchema,
      otherEndpointId: endpointIdSchema,
      otherRepository: repositoryNameSchema,
      tags: z.array(tagSchema).max(100),
    }),
    z.object({ markers: z.record(z.string(), tagMarkerSchema) }),
    120_000,
  ),
  "image.inspect": method(
    z.object({
      endpointId: endpointIdSchema,
      repository: repositoryNameSchema,
      reference: referenceTextSchema,
    }),
    z.object({ root: inspectedManifestSchema, children: z.array(inspectedManifestSchema) }),
    60_000,
  ),
  /** The configuration of an image as its registry holds it: JSON text, at most 4 MiB. */
  "image.config": method(
    imageAtSchema,
    z.object({ digest: z.string(), mediaType: z.string(), size: z.number(), text: z.string() }),
    60_000,
  ),
  /** Where blobs are known to lie, from what plans and runs have seen; asks no registry. */
  "blobs.locations": method(
    z.object({ digests: z.array(z.string().refine(isDigest, "expected sha256:… or sha512:…")).max(500) }),
    z.object({
      locations: z.array(
        z.object({ digest: z.string(), endpointId: endpointIdSchema, repository: z.string() }),
      ),
    }),
  ),
  /** Removes a tag, or a manifest with every tag that points at it. @throws `unsupported` where the registry does not. */
  "image.delete": method(imageAtSchema, none, 60_000),
  /** What belongs to an image, its children, and to that in turn: signatures, SBOMs, attestations. Read anew each time. */
  "image.attachments": method(
    imageAtSchema,
    z.object({
      attachments: z.array(
        z.object({
          digest: z.string(),
          /** The manifest that it belongs to. */
          subject: z.string(),
          mediaType: z.string(),
          /** What kind of thing it is, in the words of who made it; null where it cannot be read. */
          artifactType: z.string().nullable(),
          size: z.number(),
          /** The tag by which it is found; null for a referrer. */
          tag: z.string().nullable(),
        }),
      ),
    }),
    120_000,
  ),
  /** Reads both sides again and compares digests down to the blobs. */
  "image.verify": method(
    z.object({
      source: imageAtSchema,
      destination: imageAtSchema,
      /** Also what belongs to the image: signatures, SBOMs and whatever else refers to it. */
      attachments: z.boolean().default(true),
    }),
    z.object({
      equal: z.boolean(),
      sourceDigest: z.string(),
      destinationDigest: z.string().nullable(),
      manifests: z.number().int(),
      blobs: z.number().int(),
      bytes: z.number().int(),
      differences: z.array(verifyDifferenceSchema),
    }),
    aDay,
  ),

  /** Starts planning and returns at once with a run in state `planning`; `run.changed` tells when it is planned. */
  "runs.plan": method(wholeJobSpecSchema, runSchema),
  /** Starts what was planned. Unticked images are left out. */
  "runs.start": method(
    z.object({
      runId: runIdSchema,
      unselectedImageIds: z.array(z.number().int()).max(100_000).default([]),
      options: runOptionsSchema.optional(),
    }),
    runSchema,
  ),
  /** Throws a plan away that was never started. */
  "runs.discard": method(z.object({ runId: runIdSchema }), none),
  /** Long selections are shortened (`spec.namesLeft`). */
  "runs.list": method(
    z.object({
      states: z.array(runStateSchema).optional(),
      /** Part of a repository's, tag's or registry's name, in any case. */
      text: z.string().max(500).optional(),
      jobId: jobIdSchema.optional(),
      endpointId: endpointIdSchema.optional(),
      /** Created in that time; milliseconds since 1970. */
      since: z.number().optional(),
      until: z.number().optional(),
      ...page,
    }),
    z.object({ runs: z.array(runSchema), total: z.number().int() }),
  ),
  "runs.get": method(z.object({ runId: runIdSchema }), runSchema),
  "runs.images": method(
    z.object({
      runId: runIdSchema,
      states: z.array(imageStateSchema).optional(),
      actions: z.array(imageActionSchema).optional(),
      /** Part of a repository's or tag's name, in any case. */
      text: z.string().max(500).optional(),
      ...page,
    }),
    z.object({ images: z.array(runImageSchema), total: z.number().int() }),
  ),
  "runs.blobs": method(
    z.object({ runId: runIdSchema, imageId: z.number().int() }),
    z.object({ blobs: z.array(runBlobSchema) }),
  ),
  "runs.pause": method(z.object({ runId: runIdSchema }), runSchema),
  "runs.resume": method(z.object({ runId: runIdSchema }), runSchema),
  "runs.cancel": method(z.object({ runId: runIdSchema }), runSchema),
  /** Queues a finished run again for the images that failed, or only for these of them. */
  "runs.retryFailed": method(
    z.object({
      runId: runIdSchema,
      imageIds: z.array(z.number().int()).min(1).max(100_000).optional(),
    }),
    runSchema,
  ),
  /** Removes a finished run from the history. */
  "runs.delete": method(z.object({ runId: runIdSchema }), none),
  /** The exact command line behind a run; with `options`, as it would be started with these. */
  "runs.command": method(
    z.object({ runId: runIdSchema, options: runOptionsSchema.optional() }),
    z.object({ command: z.string() }),
  ),

  /** Pauses everything that waits or runs, or lets everything go on that is paused. */
  "runs.pauseAll": method(none, z.object({ runs: z.number().int() })),
  "runs.resumeAll": method(none, z.object({ runs: z.number().int() })),
  /** Removes runs from the history that ended before then (milliseconds since 1970), or all that ended. */
  "runs.clear": method(
    z.object({ endedBefore: z.number().optional(), states: z.array(runStateSchema).optional() }),
    z.object({ removed: z.number().int() }),
    120_000,
  ),
  /** The same job as a sync file (docs/sync-files.md), to be kept, shared and run headless. */
  "runs.syncFile": method(
    z.object({ runId: runIdSchema, options: runOptionsSchema.optional() }),
    z.object({ fileName: z.string(), text: z.string() }),
  ),
  /** Bytes per second of the last hour, one value a second, the newest last; of all runs or of one that is active. */
  "throughput.get": method(
    z.object({ runId: runIdSchema.optional() }),
    z.object({ endsAt: z.number(), bytesPerSecond: z.array(z.number()).max(3600) }),
  ),

  /** Changes a run that waits, runs or is paused; a running one follows at once. */
  "runs.adjust": method(
    z.object({
      runId: runIdSchema,
      parallelImages: z.number().int().min(1).max(64).optional(),
      /** Bytes per second; null = no limit of its own. */
      bandwidth: z.number().int().min(1024).nullable().optional(),
      priority: z.number().int().min(-10).max(10).optional(),
    }),
    runSchema,
  ),
  /** Puts a queued run before another one of the queue, or at its end; it takes over that one's priority. */
  "runs.move": method(z.object({ runId: runIdSchema, before: runIdSchema.nullable() }), runSchema),
  /** What happened to every image with the digests of both sides, to be kept. */
  "runs.report": method(
    z.object({ runId: runIdSchema, format: reportFormatSchema }),
    z.object({ fileName: z.string(), mediaType: z.string(), text: z.string() }),
    120_000,
  ),

  /** The hosts that this process has talked to, with what it decided about each. */
  "hosts.list": method(none, z.object({ hosts: z.array(hostStatusSchema) })),
  /** Changes limits of a host while it is worked with. */
  "hosts.adjust": method(
    z.object({
      host: z.string().min(1).max(4096),
      /** The most requests at once. */
      connections: z.number().int().min(1).max(64).optional(),
      /** False = always the most; nothing is decided by what is measured. */
      adaptive: z.boolean().optional(),
      bandwidth: z.number().int().min(1024).nullable().optional(),
    }),
    hostStatusSchema,
  ),
  "limits.get": method(none, limitsSchema),
  "limits.set": method(limitsSchema, limitsSchema),

  /** Long selections are shortened (`spec.namesLeft`). */
  "jobs.list": method(none, z.object({ jobs: z.array(savedJobSchema) })),
  "jobs.get": method(z.object({ jobId: jobIdSchema }), savedJobSchema),
  /** Adds a job, or replaces the one with that id; names are unique. */
  "jobs.save": method(savedJobInputSchema, savedJobSchema),
  "jobs.remove": method(z.object({ jobId: jobIdSchema }), none),
  "jobs.setEnabled": method(z.object({ jobId: jobIdSchema, enabled: z.boolean() }), savedJobSchema),
  /** Plans and starts it now. @throws `busy` where a run of it is not over yet. */
  "jobs.run": method(z.object({ jobId: jobIdSchema }), runSchema),
  /** Saved jobs as one sync file. */
  "jobs.syncFile": method(
    z.object({ jobIds: z.array(jobIdSchema).min(1).max(1000) }),
    z.object({ fileName: z.string(), text: z.string() }),
  ),
  /** Reads a sync file: what it would save, and what is wrong with it. Saves nothing unless `save` is true. */
  "jobs.fromSyncFile": method(
    z.object({ text: z.string().max(1_000_000), save: z.boolean().default(false) }),
    z.object({
      jobs: z.array(z.object({ name: z.string(), summary: z.string(), schedule: z.string().nullable() })),
      problems: z.array(z.object({ line: z.number().int(), column: z.number().int(), text: z.string() })),
      saved: z.array(savedJobSchema),
    }),
    60_000,
  ),
  /** The next times of a schedule, in milliseconds since 1970. */
  "jobs.preview": method(
    z.object({ schedule: scheduleSchema, count: z.number().int().min(1).max(50).default(5) }),
    z.object({ times: z.array(z.number()) }),
  ),

  /** Repositories of both sides by name: which are on one side only. */
  "compare.repositories": method(
    z.object({
      sourceId: endpointIdSchema,
      destinationId: endpointIdSchema,
      include: z.array(globSchema).max(100).default([]),
      exclude: z.array(globSchema).max(100).default([]),
      mapping: mappingSchema.default({ kind: "keep" }),
      ...page,
    }),
    z.object({ rows: z.array(comparedRepositorySchema), total: z.number().int() }),
    600_000,
  ),
  /** The tags of two repositories against each other, by HEAD on both sides. */
  "compare.tags": method(
    z.object({
      sourceId: endpointIdSchema,
      sourceRepository: repositoryNameSchema,
      destinationId: endpointIdSchema,
      destinationRepository: repositoryNameSchema,
      tags: tagRuleSchema.prefault({}),
      /** So many of each list at most; `counts` are of all. */
      most: z.number().int().nonnegative().default(5000),
    }),
    comparedTagsSchema.extend({
      counts: z.object({
        missing: z.number().int(),
        different: z.number().int(),
        extra: z.number().int(),
      }),
    }),
    aDay,
  ),
  /** Two images by their manifests: what is on both sides and what on one only. Reads no layer. */
  "compare.image": method(
    z.object({ source: imageAtSchema, destination: imageAtSchema }),
    comparedImageSchema,
    120_000,
  ),

  "settings.get": method(none, z.object({ settings: z.record(z.string(), z.unknown()) })),
  /** Keys of shared/settings.ts are parsed by their schema; null forgets a key. @throws `usage`. */
  "settings.set": method(
    z.object({ key: z.string().regex(/^[a-z][a-zA-Z0-9.-]{0,99}$/), value: z.unknown() }),
    none,
  ),

  /** Newest last. Kept in memory: the last 20 000 lines of this process. */
  "logs.read": method(
    logQuerySchema,
    z.object({
      lines: z.array(logLineSchema),
      /** Give it as `after` to read on. */
      next: z.number().int(),
    }),
  ),
  /** What a bundle for a bug report would hold, as it would be saved: secrets, names and addresses taken out as asked. */
  "diagnostics.preview": method(
    z.object({ hideNames: z.boolean().default(true) }),
    z.object({ fileName: z.string(), text: z.string() }),
    60_000,
  ),
  "backups.list": method(none, z.object({ backups: z.array(backupSchema) })),
  "backups.create": method(none, backupSchema, 120_000),
  /** Puts that backup in the database's place at the next start; what is there now is kept as a backup. */
  "backups.restore": method(z.object({ name: z.string().max(200) }), none),

  /** Opens a folder in the operating system's file manager. @throws `unsupported` where `can.openFolders` is false. */
  "desktop.openFolder": method(z.object({ folder: z.enum(["data", "logs", "backups"]) }), none),
  /** Deep links that wait to be opened; each is told once. */
  "links.take": method(none, z.object({ links: z.array(deepLinkSchema) })),
  "updates.get": method(none, updateStatusSchema),
  "updates.check": method(none, updateStatusSchema, 60_000),
  /** Installs what was downloaded and starts again: when no transfer runs, or at once, with running ones paused until then. */
  "updates.install": method(z.object({ now: z.boolean().default(false) }), none),
} as const;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
export type MethodInput<M extends MethodName> = z.input<Methods[M]["input"]>;
export type MethodParams<M extends MethodName> = z.output<Methods[M]["input"]>;
export type MethodResult<M extends MethodName> = z.output<Methods[M]["output"]>;

export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(methods, name);
}

/** What an implementation of the contract is: one function per method; `Context` carries the AbortSignal of the call. */
export type Api<Context> = {
  readonly [M in MethodName]: (params: MethodParams<M>, context: Context) => Promise<MethodResult<M>>;
};

/** State events: numbered, never dropped; a client that sees a gap reads what it shows again. */
export const events = {
  "secrets.changed": secretsStatusSchema,
  "run.changed": runSchema,
  "run.removed": z.object({ runId: runIdSchema }),
  "image.changed": runImageSchema,
  "endpoint.changed": endpointSchema,
  "endpoint.removed": z.object({ id: endpointIdSchema }),
  "host.changed": hostStatusSchema,
  "job.changed": savedJobSchema,
  "job.removed": z.object({ jobId: jobIdSchema }),
  "settings.changed": z.object({ key: z.string(), value: z.unknown() }),
  "limits.changed": limitsSchema,
  "check.step": z.object({ attempt: attemptSchema, step: checkStepSchema }),
  /** A deep link waits; `links.take` gives it. */
  "link.waiting": z.object({ waiting: z.number().int() }),
  /** A menu, the tray or a notification asks the window for something. */
  "window.command": windowCommandSchema,
  "update.changed": updateStatusSchema,
} as const;
export type EventName = keyof typeof events;
export type EventData<E extends EventName> = z.output<(typeof events)[E]>;
export const eventNames = Object.keys(events) as readonly EventName[];

/**
 * Progress: the latest value per key, merged at the engine, at most ten times a second.
 * Keys: `run:<run id>`, `image:<run id>/<image id>`, `blob:<run id>/<repository>@<digest>`, `total`.
 */
export const progressValueSchema = z.object({
  /** Bytes moved so far under this key; absolute, so that a lost update does no harm. */
  bytes: z.number().nonnegative(),
  /** Bytes that the plan expects. */
  total: z.number().nonnegative(),
  bytesPerSecond: z.number().nonnegative(),
  secondsLeft: z.number().nonnegative().nullable(),
});
export type ProgressValue = z.infer<typeof progressValueSchema>;
export const progressKey = {
  run: (runId: string): string => `run:${runId}`,
  image: (runId: string, imageId: number): string => `image:${runId}/${imageId}`,
  blob: (runId: string, repository: string, digest: string): string =>
    `blob:${runId}/${repository}@${digest}`,
  total: "total",
} as const;
