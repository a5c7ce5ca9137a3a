// What a job of a sync file says of repositories, mapping, renamed tags, mirroring and its schedule.
import { z } from "zod";
import { parseShare, shareExpectation } from "../../shared/amounts.ts";
import { scheduleSchema } from "../../shared/job.ts";
import { isRepositoryName } from "../../shared/reference.ts";
import {
  globSchema,
  type Mapping,
  regexSchema,
  repositoryNameSchema,
  tagRenameSchema,
} from "../../shared/selection.ts";
import { amount, chosen, isObject, strict } from "./sync-file-strict.ts";

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

export const repositoriesSchema = chosen<RepositoryRule>((value) =>
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
export const renameSchema = strict({ match: regexSchema, to: z.string().min(1).max(255) }).superRefine(
  ({ match, to }, context) => {
    const rewrite = tagRenameSchema.safeParse({ pattern: match, replacement: to });
    const message = rewrite.error?.issues[0]?.message;
    if (message !== undefined) context.addIssue({ code: "custom", path: ["to"], message });
  },
);

export const mapSchema = strict({
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

export const mirrorSchema = chosen<false | { maxDelete?: number; maxShare?: number }>((value) =>
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

export const scheduleItem = chosen((value) =>
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
