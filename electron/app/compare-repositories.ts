// The repositories of two sides against each other by name, with the mapping between them.
import type { ComparedRepository } from "../../shared/compare.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { compileGlobs } from "../../shared/glob.ts";
import { mapRepository } from "../../shared/mapping.ts";
import type { Mapping } from "../../shared/selection.ts";
import { byName } from "./listings.ts";

export interface RepositoryNames {
  readonly source: readonly string[];
  readonly destination: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly mapping: Mapping;
}

/**
 * Sorted by name. Include and exclude are for the source's names; of what only the destination has, they are asked where the
 * mapping tells the source's name (keep and prefix), and else everything below the mapping's prefix is shown.
 */
export function compareRepositories(names: RepositoryNames): readonly ComparedRepository[] {
  const { mapping } = names;
  const wanted = compileGlobs(names.include, names.exclude);
  const there = new Set(names.destination);
  const mappedTo = new Set<string>();
  const rows: ComparedRepository[] = [];
  for (const source of names.source) {
    if (!wanted.matches(source)) continue;
    const target = mapped(source, mapping);
    if (target !== undefined) mappedTo.add(target);
    rows.push({ source, destination: target !== undefined && there.has(target) ? target : null });
  }
  const belongs = placeOf(mapping);
  for (const destination of names.destination) {
    if (mappedTo.has(destination)) continue;
    const place = belongs(destination);
    if (place === undefined || (place.source !== undefined && !wanted.matches(place.source))) continue;
    rows.push({ source: null, destination });
  }
  return rows.sort((one, other) => byName(nameOf(one), nameOf(other)));
}

function nameOf({ source, destination }: ComparedRepository): string {
  return source ?? destination ?? "";
}

/** Undefined where the mapping makes no name of it, so that it has no counterpart. */
function mapped(source: string, mapping: Mapping): string | undefined {
  try {
    return mapRepository(source, mapping);
  } catch (error) {
    if (error instanceof FreightlinerError && error.code === "usage") return undefined;
    throw error;
  }
}

/** Whether a repository of the destination lies where the mapping puts things, and what the source would call it. */
function placeOf(
  mapping: Mapping,
): (destination: string) => { readonly source: string | undefined } | undefined {
  const named = mapping.kind === "keep" || mapping.kind === "prefix";
  const prefix = "prefix" in mapping ? mapping.prefix.replace(/^\/+|\/+$/g, "") : "";
  if (mapping.kind === "into") return () => undefined;
  return (destination) => {
    const below = prefix === "" ? destination : destination.slice(prefix.length + 1);
    if (prefix !== "" && !destination.startsWith(`${prefix}/`)) return undefined;
    return { source: named ? below : undefined };
  };
}
