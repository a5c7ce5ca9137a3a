// The sections of a sync file, each entry parsed by itself, so that one mistake hides no other.
import { parsePart } from "./sync-file-problems.ts";
import { type RegistryEntry, registrySchema } from "./sync-file-registry-schema.ts";
import {
  type JobEntry,
  jobSchema,
  logLevelSchema,
  nameSchema,
  type ProfileEntry,
  profileSchema,
  topLevelKeys,
  versionSchema,
} from "./sync-file-schema.ts";
import { isObject, unknownKey } from "./sync-file-strict.ts";
import type { FileProblem, FileText, Path } from "./sync-file-text.ts";

export interface ProfilePart {
  readonly entry: ProfileEntry;
  readonly registries: ReadonlyMap<string, RegistryEntry>;
}

export interface JobNames {
  readonly path: Path;
  readonly name: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly schedule: JobEntry["schedule"];
}

export interface FileParts {
  readonly logLevel: "debug" | "info" | "warn" | "error" | undefined;
  readonly profiles: ReadonlyMap<string, ProfilePart>;
  readonly registries: ReadonlyMap<string, RegistryEntry>;
  /** Those that could be read, in the order of the file. */
  readonly jobs: readonly JobEntry[];
  /** Every name that is written down, also where what stands behind it is wrong. */
  readonly registryNames: ReadonlySet<string>;
  readonly profileNames: readonly string[];
  /** What the jobs name, also of those with a mistake elsewhere. */
  readonly jobNames: readonly JobNames[];
}

interface Reading {
  readonly text: FileText;
  readonly problems: FileProblem[];
}

export function readParts(text: FileText, value: unknown, problems: FileProblem[]): FileParts {
  const reading = { text, problems };
  const file = topLevel(reading, value);
  if (file.version !== undefined) parsePart(versionSchema, file.version, { ...reading, path: ["version"] });
  const logLevel = parsePart(logLevelSchema.optional(), file.log_level, { ...reading, path: ["log_level"] });
  const registries = readMap(reading, file.registries, ["registries"], (entry, path) =>
    parsePart(registrySchema, entry, { ...reading, path }),
  );
  const profiles = readMap(reading, file.profiles, ["profiles"], (entry, path) =>
    readProfile(reading, entry, path),
  );
  const jobs = readJobs(reading, file.jobs);
  return {
    logLevel,
    registries: registries.entries,
    profiles: profiles.entries,
    jobs: jobs.flatMap(({ entry }) => entry ?? []),
    jobNames: jobs.map(({ names }) => names),
    registryNames: new Set([
      ...registries.names,
      ...[...profiles.entries.values()].flatMap((profile) => [...profile.registries.keys()]),
    ]),
    profileNames: profiles.names,
  };
}

function topLevel({ text, problems }: Reading, value: unknown): Record<string, unknown> {
  if (!isObject(value)) {
    problems.push(text.problem([], `expected a file with ${topLevelKeys.join(", ")}`));
    return {};
  }
  for (const key of Object.keys(value)) {
    if (key.startsWith("x-") || topLevelKeys.some((known) => known === key)) continue;
    problems.push(text.keyProblem([key], unknownKey(key, topLevelKeys)));
  }
  return value;
}

function readMap<Entry>(
  { text, problems }: Reading,
  value: unknown,
  path: Path,
  read: (value: unknown, path: Path) => Entry | undefined,
): { readonly entries: Map<string, Entry>; readonly names: readonly string[] } {
  const entries = new Map<string, Entry>();
  if (value === undefined || value === null) return { entries, names: [] };
  if (!isObject(value)) {
    problems.push(text.problem(path, "expected names with what belongs to each"));
    return { entries, names: [] };
  }
  for (const [name, part] of Object.entries(value)) {
    const below = [...path, name];
    const named = nameSchema.safeParse(name);
    if (!named.success)
      problems.push(text.keyProblem(below, named.error.issues[0]?.message ?? "expected a name"));
    const entry = read(part, below);
    if (entry !== undefined) entries.set(name, entry);
  }
  return { entries, names: Object.keys(value) };
}

function readProfile(reading: Reading, value: unknown, path: Path): ProfilePart | undefined {
  const entry = parsePart(profileSchema, value, { ...reading, path });
  const inner = isObject(value) ? value.registries : undefined;
  const { entries } = readMap(reading, inner, [...path, "registries"], (registry, below) =>
    parsePart(registrySchema, registry, { ...reading, path: below }),
  );
  return entry === undefined ? undefined : { entry, registries: entries };
}

interface ReadJob {
  readonly entry: JobEntry | undefined;
  readonly names: JobNames;
}

function readJobs(reading: Reading, value: unknown): ReadJob[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    reading.problems.push(reading.text.problem(["jobs"], "expected a list of jobs"));
    return [];
  }
  return value.map((job: unknown, index) => {
    const path: Path = ["jobs", index];
    const entry = parsePart(jobSchema, job, { ...reading, path });
    const text = (key: string): string | undefined => {
      const said = isObject(job) ? job[key] : undefined;
      return typeof said === "string" ? said : undefined;
    };
    const names = { path, name: text("name"), from: text("from"), to: text("to"), schedule: entry?.schedule };
    return { entry, names };
  });
}
