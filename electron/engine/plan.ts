// Plans a run: which images, what happens to each, and what it costs. Pins every digest; moves no blob.
import type { Descriptor } from "../../shared/descriptor.ts";
import { FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import type { PlanTotals, PlanWarning, Run } from "../../shared/run.ts";
import { formatBytes } from "../../shared/units.ts";
import type { EngineContext } from "./context.ts";
import { EndpointSide } from "./endpoint-side.ts";
import { inOrder } from "./in-order.ts";
import { MirrorPlanner } from "./mirror.ts";
import { ImagePlanner, type PlanSides } from "./plan-image.ts";
import { PlanLedger } from "./plan-ledger.ts";
import type { PlannedImage, RunRequest } from "./ports.ts";
import { select } from "./select.ts";
import type { Selected } from "./selected.ts";

/** Images looked at side by side; the hosts' slots bound the requests. */
const parallelImages = 16;
/** Rows per transaction. */
const batchSize = 100;

/**
 * Plans a run in state planning and leaves it planned, or failed where nothing can be planned (the source or destination
 * cannot be reached or lets nobody in). An image that cannot be planned becomes a row with its error; the rest goes on.
 * @throws the signal's reason when stopped (the run stays in planning for the caller to end), and the journal's own errors.
 */
export async function planRun(
  request: RunRequest,
  context: EngineContext,
  signal: AbortSignal,
): Promise<Run> {
  const { runId, source, destination } = request;
  const common = {
    hosts: context.hosts,
    clock: context.clock,
    onRetry: (error: FreightlinerError) => {
      context.journal.countRetry(runId);
      context.listener.retried?.(runId, error);
    },
    waiter: "run",
  } as const;
  const sides: PlanSides = {
    source: new EndpointSide({ side: "source", endpoint: source, manifests: context.manifests, ...common }),
    destination: new EndpointSide({ side: "destination", endpoint: destination, ...common }),
  };
  const ledger = new PlanLedger(
    destination.mounts && context.flights.mountsAt(destination.host),
    resumableAt(request, context),
  );
  let deletes: Pick<PlanTotals, "delete" | "guard"> | undefined;
  let room: readonly PlanWarning[] = [];
  try {
    deletes = await writePlan({ request, context, signal, sides, ledger });
    room = await roomWarnings(request, ledger.totals, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    const error = toFreightlinerError(thrown, "plan");
    // The journal lost the run to another process, or cannot be written: there is nothing to end.
    if (error.code === "busy" || error.code === "store") throw error;
    return context.journal.finishPlanning(runId, ledger.totals, error);
  }
  const totals = { ...ledger.totals, ...deletes, warnings: [...room, ...ledger.totals.warnings] };
  const guard = deletes?.guard ?? guardAgainstConflicts(request, totals);
  return context.journal.finishPlanning(runId, { ...totals, guard }, null);
}

/** Why a plan that is to stop at tags with other content cannot be started; null where it can. */
function guardAgainstConflicts({ spec }: RunRequest, { conflict }: PlanTotals): string | null {
  if (spec.options.overwrite !== "stop" || conflict === 0) return null;
  const tags = conflict === 1 ? "1 tag exists" : `${conflict} tags exist`;
  return `${tags} at the destination with other content, and that stops the transfer. Choose another rule for such tags, or select less.`;
}

/** Only warned of: room may be made before the run starts, and what was copied until there is none is not lost. */
async function roomWarnings(
  { destination }: RunRequest,
  { bytesToTransfer, bytesResumable }: PlanTotals,
  signal: AbortSignal,
): Promise<readonly PlanWarning[]> {
  const bytes = bytesToTransfer - bytesResumable;
  const short = bytes > 0 ? await destination.shortage?.(bytes, { signal }) : undefined;
  if (short === undefined) return [];
  const { path, needed, free } = short;
  const text = `There is not enough room: ${formatBytes(needed)} are needed on the disk of ${path}, and ${formatBytes(free)} are free there.`;
  return [{ code: "too-little-room", text }];
}

interface Planning {
  readonly request: RunRequest;
  readonly context: EngineContext;
  readonly signal: AbortSignal;
  readonly sides: PlanSides;
  readonly ledger: PlanLedger;
}

/** Looked at side by side, counted and written in order, in batches; deletes come last. */
async function writePlan(planning: Planning): Promise<Pick<PlanTotals, "delete" | "guard"> | undefined> {
  const { request, context, signal } = planning;
  const gate = new AbortController();
  const batch = new Batch((rows) => context.journal.addImages(request.runId, rows));
  const all = AbortSignal.any([signal, gate.signal]);
  try {
    const deletes = await fillPlan({ ...planning, signal: all }, (row) => {
      signal.throwIfAborted();
      batch.add(row);
    });
    batch.write();
    return deletes;
  } catch (error) {
    // What was planned so far is kept: it shows how far the plan came.
    if (!signal.aborted && !isJournalError(error)) batch.write();
    throw error;
  } finally {
    // Looks that are still under way have nobody to wait for them.
    gate.abort(signal.reason ?? new Error("planning ended"));
  }
}

async function fillPlan(
  { request, context, signal, sides, ledger }: Planning,
  add: (row: PlannedImage) => void,
): Promise<Pick<PlanTotals, "delete" | "guard"> | undefined> {
  const { spec } = request;
  const warn = (warning: PlanWarning): void => ledger.warn(warning);
  const planner = new ImagePlanner(request, context, sides, signal);
  const mirror =
    spec.options.mirror === null ? undefined : new MirrorPlanner({ spec, ...sides, signal, warn });
  const selection = select({
    spec,
    source: sides.source,
    journal: context.journal,
    clock: context.clock,
    signal,
    warn,
    ...(mirror === undefined ? {} : { gathered: (destination) => mirror.gathered(destination) }),
  });
  const look = async (selected: Selected) => (selected.kind === "image" ? planner.find(selected) : selected);
  const looked = inOrder(mirror?.watch(selection) ?? selection, parallelImages, look);
  for await (const found of looked) add("kind" in found ? ledger.unreadable(found) : ledger.image(found));
  if (mirror === undefined) return undefined;
  for await (const row of mirror.rows()) add(row);
  return mirror.totals;
}

/** Rows on their way into the journal, many in one transaction. */
class Batch {
  readonly #write: (rows: readonly PlannedImage[]) => void;
  #rows: PlannedImage[] = [];

  constructor(write: (rows: readonly PlannedImage[]) => void) {
    this.#write = write;
  }

  add(row: PlannedImage): void {
    this.#rows.push(row);
    if (this.#rows.length >= batchSize) this.write();
  }

  write(): void {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length > 0) this.#write(rows);
  }
}

function isJournalError(error: unknown): boolean {
  return error instanceof FreightlinerError && (error.code === "busy" || error.code === "store");
}

/** What the destination acknowledged of an upload that was left in the middle; asked only of blobs that go up in parts. */
function resumableAt(
  { destination, destinationId }: RunRequest,
  { journal, transfer }: EngineContext,
): (repository: string, blob: Descriptor) => number {
  return (repository, { digest, size }) => {
    if (!destination.parts || size < transfer.partsFrom) return 0;
    return Math.min(journal.upload(destinationId, repository, digest)?.offset ?? 0, size);
  };
}
