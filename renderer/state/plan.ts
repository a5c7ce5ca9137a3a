// The plan that is looked at: asks the engine for one, follows it until it is made, and starts or discards it.
import { create } from "zustand";
import type { MethodInput } from "../../shared/contract.ts";
import { type FreightlinerError, fromWire, toFreightlinerError } from "../../shared/errors.ts";
import type { SavedJob } from "../../shared/job.ts";
import {
  type JobSpec,
  type Run,
  type RunImage,
  type RunOptions,
  runOptionsSchema,
} from "../../shared/run.ts";
import { call } from "../api/client.ts";
import { onGap, onLive } from "../api/live.ts";
import { destinationText, isTickable, sourceText } from "../screens/plan/plan-sums.ts";
import { rememberRun, setExpanded, useRuns } from "./runs.ts";

/** What a drop, a paste or a menu asks for; options and mapping have the contract's defaults. */
export type PlanSpec = MethodInput<"runs.plan">;

const imagePage = 1000;
/** How often the number of images found is asked for while planning; milliseconds. */
const countEvery = 600;
/** A run of at most this many images is unfolded when it starts. */
const unfoldUpTo = 50;

interface PlanState {
  readonly open: boolean;
  readonly spec: PlanSpec | undefined;
  readonly run: Run | undefined;
  readonly images: readonly RunImage[];
  /** Images found while it is being planned. */
  readonly found: number;
  /** All rows of the finished plan were read. */
  readonly imagesLoaded: boolean;
  /** Ids of images that the person took out. */
  readonly unticked: ReadonlySet<number>;
  readonly options: RunOptions;
  readonly starting: boolean;
  readonly error: FreightlinerError | undefined;
}

const defaults = runOptionsSchema.parse({});
const closed: PlanState = {
  open: false,
  spec: undefined,
  run: undefined,
  images: [],
  found: 0,
  imagesLoaded: false,
  unticked: new Set(),
  options: defaults,
  starting: false,
  error: undefined,
};

export const usePlan = create<PlanState>(() => closed);

/** Counts openings and re-plannings, so that an answer to an older one is recognised. */
let generation = 0;
/** The generation whose images are being counted. */
let counting = -1;
/** Rows that were unticked before a re-plan, by what they copy. */
let keptUnticked: ReadonlySet<string> = new Set();

function rowKey(image: RunImage): string {
  return `${sourceText(image)} ${destinationText(image)}`;
}

/** Plans a transfer and shows the plan. Nothing is copied before the person starts it. */
export async function planTransfer(spec: PlanSpec): Promise<void> {
  throwAway();
  keptUnticked = new Set();
  usePlan.setState({ ...closed, open: true, spec, options: runOptionsSchema.parse(spec.options ?? {}) });
  await makePlan(spec);
}

/** Plans anew what a run was asked to do. */
export async function planAgain(run: Run): Promise<void> {
  await planTransfer(run.spec);
}

/** Opens a saved job to be changed: plans it as it is now, and saves instead of starting. */
export async function editJob(job: SavedJob): Promise<void> {
  await planTransfer(job.spec);
}

/** Shows a plan again that was made earlier and not started. */
export async function reviewPlan(run: Run): Promise<void> {
  generation++;
  keptUnticked = new Set();
  usePlan.setState({ ...closed, open: true, spec: run.spec, run, options: run.spec.options });
  await follow(run);
}

async function makePlan(spec: PlanSpec): Promise<void> {
  const mine = ++generation;
  try {
    const run = await call("runs.plan", spec);
    if (mine !== generation) {
      // The dialog was closed while the call was under way.
      void discard(run.id);
      return;
    }
    // Its events may have been faster than the answer.
    await follow(useRuns.getState().runs.find(({ id }) => id === run.id) ?? run);
  } catch (thrown) {
    if (mine === generation) usePlan.setState({ error: toFreightlinerError(thrown, "runs.plan") });
  }
}

/** Takes a new state of the run that is looked at; when it is planned, its rows are read. */
async function follow(run: Run): Promise<void> {
  const { images, imagesLoaded } = usePlan.getState();
  usePlan.setState({ run, error: run.error === null ? undefined : fromWire(run.error) });
  if (run.state === "planning") countFound(run.id);
  if (run.state === "planned" && !imagesLoaded && images.length === 0) await readRows(run);
}

/** The engine says only when a plan is finished; until then the rows that are there are counted now and then. */
function countFound(runId: string): void {
  const mine = generation;
  if (counting === mine) return;
  counting = mine;
  const tick = async (): Promise<void> => {
    const shown = usePlan.getState().run;
    if (mine !== generation || shown?.id !== runId || shown.state !== "planning") return;
    // Best effort: the number is a sign of life only.
    const page = await call("runs.images", { runId, limit: 1 }).catch(() => undefined);
    if (mine !== generation) return;
    if (page !== undefined) usePlan.setState({ found: page.total });
    setTimeout(() => void tick(), countEvery);
  };
  setTimeout(() => void tick(), countEvery);
}

async function readRows(run: Run): Promise<void> {
  const mine = generation;
  const images: RunImage[] = [];
  try {
    for (let total = 1; images.length < total; ) {
      const page = await call("runs.images", { runId: run.id, offset: images.length, limit: imagePage });
      if (mine !== generation) return;
      images.push(...page.images);
      total = page.images.length === 0 ? images.length : page.total;
      usePlan.setState({ images: [...images] });
    }
    const unticked = new Set(
      images.filter((image) => keptUnticked.has(rowKey(image)) && isTickable(image)).map((image) => image.id),
    );
    usePlan.setState({ images, imagesLoaded: true, unticked });
  } catch (thrown) {
    if (mine === generation) usePlan.setState({ error: toFreightlinerError(thrown, "runs.images") });
  }
}

/** Changes what is decided while planning (overwrite, mapping): a new plan is made and the ticks are kept. */
export async function replan(change: {
  overwrite?: RunOptions["overwrite"];
  mapping?: JobSpec["mapping"];
}): Promise<void> {
  const { spec, options, images, unticked } = usePlan.getState();
  if (spec === undefined) return;
  const nextOptions = {
    ...options,
    ...(change.overwrite === undefined ? {} : { overwrite: change.overwrite }),
  };
  const next: PlanSpec = {
    ...spec,
    options: nextOptions,
    ...(change.mapping === undefined ? {} : { mapping: change.mapping }),
  };
  if (images.length > 0) keptUnticked = new Set(images.filter((image) => unticked.has(image.id)).map(rowKey));
  throwAway();
  usePlan.setState({ ...closed, open: true, spec: next, options: nextOptions });
  await makePlan(next);
}

/** Options that the plan does not depend on. */
export function setRunOptions(change: Partial<Pick<RunOptions, "verifyBlobs" | "parallelImages">>): void {
  usePlan.setState(({ options }) => ({ options: { ...options, ...change } }));
}

/** Ticks or unticks rows; rows that cannot be ticked are left alone. */
export function setTicked(images: readonly RunImage[], ticked: boolean): void {
  usePlan.setState(({ unticked }) => {
    const next = new Set(unticked);
    for (const image of images) {
      if (ticked) next.delete(image.id);
      else if (isTickable(image)) next.add(image.id);
    }
    return { unticked: next };
  });
}

/** Starts what is ticked and closes the plan. */
export async function startPlan(): Promise<void> {
  const { run, unticked, options, starting } = usePlan.getState();
  if (run === undefined || starting) return;
  usePlan.setState({ starting: true, error: undefined });
  try {
    const started = await call("runs.start", { runId: run.id, unselectedImageIds: [...unticked], options });
    generation++;
    rememberRun(started);
    if (started.plan.images <= unfoldUpTo) setExpanded(started.id, true);
    usePlan.setState(closed);
  } catch (thrown) {
    usePlan.setState({ starting: false, error: toFreightlinerError(thrown, "runs.start") });
  }
}

/** Closes the dialog and throws the plan away. */
export function cancelPlan(): void {
  throwAway();
  usePlan.setState(closed);
}

function throwAway(): void {
  generation++;
  const { run, starting } = usePlan.getState();
  if (run !== undefined && !starting) void discard(run.id);
}

/** Best effort: a plan that stays is listed under Transfers, where it can be discarded again. */
async function discard(runId: string): Promise<void> {
  await call("runs.discard", { runId }).catch(() => undefined);
}

onLive("run.changed", (run) => {
  const { open, run: shown, starting } = usePlan.getState();
  if (open && !starting && shown?.id === run.id) void follow(run);
});
onGap(() => {
  const { open, run } = usePlan.getState();
  if (!open || run === undefined) return;
  void call("runs.get", { runId: run.id })
    .then(follow)
    .catch((thrown: unknown) => usePlan.setState({ error: toFreightlinerError(thrown, "runs.get") }));
});
