// The exact command line behind a run, so that what was dragged once can be scripted.

import { mapRepository } from "../../shared/mapping.ts";
import { joinReference } from "../../shared/reference.ts";
import type { Run } from "../../shared/run.ts";
import type { SelectionItem } from "../../shared/selection.ts";
import type { StoredEndpoint } from "../store/store.ts";

/** Quotes for a POSIX shell; plain words stay as they are. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function endpointWord(endpoint: StoredEndpoint): string {
  return endpoint.settings.kind === "registry" ? endpoint.settings.host : `oci:${endpoint.settings.path}`;
}

function connectionFlags(endpoint: StoredEndpoint, side: "source" | "destination"): string[] {
  if (endpoint.settings.kind !== "registry") return [];
  const flags: string[] = [];
  if (endpoint.settings.plainHttp === "always") flags.push(`--${side}-plain-http`);
  if (endpoint.settings.insecureSkipVerify) flags.push(`--${side}-insecure-skip-verify`);
  if (endpoint.settings.caFile !== undefined) flags.push(`--${side}-ca`, endpoint.settings.caFile);
  if (endpoint.username !== null) flags.push(`--${side}-username`, endpoint.username);
  return flags;
}

function imageReference(endpoint: StoredEndpoint, repository: string, reference: string): string {
  return endpoint.settings.kind === "registry"
    ? `${endpoint.settings.host}/${joinReference(repository, reference)}`
    : `oci:${endpoint.settings.path}:${joinReference(repository, reference)}`;
}

/** One `copy` for an image item, one `replicate` for a rule. */
function commandFor(
  item: SelectionItem,
  run: Run,
  source: StoredEndpoint,
  destination: StoredEndpoint,
): string[] {
  const { mapping, options } = run.spec;
  const common = [
    ...connectionFlags(source, "source"),
    ...connectionFlags(destination, "destination"),
    ...(options.overwrite === "if-different" ? [] : ["--overwrite", options.overwrite]),
    ...(options.verifyBlobs ? ["--verify"] : []),
  ];
  if (item.kind === "image") {
    const repository = item.destinationRepository ?? mapRepository(item.repository, mapping);
    const from = imageReference(source, item.repository, item.reference);
    const to = imageReference(destination, repository, item.destinationTag ?? item.reference);
    return ["freightliner", "copy", from, to, ...common];
  }
  const mapped =
    mapping.kind === "prefix"
      ? ["--prefix", mapping.prefix]
      : mapping.kind === "into"
        ? ["--into", mapping.repository]
        : [];
  return [
    "freightliner",
    "replicate",
    ...["--source", endpointWord(source), "--destination", endpointWord(destination)],
    ...item.names.flatMap((name) => ["--repository", name]),
    ...item.include.flatMap((glob) => ["--repository-pattern", glob]),
    ...item.exclude.flatMap((glob) => ["--exclude-repo", glob]),
    ...(item.tags.names.length > 0 ? ["--tags", item.tags.names.join(",")] : []),
    ...item.tags.include.flatMap((glob) => ["--tag-filter", glob]),
    ...item.tags.exclude.flatMap((glob) => ["--exclude-tag", glob]),
    ...mapped,
    ...common,
    ...(options.parallelImages === 4 ? [] : ["--parallel-workers", String(options.parallelImages)]),
  ];
}

/** The commands of a run's selection, one a line; secrets are never part of them. */
export function commandLine(run: Run, source: StoredEndpoint, destination: StoredEndpoint): string {
  return run.spec.selection
    .map((item) => commandFor(item, run, source, destination).map(shellWord).join(" "))
    .join(" && \\\n");
}
