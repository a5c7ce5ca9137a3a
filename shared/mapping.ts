// How a source's repositories and tags are called at the destination.
import { assertNever } from "./assert-never.ts";
import { FreightlinerError } from "./errors.ts";
import { isRepositoryName, isTag } from "./reference.ts";
import { compileRewrite, type Rewrite, type RewriteRule } from "./rewrite.ts";
import type { Mapping, TagRename } from "./selection.ts";

/** @throws FreightlinerError `usage` that names the repository and the result where that is not a repository name. */
export function mapRepository(repository: string, mapping: Mapping): string {
  const mapped = mapName(repository, mapping);
  if (isRepositoryName(mapped)) return mapped;
  return refuse(
    "map-repository",
    `The mapping turns "${repository}" into "${mapped.slice(0, 300)}", which is not a repository name.`,
  );
}

/** @throws FreightlinerError `usage` that names the tag and the result where that is not a tag. */
export function mapTag(tag: string, rename: TagRename | null): string {
  if (rename === null) return tag;
  const mapped = rewriteOf(rename)(tag) ?? tag;
  if (isTag(mapped)) return mapped;
  return refuse(
    "map-tag",
    `The renaming turns the tag "${tag}" into "${mapped.slice(0, 200)}", which is not a tag.`,
  );
}

/** True where two different source repositories can never get one name. */
export function keepsApart(mapping: Mapping): boolean {
  return mapping.kind === "keep" || mapping.kind === "prefix";
}

function mapName(repository: string, mapping: Mapping): string {
  switch (mapping.kind) {
    case "keep":
      return repository;
    case "into":
      return mapping.repository;
    case "prefix":
      return joinPath(mapping.prefix, repository);
    case "strip": {
      const components = repository.split("/");
      const left = components.slice(Math.min(mapping.levels, components.length - 1));
      return joinPath(mapping.prefix, left.join("/"));
    }
    case "flatten": {
      const components = repository.split("/");
      const left = mapping.separator === undefined ? components.slice(-1) : components;
      return joinPath(mapping.prefix, left.join(mapping.separator));
    }
    case "template":
      return rewriteOf(mapping)(repository) ?? refuseTemplate(repository, mapping.pattern);
    default:
      return assertNever(mapping);
  }
}

function joinPath(prefix: string, repository: string): string {
  const trimmed = prefix.replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? repository : `${trimmed}/${repository}`;
}

/** Compiled once: a rule is applied to a hundred thousand names. */
const rewrites = new WeakMap<RewriteRule, Rewrite>();

function rewriteOf(rule: RewriteRule): Rewrite {
  let rewrite = rewrites.get(rule);
  if (rewrite === undefined) {
    rewrite = compileRewrite(rule);
    rewrites.set(rule, rewrite);
  }
  return rewrite;
}

function refuseTemplate(repository: string, pattern: string): never {
  return refuse("map-repository", `The mapping's pattern "${pattern}" does not match "${repository}".`);
}

function refuse(operation: string, message: string): never {
  throw new FreightlinerError({ code: "usage", operation, message });
}
