// The exact command line behind a run, so that what was dragged once can be scripted.

import { assertNever } from "../../shared/assert-never.ts";
import { isDigest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { mapRepository, mapTag } from "../../shared/mapping.ts";
import { joinReference } from "../../shared/reference.ts";
import type { JobSpec, Run } from "../../shared/run.ts";
import type { SelectionItem } from "../../shared/selection.ts";
import type { StoredEndpoint } from "../store/store.ts";
import { manyWords, mappingWords, optionWords, renameWords, tagWords } from "./command-options.ts";

/** Quotes for a POSIX shell; plain words stay as they are. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function endpointWord({ settings }: StoredEndpoint): string {
  switch (settings.kind) {
    case "registry":
      return settings.host;
    case "layout":
      return `oci:${settings.path}`;
    case "archive":
      return `${settings.format ?? "oci"}-archive:${settings.path}`;
    default:
      return assertNever(settings);
  }
}

function connectionFlags(endpoint: StoredEndpoint, side: "source" | "destination"): string[] {
  if (endpoint.settings.kind !== "registry") return [];
  const { plainHttp, insecureSkipVerify, caFile, clientCertFile, clientKeyFile, proxy, provider } =
    endpoint.settings;
  const flags: string[] = [];
  const say = (name: string, value: string | undefined): void => {
    if (value !== undefined) flags.push(`--${side}-${name}`, value);
  };
  if (plainHttp === "always") flags.push(`--${side}-plain-http`);
  if (insecureSkipVerify) flags.push(`--${side}-insecure-skip-verify`);
  say("ca", caFile);
  say("client-cert", clientCertFile);
  say("client-key", clientKeyFile);
  say("proxy", proxy);
  say("kind", provider);
  say("username", endpoint.username ?? undefined);
  return flags;
}

function imageReference(endpoint: StoredEndpoint, repository: string, reference: string): string {
  const behind = endpoint.settings.kind === "registry" ? "/" : ":";
  return `${endpointWord(endpoint)}${behind}${joinReference(repository, reference)}`;
}

interface Ends {
  readonly source: StoredEndpoint;
  readonly destination: StoredEndpoint;
}

type ImageItem = Extract<SelectionItem, { readonly kind: "image" }>;
type RuleItem = Extract<SelectionItem, { readonly kind: "repositories" }>;

function endWords({ source, destination }: Ends): string[] {
  return [...connectionFlags(source, "source"), ...connectionFlags(destination, "destination")];
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
    imageReference(ends.source, item.repository, item.reference),
    imageReference(ends.destination, repository, reference),
    ...endWords(ends),
    ...optionWords(spec.options),
  ];
}

function replicateWords(item: RuleItem, spec: JobSpec, ends: Ends): string[] {
  return [
    ...["freightliner", "replicate"],
    ...["--source", endpointWord(ends.source), "--destination", endpointWord(ends.destination)],
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
