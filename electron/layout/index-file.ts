// index.json: read by schema, written with everything that is foreign to us left as it is.
import { join } from "node:path";
import { z } from "zod";
import type { Descriptor } from "../../shared/descriptor.ts";
import { isDigest } from "../../shared/digest.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { withLock } from "../files/lock-file.ts";
import { layoutError } from "./layout-error.ts";
import { formatRefName, parseRefName, type RefName, refNameAnnotation } from "./ref-names.ts";
import { fileStatus, readPlain, writeAtomically } from "./safe-files.ts";

const maxIndexSize = 64 * 1024 * 1024;

const indexSchema = z.looseObject({ schemaVersion: z.literal(2), manifests: z.array(z.unknown()).nullish() });
type IndexJson = z.infer<typeof indexSchema>;

const entrySchema = z.looseObject({
  mediaType: z.string().min(1).max(255),
  digest: z.string().refine(isDigest),
  size: z.number().int().nonnegative(),
  annotations: z.record(z.string(), z.string()).nullish(),
});

/** An entry that can be read; others are kept in the file and not seen. */
export interface IndexEntry {
  readonly descriptor: Pick<Descriptor, "mediaType" | "digest" | "size">;
  /** Undefined where it has no name, or none that is a tag. */
  readonly name: RefName | undefined;
}

export class IndexFile {
  readonly #path: string;
  readonly #defaultRepository: string;
  #kept: { readonly stamp: string; readonly entries: readonly IndexEntry[] } | undefined;

  constructor(folder: string, defaultRepository: string) {
    this.#path = join(folder, "index.json");
    this.#defaultRepository = defaultRepository;
  }

  /** Empty where there is no file yet. @throws `protocol` for a file that is no index. */
  async entries(): Promise<readonly IndexEntry[]> {
    const status = await fileStatus(this.#path);
    if (status === undefined) return [];
    if (this.#kept?.stamp === status.stamp) return this.#kept.entries;
    const json = await this.#read();
    const entries = (json.manifests ?? [])
      .map((raw) => this.#entry(raw))
      .filter((entry) => entry !== undefined);
    this.#kept = { stamp: status.stamp, entries };
    return entries;
  }

  /** Adds the entry of a name or replaces it where it stands; all others stay untouched. */
  async put(name: RefName, descriptor: IndexEntry["descriptor"], signal: AbortSignal): Promise<void> {
    const isNamed = (raw: unknown): boolean => {
      const other = this.#entry(raw)?.name;
      return other?.repository === name.repository && other.tag === name.tag;
    };
    await this.#change(signal, (before) => {
      const entries = [...before];
      const first = entries.findIndex(isNamed);
      const entry = this.#rawEntry(name, descriptor);
      if (first < 0) entries.push(entry);
      else entries.splice(first, 1, entry);
      return entries.filter((raw) => raw === entry || !isNamed(raw));
    });
  }

  /** Adds an entry without a name where the digest has none at all, so that it is found again. */
  async add({ mediaType, digest, size }: IndexEntry["descriptor"], signal: AbortSignal): Promise<void> {
    if ((await this.entries()).some((entry) => entry.descriptor.digest === digest)) return;
    await this.#change(signal, (before) =>
      before.some((raw) => this.#entry(raw)?.descriptor.digest === digest)
        ? undefined
        : [...before, { mediaType, digest, size }],
    );
  }

  /** Takes the entries out that are meant; false where there are none. */
  async remove(isMeant: (entry: IndexEntry) => boolean, signal: AbortSignal): Promise<boolean> {
    let removed = false;
    await this.#change(signal, (before) => {
      const left = before.filter((raw) => {
        const entry = this.#entry(raw);
        return entry === undefined || !isMeant(entry);
      });
      removed = left.length < before.length;
      return removed ? left : undefined;
    });
    return removed;
  }

  /** One writer at a time; undefined leaves the file as it is. */
  async #change(
    signal: AbortSignal,
    change: (entries: readonly unknown[]) => readonly unknown[] | undefined,
  ): Promise<void> {
    const lock = { path: `${this.#path}.lock`, mode: 0o644, operation: "lock-index", signal };
    await withLock(lock, async () => {
      const json = await this.#read();
      const manifests = change(json.manifests ?? []);
      if (manifests === undefined) return;
      const text = JSON.stringify({ ...json, manifests });
      await writeAtomically(this.#path, async (handle) => {
        await handle.writeFile(text);
      });
    });
  }

  #rawEntry({ repository, tag }: RefName, { mediaType, digest, size }: IndexEntry["descriptor"]): object {
    const name = formatRefName({ repository, tag }, this.#defaultRepository);
    return { mediaType, digest, size, annotations: { [refNameAnnotation]: name } };
  }

  #entry(raw: unknown): IndexEntry | undefined {
    const parsed = entrySchema.safeParse(raw);
    if (!parsed.success || !isDigest(parsed.data.digest)) return undefined;
    const { mediaType, digest, size, annotations } = parsed.data;
    const name = annotations?.[refNameAnnotation];
    return {
      descriptor: { mediaType, digest, size },
      name: name === undefined ? undefined : parseRefName(name, this.#defaultRepository),
    };
  }

  async #read(): Promise<IndexJson> {
    const bytes = await readPlain(this.#path, maxIndexSize);
    if (bytes === undefined) return { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] };
    try {
      return indexSchema.parse(JSON.parse(bytes.toString("utf8")));
    } catch (cause) {
      throw layoutError("protocol", "read-index", `${this.#path} is not an OCI image index.`, cause);
    }
  }
}
