// Sync files: registries, profiles and jobs in YAML or JSON, checked whole before anything is done (docs/sync-files.md).
import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { FreightlinerError } from "../../shared/errors.ts";
import type { RunOptions } from "../../shared/run.ts";
import type { LogLevel } from "./log.ts";
import { checkNames } from "./sync-file-names.ts";
import { type FileParts, readParts } from "./sync-file-parts.ts";
import { registryOf, type SyncRegistry } from "./sync-file-registry.ts";
import type { JobEntry } from "./sync-file-schema.ts";
import { findSecrets } from "./sync-file-secrets.ts";
import { type FileProblem, FileText } from "./sync-file-text.ts";
import { defaultsOf } from "./sync-job.ts";

export interface SyncFile {
  /** Absolute. */
  readonly path: string;
  readonly registries: ReadonlyMap<string, SyncRegistry>;
  readonly jobs: readonly JobEntry[];
  /** What the profile says of every run; a job's own word counts more. */
  readonly defaults: Partial<RunOptions>;
  readonly logLevel: LogLevel | undefined;
}

export type SyncFileCheck =
  | { readonly file: SyncFile; readonly problems: readonly [] }
  | { readonly file: undefined; readonly problems: readonly FileProblem[] };

/** Bytes; a file of that size has tens of thousands of lines. */
const longestFile = 4 * 1024 * 1024;

/**
 * Reads and checks the whole file: every problem is found, not only the first.
 * @throws FreightlinerError `configuration` where there is no file to read.
 */
export async function checkSyncFile(file: string, profile: string | undefined): Promise<SyncFileCheck> {
  const path = resolve(file);
  const source = await readText(path);
  return checkSyncText({ path, source, profile });
}

/** @throws FreightlinerError `configuration` with every problem of the file, a line each. */
export async function readSyncFile(file: string, profile: string | undefined): Promise<SyncFile> {
  const checked = await checkSyncFile(file, profile);
  if (checked.file !== undefined) return checked.file;
  throw new FreightlinerError({
    code: "configuration",
    operation: "read-sync-file",
    message: [problemCount(file, checked.problems.length), ...problemLines(file, checked.problems)]
      .join("\n")
      .slice(0, 3900),
  });
}

export function problemCount(file: string, count: number): string {
  return `${file} has ${count === 1 ? "a problem" : `${count} problems`}:`;
}

/** `sync.yaml:3:5: jobs[0].tags: expected a list`, as editors and compilers write it. */
export function problemLines(file: string, problems: readonly FileProblem[]): string[] {
  return problems.map(
    ({ line, column, path, message }) =>
      `${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`,
  );
}

interface SyncText {
  /** Absolute; what is relative in the file is relative to its folder. */
  readonly path: string;
  readonly source: string;
  readonly profile: string | undefined;
}

export function checkSyncText({ path, source, profile }: SyncText): SyncFileCheck {
  const text = new FileText(source);
  const { value, problems: syntax } = text.read();
  if (syntax.length > 0) return { file: undefined, problems: syntax };
  const secrets = findSecrets(text);
  const found: FileProblem[] = [...secrets];
  const parts = readParts(text, value, found);
  checkNames(text, parts, profile, found);
  const problems = inOrder(found);
  if (problems.length > 0) return { file: undefined, problems };
  return { file: build(dirname(path), path, parts, profile), problems: [] };
}

/** A problem is told once: what a secret's key does wrong beside is not worth a line. */
function inOrder(problems: readonly FileProblem[]): FileProblem[] {
  const seen = new Set<string>();
  return problems
    .filter(({ line, column }) => {
      const key = `${line}:${column}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function build(folder: string, path: string, parts: FileParts, profileName: string | undefined): SyncFile {
  const profile = profileName === undefined ? undefined : parts.profiles.get(profileName);
  const entries = new Map([...parts.registries, ...(profile?.registries ?? [])]);
  const connections = profile?.entry.concurrency?.connections;
  const registries = [...entries].map(([name, entry]) => registryOf({ name, entry, folder, connections }));
  return {
    path,
    registries: new Map(registries.map((registry) => [registry.name, registry])),
    jobs: parts.jobs,
    defaults: profile === undefined ? {} : defaultsOf(profile.entry),
    logLevel: profile?.entry.log_level ?? parts.logLevel,
  };
}

async function readText(path: string): Promise<string> {
  const bad = (expectation: string, cause?: unknown): FreightlinerError =>
    new FreightlinerError({
      code: "configuration",
      operation: "read-sync-file",
      message: `The sync file ${path} ${expectation}`,
      cause,
    });
  try {
    const { size } = await stat(path);
    if (size > longestFile) throw bad("is too long; expected at most 4 MiB.");
    return await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof FreightlinerError) throw cause;
    throw bad("cannot be read.", cause);
  }
}
