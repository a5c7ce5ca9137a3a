// The rows of the plan that is looked at: pages of the engine's list, only those that were on screen lately.
import { create } from "zustand";
import { type FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import type { RunImage } from "../../shared/run.ts";
import { call } from "../api/client.ts";
import { filterQuery, noFilter, type RowFilter } from "../screens/plan/plan-image.ts";

export const planPage = 200;
/** Pages kept: far more than fit on a screen, far less than a plan may have. */
const mostPages = 25;
/** Names and platforms of the first rows: what mappings are shown on. */
const mostSamples = 40;

interface PlanRows {
  readonly runId: string | undefined;
  /** The filter of the rows that are shown; `wanted` is ahead of it while its first page is read. */
  readonly filter: RowFilter;
  readonly wanted: RowFilter;
  readonly total: number;
  readonly pages: ReadonlyMap<number, readonly RunImage[]>;
  readonly loaded: boolean;
  readonly error: FreightlinerError | undefined;
  /** The first images of the plan without any filter. */
  readonly samples: readonly RunImage[];
  /** Platforms that were seen in any plan of this dialog. */
  readonly platforms: ReadonlySet<string>;
}

const none: PlanRows = {
  runId: undefined,
  filter: noFilter,
  wanted: noFilter,
  total: 0,
  pages: new Map(),
  loaded: false,
  error: undefined,
  samples: [],
  platforms: new Set(),
};
export const usePlanRows = create<PlanRows>(() => none);

let reading = new AbortController();
const underWay = new Set<number>();

export function forgetPlanRows(): void {
  reading.abort();
  underWay.clear();
  usePlanRows.setState(none);
}

/** Shows the rows of another plan; what is on screen stays until they are there. */
export async function showPlanRows(runId: string): Promise<void> {
  await readFirst(runId, usePlanRows.getState().wanted);
}

export async function filterPlanRows(change: Partial<RowFilter>): Promise<void> {
  const { runId, wanted } = usePlanRows.getState();
  const filter = { ...wanted, ...change };
  usePlanRows.setState({ wanted: filter });
  if (runId !== undefined) await readFirst(runId, filter);
}

async function readFirst(runId: string, filter: RowFilter): Promise<void> {
  reading.abort();
  reading = new AbortController();
  underWay.clear();
  const { signal } = reading;
  try {
    const page = await call(
      "runs.images",
      { runId, offset: 0, limit: planPage, ...filterQuery(filter) },
      signal,
    );
    if (signal.aborted) return;
    usePlanRows.setState((rows) => ({
      runId,
      filter,
      total: page.total,
      pages: new Map([[0, page.images]]),
      loaded: true,
      error: undefined,
      samples: filter.kind === "all" && filter.text === "" ? page.images.slice(0, mostSamples) : rows.samples,
      platforms: withPlatforms(rows.platforms, page.images),
    }));
  } catch (thrown) {
    if (!signal.aborted) usePlanRows.setState({ error: toFreightlinerError(thrown, "runs.images") });
  }
}

/** Reads the page that holds row `index`, unless it is there or under way. */
export async function readPlanRow(index: number): Promise<void> {
  const { runId, filter, pages } = usePlanRows.getState();
  const page = Math.floor(index / planPage);
  if (runId === undefined || pages.has(page) || underWay.has(page)) return;
  underWay.add(page);
  const { signal } = reading;
  try {
    const offset = page * planPage;
    const { images, total } = await call(
      "runs.images",
      { runId, offset, limit: planPage, ...filterQuery(filter) },
      signal,
    );
    if (signal.aborted) return;
    usePlanRows.setState((rows) => ({
      total,
      pages: new Map([...[...rows.pages].slice(1 - mostPages), [page, images]]),
      platforms: withPlatforms(rows.platforms, images),
      error: undefined,
    }));
  } catch (thrown) {
    if (!signal.aborted) usePlanRows.setState({ error: toFreightlinerError(thrown, "runs.images") });
  } finally {
    if (!signal.aborted) underWay.delete(page);
  }
}

/** Undefined while its page is not there. */
export function planRowAt(pages: PlanRows["pages"], index: number): RunImage | undefined {
  return pages.get(Math.floor(index / planPage))?.[index % planPage];
}

/** The same set where nothing new is among them. */
function withPlatforms(known: ReadonlySet<string>, images: readonly RunImage[]): ReadonlySet<string> {
  const fresh = images.flatMap(({ platforms }) => platforms).filter((platform) => !known.has(platform));
  return fresh.length === 0 ? known : new Set([...known, ...fresh]);
}
