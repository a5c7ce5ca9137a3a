// The exact command line behind a run, so that what was dragged once can be scripted.

import { connectionFlags, endpointWord, imageWord, shellWord } from "../../shared/command-words.ts";
import { isDigest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { mapRepository, mapTag } from "../../shared/mapping.ts";
import type { JobSpec, Run } from "../../shared/run.ts";
import type { SelectionItem } from "../../shared/selection.ts";
import type { StoredEndpoint } from "../store/store.ts";
import { manyWords, mappingWords, optionWords, renameWords, tagWords } from "./command-options.ts";

interface Ends {
  readonly source: StoredEndpoint;
  readonly destination: StoredEndpoint;
}

type ImageItem = Extract<SelectionItem, { readonly kind: "image" }>;
type RuleItem = Extract<SelectionItem, { readonly kind: "repositories" }>;

function endWords({ source, destination }: Ends): string[] {
  return [
    ...connectionFlags(source.settings, "source"),
    ...connectionFlags(destination.settings, "destination"),
  ];
}

/** Where the image lands; undefined where the mapping gives no name, which the plan says of its row. */
function landing(item: ImageItem, spec: JobSpec): { repository: string; reference: string } | undefined {
  try {
    const tag = isDigest(item.reference) ? item.reference : mapTag(item.reference, spec.renameTags);
    return {
      repository: item.destinationRepository ?? mapRepository(item.repository, spec.mapping),
      reference: item.destinationTag ?? tag,
    };
  } catch (thrown) {
    if (thrown instanceof FreightlinerError) return undefined;
    throw thrown;
  }
}

/** A rule of one repository and one tag says the same where `copy` cannot. */
function asRule({ repository, reference }: ImageItem): RuleItem {
  const tags = { names: [reference], include: [], exclude: [], sets: [] };
  return { kind: "repositories", names: [repository], include: [], exclude: [], tags };
}

/** One `copy` for an image item, one `replicate` for a rule. */
function commandFor(item: SelectionItem, spec: JobSpec, ends: Ends): string[] {
  if (item.kind === "repositories") return replicateWords(item, spec, ends);
  const place = landing(item, spec);
  const plain = item.destinationRepository === undefined && item.destinationTag === undefined;
  const needsRule = place === undefined || spec.options.mirror !== null;
  if (needsRule && plain && !isDigest(item.reference)) return replicateWords(asRule(item), spec, ends);
  const { repository, reference } = place ?? item;
  return [
    ...["freightliner", "copy"],
    imageWord(ends.source.settings, item.repository, item.reference),
    imageWord(ends.destination.settings, repository, reference),
    ...endWords(ends),
    ...optionWords(spec.options),
  ];
}

function replicateWords(item: RuleItem, spec: JobSpec, ends: Ends): string[] {
  return [
    ...["freightliner", "replicate"],
    ...[
      "--source",
      endpointWord(ends.source.settings),
      "--destination",
      endpointWord(ends.destination.settings),
    ],
    ...item.names.flatMap((name) => ["--repository", name]),
    ...(item.names.length + item.include.length === 0 ? ["--repository-pattern", "**"] : []),
    ...item.include.flatMap((glob) => ["--repository-pattern", glob]),
    ...item.exclude.flatMap((glob) => ["--exclude-repo", glob]),
    ...tagWords(item.tags),
    ...mappingWords(spec.mapping),
    ...renameWords(spec.renameTags),
    ...endWords(ends),
    ...optionWords(spec.options),
    ...manyWords(spec.options),
  ];
}

/** The commands of a run's selection, one a line; secrets are never part of them. */
export function commandLine(run: Run, source: StoredEndpoint, destination: StoredEndpoint): string {
  return run.spec.selection
    .map((item) => commandFor(item, run.spec, { source, destination }).map(shellWord).join(" "))
    .join(" && \\\n");
}
