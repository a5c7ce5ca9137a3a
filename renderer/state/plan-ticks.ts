// Which rows of the plan are taken out: the exceptions only, so that a plan of any size costs nothing.
import { create } from "zustand";
import { FreightlinerError } from "../../shared/errors.ts";
import type { RunImage } from "../../shared/run.ts";
import { call } from "../api/client.ts";
import { showError } from "../components/toast.tsx";
import { filterQuery, noFilter, type RowFilter } from "../screens/plan/plan-image.ts";
import { sharedBytes, type TakenOut, takenOut } from "../screens/plan/plan-sums.ts";
import { planText } from "../text/plan.ts";

/** `runs.start` takes that many; what leaves out more is better left out of the selection. */
export const mostTakenOut = 100_000;
const tickPage = 1000;
/** What rows share is counted for plans of at most so many. */
const countSharedUpTo = 5000;

interface PlanTicks {
  /** By image id. */
  readonly out: ReadonlyMap<number, TakenOut>;
  /** Bytes that rows of the plan share; undefined while that was not counted. */
  readonly shared: number | undefined;
  /** Many rows are being ticked or unticked: until they are read, nothing else is ticked. */
  readonly busy: boolean;
}
const everything: PlanTicks = { out: new Map(), shared: undefined, busy: false };
export const usePlanTicks = create<PlanTicks>(() => everything);

let ticking = new AbortController();
let counting = new AbortController();

export function forgetTicks(): void {
  stopReading();
  usePlanTicks.setState(everything);
}

function stopReading(): void {
  ticking.abort();
  counting.abort();
  usePlanTicks.setState({ busy: false });
}

/** Ticks or unticks rows; rows that write nothing are left alone, and all of them while many are being ticked. */
export function setTicked(images: readonly RunImage[], ticked: boolean): void {
  if (usePlanTicks.getState().busy) return;
  const out = new Map(usePlanTicks.getState().out);
  for (const image of images) mark(out, image, ticked);
  if (out.size > mostTakenOut) showError(planText.tickAll, tooMany());
  else takeOver(out, images[0]?.runId);
}

function mark(out: Map<number, TakenOut>, image: RunImage, ticked: boolean): void {
  const row = ticked ? undefined : takenOut(image);
  if (row === undefined) out.delete(image.id);
  else out.set(image.id, row);
}

function takeOver(out: ReadonlyMap<number, TakenOut>, runId: string | undefined): void {
  const first = usePlanTicks.getState().out.size === 0;
  usePlanTicks.setState({ out });
  if (first && out.size > 0 && runId !== undefined) void countShared(runId);
}

/** Leaves out every row but one. */
export function tickOnly(image: RunImage): Promise<void> {
  return tickAll(image.runId, noFilter, false, image);
}

/** Ticks or unticks every row that a filter shows, also those that were never read; `but` gets the opposite. */
export async function tickAll(
  runId: string,
  filter: RowFilter,
  ticked: boolean,
  but?: RunImage,
): Promise<void> {
  if (usePlanTicks.getState().busy) return;
  if (ticked && filter.kind === "all" && filter.text.trim() === "") {
    usePlanTicks.setState({ out: new Map() });
    return;
  }
  ticking = new AbortController();
  const { signal } = ticking;
  usePlanTicks.setState({ busy: true });
  try {
    const out = new Map(usePlanTicks.getState().out);
    for await (const images of allRows(runId, filter, signal)) {
      for (const image of images) mark(out, image, ticked);
      if (out.size > mostTakenOut) throw tooMany();
    }
    if (but !== undefined) mark(out, but, !ticked);
    if (!signal.aborted) takeOver(out, runId);
  } catch (thrown) {
    if (!signal.aborted) showError(planText.tickAll, thrown);
  } finally {
    if (!signal.aborted) usePlanTicks.setState({ busy: false });
  }
}

/** Finds in a new plan what was taken out of the one before, and then shows it so. */
export async function carryTicks(runId: string, sameNames: boolean, signal: AbortSignal): Promise<void> {
  // Rows of the plan before that are still being ticked are none of this one's.
  stopReading();
  const { out: before } = usePlanTicks.getState();
  if (before.size === 0) {
    usePlanTicks.setState(everything);
    return;
  }
  const wanted = new Set([...before.values()].map((row) => rowKey(row, sameNames)));
  const out = new Map<number, TakenOut>();
  let shared = 0;
  for await (const images of allRows(runId, noFilter, signal))
    for (const image of images) {
      shared += sharedBytes(image);
      const row = takenOut(image);
      if (row !== undefined && wanted.has(rowKey(row, sameNames))) out.set(image.id, row);
    }
  if (signal.aborted) return;
  stopReading();
  usePlanTicks.setState({ out, shared });
}

/** With other names at the destination, a row is the same where its source is. */
function rowKey({ kind, source, destination }: TakenOut, sameNames: boolean): string {
  if (kind === "delete") return `- ${destination}`;
  return sameNames ? `${source} ${destination}` : source;
}

async function countShared(runId: string): Promise<void> {
  counting.abort();
  counting = new AbortController();
  const { signal } = counting;
  let shared = 0;
  try {
    for await (const images of allRows(runId, noFilter, signal, countSharedUpTo))
      shared += images.reduce((sum, image) => sum + sharedBytes(image), 0);
    if (!signal.aborted) usePlanTicks.setState({ shared });
  } catch {
    // Too many rows, or no answer: the bytes to move are then said as a range.
  }
}

async function* allRows(
  runId: string,
  filter: RowFilter,
  signal: AbortSignal,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly RunImage[]> {
  for (let offset = 0, total = 1; offset < total && !signal.aborted; offset += tickPage) {
    const query = { runId, offset, limit: tickPage, ...filterQuery(filter) };
    const page = await call("runs.images", query, signal);
    if (page.total > most) throw tooMany();
    total = page.total;
    yield page.images;
  }
}

function tooMany(): FreightlinerError {
  return new FreightlinerError({ code: "usage", operation: "untick", message: planText.tooManyTakenOut });
}
