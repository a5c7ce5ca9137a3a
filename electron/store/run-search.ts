// Finds runs by a part of a name in steps that are each short: a history can hold millions of names of images.
import type { Run } from "../../shared/run.ts";
import type { Database, Row } from "./database.ts";
import type { RunRows } from "./run-rows.ts";
import type { RunSearch } from "./store.ts";

/** Runs whose own rows are looked at in one step. */
const runsPerStep = 200;
/** Images read in one step: some 10 ms. */
const imagesPerStep = 10_000;

/** Without regard to case, as far as SQLite knows it (ASCII). */
const endsHave = `instr(lower(runs.source ->> '$.name' || char(10) || (runs.source ->> '$.address') || char(10) ||
  (runs.destination ->> '$.name') || char(10) || (runs.destination ->> '$.address')), lower(:text)) > 0`;
const imageHas = `instr(lower(source_repository || ':' || coalesce(source_reference, '') || char(10) ||
  destination_repository || ':' || coalesce(destination_reference, '')), lower(:text)) > 0`;

interface Candidate {
  readonly id: string;
  /** The text is in the name or address of one of its ends. */
  readonly found: boolean;
  /** The ids of its first and last image; null where it has none. */
  readonly first: number | null;
  readonly last: number | null;
}

/** Yields after each step, so that the caller can let others work; what is removed meanwhile is left out. */
export type RunFinder = (
  query: RunSearch,
) => Generator<undefined, { readonly runs: readonly Run[]; readonly total: number }>;

export function runFinder(database: Database, rows: RunRows): RunFinder {
  const runs = database.prepare(
    `SELECT id, ${endsHave} AS found,
       (SELECT min(id) FROM images WHERE run_id = runs.id) AS first,
       (SELECT max(id) FROM images WHERE run_id = runs.id) AS last
     FROM runs WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY id DESC`,
  );
  // Holds the names alone, and no images' rows, which are wide.
  const inAll = database.prepare(
    `SELECT 1 FROM images INDEXED BY images_by_name WHERE run_id = :run AND ${imageHas} LIMIT 1`,
  );
  const inPart = database.prepare(
    `SELECT 1 FROM images INDEXED BY images_by_run
     WHERE run_id = :run AND id BETWEEN :from AND :to AND ${imageHas} LIMIT 1`,
  );

  function* isNamed({ id, first, last }: Candidate, text: string): Generator<undefined, boolean> {
    if (first === null || last === null) return false;
    const look = (read: () => Row | undefined): boolean => database.look("search-runs", read) !== undefined;
    if (last - first < imagesPerStep) return look(() => inAll.get({ run: id, text }));
    for (let from = first; from <= last; from += imagesPerStep) {
      if (look(() => inPart.get({ run: id, from, to: from + imagesPerStep - 1, text }))) return true;
      yield;
    }
    return false;
  }

  return function* find(query) {
    const { text, offset, limit } = query;
    const candidates = rows.idsOf(query);
    const found: string[] = [];
    for (let at = 0; at < candidates.length; at += runsPerStep) {
      const ids = JSON.stringify(candidates.slice(at, at + runsPerStep));
      const batch = database.look("search-runs", () => runs.all({ ids, text }).map(candidateOf));
      yield;
      for (const candidate of batch) {
        if (candidate.found || (yield* isNamed(candidate, text))) found.push(candidate.id);
        yield;
      }
    }
    for (;;) {
      const wanted = found.slice(offset, limit < 0 ? undefined : offset + limit);
      const page = database.read("search-runs", () => rows.getAll(wanted));
      if (page.length === wanted.length) return { runs: page, total: found.length };
      // Removed meanwhile, or found unreadable now.
      const there = new Set(page.map(({ id }) => id));
      for (const id of wanted) if (!there.has(id)) found.splice(found.indexOf(id), 1);
    }
  };
}

function candidateOf(row: Row): Candidate {
  const id = (value: unknown): number | null => (value === null ? null : Number(value));
  return { id: String(row.id), found: Number(row.found) === 1, first: id(row.first), last: id(row.last) };
}
