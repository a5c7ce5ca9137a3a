// A mapping while it is typed: every field keeps its text, and what cannot be read yet says so at its field.
import { toFreightlinerError } from "../../../../shared/errors.ts";
import { isRepositoryName } from "../../../../shared/reference.ts";
import { compileRegex } from "../../../../shared/regex.ts";
import { compileRewrite } from "../../../../shared/rewrite.ts";
import type { Mapping, TagRename } from "../../../../shared/selection.ts";
import { optionsText } from "../../../text/plan-options.ts";

export type Separator = "last" | "-" | "_" | "__" | ".";
export const separators: readonly Separator[] = ["last", "-", "_", "__", "."];
export const mappingKinds: readonly Mapping["kind"][] = [
  "keep",
  "prefix",
  "into",
  "strip",
  "flatten",
  "template",
];

export interface MappingDraft {
  readonly kind: Mapping["kind"];
  readonly prefix: string;
  readonly repository: string;
  readonly levels: number;
  readonly separator: Separator;
  readonly pattern: string;
  readonly replacement: string;
}
export type DraftField = "prefix" | "repository" | "pattern" | "replacement";

/** What a draft means, or where it cannot be read and why; an empty field is only not there yet. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly field: DraftField; readonly text: string | undefined };

const empty: MappingDraft = {
  kind: "keep",
  prefix: "",
  repository: "",
  levels: 1,
  separator: "-",
  pattern: "",
  replacement: "",
};

export function draftOf(mapping: Mapping): MappingDraft {
  const draft = { ...empty, kind: mapping.kind };
  switch (mapping.kind) {
    case "keep":
      return draft;
    case "prefix":
      return { ...draft, prefix: mapping.prefix };
    case "into":
      return { ...draft, repository: mapping.repository };
    case "strip":
      return { ...draft, levels: mapping.levels, prefix: mapping.prefix };
    case "flatten":
      return { ...draft, separator: mapping.separator ?? "last", prefix: mapping.prefix };
    case "template":
      return { ...draft, pattern: mapping.pattern, replacement: mapping.replacement };
  }
}

export function readMapping(draft: MappingDraft): Read<Mapping> {
  const { kind, levels, separator } = draft;
  const [prefix, repository] = [trimmed(draft.prefix), trimmed(draft.repository)];
  const badPrefix = prefix !== "" && !isRepositoryName(prefix);
  switch (kind) {
    case "keep":
      return { ok: true, value: { kind } };
    case "prefix":
      if (prefix === "" || badPrefix) return refuse("prefix", prefix, optionsText.invalidName);
      return { ok: true, value: { kind, prefix } };
    case "into":
      if (!isRepositoryName(repository)) return refuse("repository", repository, optionsText.invalidName);
      return { ok: true, value: { kind, repository } };
    case "strip":
      if (badPrefix) return refuse("prefix", prefix, optionsText.invalidName);
      return { ok: true, value: { kind, levels, prefix } };
    case "flatten":
      if (badPrefix) return refuse("prefix", prefix, optionsText.invalidName);
      return { ok: true, value: { kind, prefix, ...(separator === "last" ? {} : { separator }) } };
    case "template": {
      const rule = readRewrite(draft);
      return rule.ok ? { ok: true, value: { kind, ...rule.value } } : rule;
    }
  }
}

/** Two fields that go together: a pattern of RE2 and what it is replaced by. */
export function readRewrite({ pattern, replacement }: TagRename): Read<TagRename> {
  if (pattern === "") return refuse("pattern", "", "");
  try {
    compileRegex(pattern);
  } catch (thrown) {
    return refuse("pattern", pattern, toFreightlinerError(thrown, "parse-regex").message);
  }
  if (replacement === "") return refuse("replacement", "", "");
  try {
    compileRewrite({ pattern, replacement });
    return { ok: true, value: { pattern, replacement } };
  } catch (thrown) {
    return refuse("replacement", replacement, toFreightlinerError(thrown, "parse-replacement").message);
  }
}

function refuse(
  field: DraftField,
  typed: string,
  text: string,
): { readonly ok: false; readonly field: DraftField; readonly text: string | undefined } {
  return { ok: false, field, text: typed === "" ? undefined : text };
}

function trimmed(text: string): string {
  return text.trim().replace(/^\/+|\/+$/g, "");
}
