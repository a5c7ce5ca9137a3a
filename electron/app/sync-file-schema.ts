// What may stand in a sync file (docs/sync-files.md), section by section; names are checked against each other elsewhere.
import { z } from "zod";
import { parseShare, shareExpectation } from "../../shared/amounts.ts";
import { scheduleSchema } from "../../shared/job.ts";
import { platformSchema } from "../../shared/platform.ts";
import { isHost, isRepositoryName } from "../../shared/reference.ts";
import {
  globSchema,
  type Mapping,
  regexSchema,
  repositoryNameSchema,
  tagRenameSchema,
} from "../../shared/selection.ts";
import { amount, chosen, isObject, speedSchema, strict } from "./sync-file-strict.ts";
import { tagItemSchema } from "./tag-item.ts";

/** A word that people type behind --profile, --job, --source. */
export const nameSchema = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]*$/, "expected a name of letters, digits, blanks and . _ -");

const logLevelSchema = z.enum(["debug", "info", "warn", "error"]);
const overwriteSchema = z.enum(["if-different", "never", "always"]);

/** Which software a registry is. Nothing depends on it: what a registry can do is found out by asking it. */
const kinds = [
  ...["distribution", "docker-hub", "harbor", "ghcr", "gitlab", "gitea", "quay", "ecr", "gar", "gcr", "acr"],
  ...["artifactory", "nexus", "zot", "other"],
] as const;

const urlSchema = z.string().superRefine((text, context) => {
  const found = /^https?:\/\/([^/]*)\/*$/.exec(text);
  const authority = found?.[1] ?? "";
  if (authority.includes("@"))
    context.addIssue("a URL here holds no user name or password; sign in with docker login instead");
  else if (!isHost(authority))
    context.addIssue("expected a URL without a path, like https://registry.example");
});

const hostSchema = z.string().refine(isHost, "expected host or host:port, like localhost:5000");

const folderKeys: ReadonlySet<string> = new Set(["layout"]);

export const registrySchema = strict({
  url: urlSchema.optional(),
  host: hostSchema.optional(),
  /** A folder, relative to the file. */
  layout: z.string().min(1).max(4096).optional(),
  kind: z.enum(kinds).optional(),
  credential: z.enum(["docker-config", "saved", "none"]).optional(),
  ca: z.string().min(1).max(4096).optional(),
  plain_http: z.boolean().optional(),
  insecure_skip_verify: z.boolean().optional(),
  connections: z.number().int().min(1).max(64).optional(),
  bandwidth: speedSchema.optional(),
}).superRefine((registry, context) => {
  const named = [registry.url, registry.host, registry.layout].filter((place) => place !== undefined);
  if (named.length !== 1) context.addIssue("expected exactly one of url, host, layout");
  if (registry.url?.startsWith("https:") && registry.plain_http === true)
    context.addIssue({
      code: "custom",
      path: ["plain_http"],
      message: "an https URL and plain_http contradict each other",
    });
  if (registry.layout === undefined) return;
  for (const key of Object.keys(registry)) {
    if (!folderKeys.has(key))
      context.addIssue({
        code: "custom",
        path: [key],
        message: "a layout folder takes no connection settings",
      });
  }
});
export type RegistryEntry = z.infer<typeof registrySchema>;

const concurrencySchema = strict({
  /** Images copied at once. */
  images: z.number().int().min(1).max(64).optional(),
});

/** What runs do where a job leaves it open. */
const defaultsShape = {
  concurrency: concurrencySchema.optional(),
  bandwidth: speedSchema.optional(),
  overwrite: overwriteSchema.optional(),
  attachments: z.boolean().optional(),
  verify: z.boolean().optional(),
};

export const profileSchema = strict({
  ...defaultsShape,
  concurrency: strict({
    images: concurrencySchema.shape.images,
    /** Requests at once to each registry that says nothing itself. */
    connections: z.number().int().min(1).max(64).optional(),
  }).optional(),
  log_level: logLevelSchema.optional(),
  /** Looked at one by one, like those of the file. */
  registries: z.unknown().optional(),
});
export type ProfileEntry = z.infer<typeof profileSchema>;

const globMark = /[*?[{]/;

/** A name, or a glob where one of its signs stands in it. */
const repositoryItem = chosen<{ readonly name?: string; readonly glob?: string }>((value) =>
  typeof value === "string" && globMark.test(value)
    ? globSchema.transform((glob) => ({ glob }))
    : repositoryNameSchema.transform((name) => ({ name })),
);

export interface RepositoryRule {
  readonly names: string[];
  readonly include: string[];
  readonly exclude: string[];
}

const repositoriesSchema = chosen<RepositoryRule>((value) =>
  isObject(value)
    ? strict({
        include: z.array(globSchema).max(100).default([]),
        exclude: z.array(globSchema).max(100).default([]),
      }).transform(({ include, exclude }) => ({
        names: [],
        include: include.length > 0 ? include : ["**"],
        exclude,
      }))
    : z
        .array(repositoryItem)
        .min(1, "expected at least one repository")
        .max(100_000)
        .transform((items) => ({
          names: items.flatMap(({ name }) => name ?? []),
          include: items.flatMap(({ glob }) => glob ?? []),
          exclude: [],
        })),
);

const prefixSchema = z
  .string()
  .max(255)
  .transform((prefix) => prefix.replace(/^\/+|\/+$/g, ""))
  .refine((path) => path === "" || isRepositoryName(path), "expected a path like mirror/team");
const renameSchema = strict({ match: regexSchema, to: z.string().min(1).max(255) }).superRefine(
  ({ match, to }, context) => {
    const rewrite = tagRenameSchema.safeParse({ pattern: match, replacement: to });
    const message = rewrite.error?.issues[0]?.message;
    if (message !== undefined) context.addIssue({ code: "custom", path: ["to"], message });
  },
);

const mapSchema = strict({
  prefix: prefixSchema.optional(),
  strip: z.number().int().min(1).max(32).optional(),
  flatten: z.boolean().optional(),
  separator: z.enum(["-", "_", "__", "."]).optional(),
  template: renameSchema.optional(),
  into: repositoryNameSchema.optional(),
})
  .superRefine((map, context) => {
    const given = [map.strip, map.flatten === true ? true : undefined, map.template, map.into];
    if (given.filter((way) => way !== undefined).length > 1)
      context.addIssue("expected at most one of strip, flatten, template, into");
    if (map.prefix !== undefined && (map.template ?? map.into) !== undefined)
      context.addIssue({
        code: "custom",
        path: ["prefix"],
        message: "template and into already say the whole name",
      });
    if (map.separator !== undefined && map.flatten !== true)
      context.addIssue({
        code: "custom",
        path: ["separator"],
        message: "it joins what flatten puts together; expected flatten: true",
      });
  })
  .transform(({ prefix = "", strip, flatten, separator, template, into }): Mapping => {
    if (into !== undefined) return { kind: "into", repository: into };
    if (template !== undefined)
      return { kind: "template", pattern: template.match, replacement: template.to };
    if (strip !== undefined) return { kind: "strip", levels: strip, prefix };
    if (flatten === true)
      return { kind: "flatten", prefix, ...(separator === undefined ? {} : { separator }) };
    return prefix === "" ? { kind: "keep" } : { kind: "prefix", prefix };
  });

const mirrorSchema = chosen<false | { maxDelete?: number; maxShare?: number }>((value) =>
  isObject(value)
    ? strict({
        max_delete: z.number().int().min(0).max(1_000_000).optional(),
        max_share: amount(parseShare, shareExpectation).optional(),
      }).transform(({ max_delete, max_share }) => ({
        ...(max_delete === undefined ? {} : { maxDelete: max_delete }),
        ...(max_share === undefined ? {} : { maxShare: max_share }),
      }))
    : z.boolean().transform((on) => (on ? {} : (false as const))),
);

const scheduleItem = chosen((value) =>
  isObject(value)
    ? strict({
        cron: z.string().min(1).max(200),
        time_zone: z.string().max(100).optional(),
        missed: scheduleSchema.shape.missed.optional(),
      }).transform(({ cron, time_zone, missed }) =>
        scheduleSchema.parse({ cron, timeZone: time_zone ?? null, missed }),
      )
    : z
        .string()
        .min(1)
        .max(200)
        .transform((cron) => scheduleSchema.parse({ cron })),
);

export const jobSchema = strict({
  ...defaultsShape,
  name: nameSchema,
  from: z.string().min(1).max(4096),
  to: z.string().min(1).max(4096),
  repositories: repositoriesSchema,
  tags: z.array(tagItemSchema).max(100_000).default([]),
  map: mapSchema.default({ kind: "keep" }),
  rename_tags: renameSchema
    .transform(({ match, to }) => tagRenameSchema.parse({ pattern: match, replacement: to }))
    .optional(),
  platforms: z.array(platformSchema).max(32).optional(),
  foreign_layers: z.enum(["if-held", "never"]).optional(),
  mirror: mirrorSchema.default(false),
  schedule: scheduleItem.optional(),
  enabled: z.boolean().default(true),
});
export type JobEntry = z.infer<typeof jobSchema>;

/** Beside these, keys that begin with `x-` may hold what several places refer to by anchors. */
export const topLevelKeys = ["version", "log_level", "profiles", "registries", "jobs"] as const;
export const versionSchema = z.literal(1, "expected 1, the only version there is");
export { logLevelSchema };
