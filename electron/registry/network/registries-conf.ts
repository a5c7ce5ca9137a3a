// registries.conf, version 2: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";
import type { Mirror } from "../../../shared/endpoint.ts";
import { isHost, parseRepositoryName } from "../../../shared/reference.ts";
import { errnoOf, isMissing } from "../../files/errors.ts";
import type { RegistriesConfPlaces } from "./surroundings.ts";

const maxFile = 1024 * 1024;
const maxDropIns = 100;

const locationSchema = z.string().min(1).max(512);
const pullSchema = z.enum(["all", "digest-only", "tag-only"]);
const mirrorEntrySchema = z.object({
  location: locationSchema,
  insecure: z.boolean().default(false),
  "pull-from-mirror": pullSchema.optional(),
});
const entrySchema = z
  .object({
    prefix: locationSchema.optional(),
    location: locationSchema.optional(),
    insecure: z.boolean().default(false),
    blocked: z.boolean().default(false),
    "mirror-by-digest-only": z.boolean().default(false),
    mirror: z.array(mirrorEntrySchema).max(64).default([]),
  })
  .refine(({ prefix, location }) => (prefix ?? location) !== undefined, "a prefix or a location is missing")
  .refine(
    ({ prefix, location }) =>
      !(location ?? "").startsWith("*.") && (location !== undefined || prefix?.startsWith("*.")),
    "a location is expected; only a prefix may be a wildcard, and only that goes without one",
  );
/** Other keys (short names, helpers) say nothing of mirrors. */
const fileSchema = z.object({ registry: z.array(entrySchema).max(1000).default([]) });

export interface RegistryEntry {
  /** `host[:port][/path]`, or `*.example.com`. */
  readonly prefix: string;
  /** What takes the prefix's place; undefined where nothing does. */
  readonly location: string | undefined;
  readonly insecure: boolean;
  readonly blocked: boolean;
  /** In the order in which they are tried. */
  readonly mirrors: readonly Mirror[];
}

export interface FileProblem {
  readonly file: string;
  readonly text: string;
}

export interface RegistriesConf {
  readonly entries: readonly RegistryEntry[];
  /** Files that were left out, with the reason. */
  readonly problems: readonly FileProblem[];
}

/** What the files say now. Never throws: a file that cannot be used is a problem, and the others count. */
export async function readRegistriesConf(places: RegistriesConfPlaces): Promise<RegistriesConf> {
  const problems: FileProblem[] = [];
  const entries = new Map<string, RegistryEntry>();
  const take = async (file: string): Promise<boolean> => {
    try {
      const text = await readCapped(file);
      if (text === undefined) return false;
      // An entry of a later file takes the place of one with the same prefix.
      for (const entry of entriesOf(text)) entries.set(entry.prefix, entry);
    } catch (error) {
      problems.push({ file, text: firstLine(error) });
    }
    return true;
  };
  for (const file of places.files) if (await take(file)) break;
  for (const folder of places.folders) {
    const names = await readdir(folder).catch((): string[] => []);
    const files = names.filter((name) => name.endsWith(".conf")).sort();
    for (const name of files.slice(0, maxDropIns)) await take(join(folder, name));
  }
  return { entries: [...entries.values()], problems };
}

/** @throws Error in plain words where the text is no such file. */
export function entriesOf(text: string): readonly RegistryEntry[] {
  const content: unknown = parse(text);
  if (typeof content === "object" && content !== null && Object.hasOwn(content, "registries"))
    throw new Error(
      "It is written in version 1 of the format, which is not read any more; version 2 was expected.",
    );
  const parsed = fileSchema.safeParse(content);
  if (parsed.success) return parsed.data.registry.map(toEntry);
  const [issue] = parsed.error.issues;
  throw new Error(`${issue?.path.join(".") || "The file"}: ${issue?.message ?? "not understood"}.`);
}

function toEntry(read: z.infer<typeof entrySchema>): RegistryEntry {
  const prefix = (read.prefix ?? read.location ?? "").toLowerCase();
  const byDigest = read["mirror-by-digest-only"];
  return {
    prefix,
    location: read.location === undefined || read.location === prefix ? undefined : read.location,
    insecure: read.insecure,
    blocked: read.blocked,
    mirrors: read.mirror.map((mirror) =>
      toMirror(
        mirror.location,
        mirror.insecure,
        byDigest ? "digest-only" : (mirror["pull-from-mirror"] ?? "all"),
      ),
    ),
  };
}

/** There `insecure` means plain HTTP as well as no check of certificates; a port of its own is where plain HTTP is found. */
function toMirror(location: string, insecure: boolean, pull: Mirror["pull"]): Mirror {
  const { host } = splitLocation(location);
  const plainHttp = insecure && /:(?!443$)[0-9]+$/.test(host);
  return { location, plainHttp, insecureSkipVerify: insecure && !plainHttp, pull };
}

/**
 * `host[:port]` and the path behind it, without slashes at its ends; an empty one where there is none.
 * @throws Error for a location that is none.
 */
export function splitLocation(location: string): { readonly host: string; readonly path: string } {
  const slash = location.indexOf("/");
  const host = slash < 0 ? location : location.slice(0, slash);
  const path = slash < 0 ? "" : location.slice(slash + 1);
  if (!isHost(host))
    throw new Error(
      `"${location.slice(0, 100)}" is no place of a registry; host[:port][/path] was expected.`,
    );
  return { host, path: path === "" ? "" : parseRepositoryName(path) };
}

/** The entry for a reference (`host[:port][/path]`, with or without a tag or digest): the one with the longest prefix. */
export function entryFor(
  conf: Pick<RegistriesConf, "entries">,
  reference: string,
): RegistryEntry | undefined {
  let found: RegistryEntry | undefined;
  let longest = 0;
  for (const entry of conf.entries) {
    const length = matchLength(entry.prefix, reference);
    if (length <= longest) continue;
    longest = length;
    found = entry;
  }
  return found;
}

function matchLength(prefix: string, reference: string): number {
  const host = reference.split("/", 1)[0]?.toLowerCase() ?? "";
  if (prefix.startsWith("*.")) {
    const [below = "", ...path] = prefix.slice(1).split("/");
    const name = host.replace(/:[0-9]+$/, "");
    if (!name.endsWith(below)) return 0;
    const whole = [name, ...path].join("/");
    return startsAt(whole, host + reference.slice(host.length)) ? prefix.length : 0;
  }
  return startsAt(prefix, host + reference.slice(host.length)) ? prefix.length : 0;
}

/** `example.com/team` begins `example.com/team/app` and `example.com/team:v1`, not `example.com/teams`. */
function startsAt(prefix: string, reference: string): boolean {
  if (!reference.startsWith(prefix)) return false;
  const next = reference[prefix.length];
  return next === undefined || next === "/" || next === ":" || next === "@";
}

const hubAliases: ReadonlySet<string> = new Set(["index.docker.io", "registry-1.docker.io"]);

/**
 * The mirrors that the files name for all of a host, in order; last what they put into its place altogether.
 * Entries for a part of its repositories are not among them.
 */
export function mirrorsOf(
  conf: Pick<RegistriesConf, "entries">,
  host: string,
): { readonly mirrors: readonly Mirror[]; readonly blocked: boolean } {
  const name = hubAliases.has(host.toLowerCase()) ? "docker.io" : host.toLowerCase();
  const entry = entryFor(conf, name);
  if (entry === undefined) return { mirrors: [], blocked: false };
  const { mirrors, location, insecure, blocked } = entry;
  const moved = location === undefined || location === name ? [] : [toMirror(location, insecure, "all")];
  return { mirrors: [...mirrors, ...moved], blocked };
}

/** Undefined where there is no such file. */
async function readCapped(path: string): Promise<string | undefined> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new Error(`It cannot be read (${String(errnoOf(error))}).`, { cause: error });
  }
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(maxFile + 1), 0, maxFile + 1, 0);
    if (bytesRead > maxFile) throw new Error(`It is larger than ${maxFile} bytes.`);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0]?.slice(0, 300) ?? "";
}
