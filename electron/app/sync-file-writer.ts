// Jobs as the text of a sync file (docs/sync-files.md), with the registries that they are between; without any secret.
import { stringify } from "yaml";
import { endpointAddress } from "../../shared/endpoint.ts";
import type { StoredEndpoint } from "../store/store.ts";
import { jobEntries, type WrittenJob } from "./sync-file-job.ts";
import { registryEntry } from "./sync-file-registry-entry.ts";
import { nameSchema } from "./sync-file-schema.ts";

export interface JobToWrite extends Omit<WrittenJob, "from" | "to"> {
  readonly source: StoredEndpoint;
  readonly destination: StoredEndpoint;
}

/** @throws FreightlinerError `unsupported` for what a sync file cannot say. */
export function writeSyncFile(jobs: readonly JobToWrite[]): string {
  const names = new EntryNames();
  const registries: Record<string, object> = {};
  const register = (endpoint: StoredEndpoint): string => {
    const name = names.of(endpoint.id, endpoint.name, endpointAddress(endpoint.settings));
    registries[name] = registryEntry(endpoint);
    return name;
  };
  const jobNames = new EntryNames();
  const entries = jobs.flatMap(({ source, destination, ...job }, at) =>
    jobEntries({
      ...job,
      name: jobNames.of(String(at), job.name, "job"),
      from: register(source),
      to: register(destination),
    }),
  );
  return stringify({ version: 1, registries, jobs: entries }, { lineWidth: 100 });
}

/** Names as the file takes them, each given once. */
class EntryNames {
  readonly #given = new Map<string, string>();

  of(id: string, wanted: string, otherwise: string): string {
    const known = this.#given.get(id);
    if (known !== undefined) return known;
    const taken = new Set(this.#given.values());
    const plain = plainName(wanted) ?? plainName(otherwise) ?? "entry";
    let name = plain;
    for (let count = 2; taken.has(name); count++) name = `${plain} ${count}`;
    this.#given.set(id, name);
    return name;
  }
}

function plainName(text: string): string | undefined {
  const plain = text
    .replaceAll(/[^A-Za-z0-9 ._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .trim()
    .slice(0, 80);
  return nameSchema.safeParse(plain).data;
}
