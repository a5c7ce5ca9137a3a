// The plan that is looked at: asks the engine for one, follows it until it is made, plans again when the wishes change, and starts, saves or discards it.
import { create } from "zustand";
import type { MethodInput } from "../../shared/contract.ts";
import { type FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import type { SavedJob, Schedule } from "../../shared/job.ts";
import { type JobSpec, jobSpecSchema, type Run, type RunOptions } from "../../shared/run.ts";
import { call } from "../api/client.ts";
import { onGap, onLive } from "../api/live.ts";
import { closeDrawer } from "./navigation.ts";
import { rememberedOptions, rememberOptions } from "./plan-defaults.ts";
import { discard, type Making, PlanMaker } from "./plan-maker.ts";
import { forgetPlanRows, showPlanRows } from "./plan-rows.ts";
import { carryTicks, forgetTicks, usePlanTicks } from "./plan-ticks.ts";
import { rememberRun, setExpanded } from "./runs.ts";
import { wholeJob, wholeRun } from "./whole.ts";

/** What a drop, a paste or a menu asks for; options and mapping have the contract's defaults. */
export type PlanSpec = MethodInput<"runs.plan">;

/** A run of at most this many images is unfolded when it starts. */
const unfoldUpTo = 50;
/** Milliseconds without a further change before it is planned again. */
const settleMs = 500;

interface PlanState {
  readonly open: boolean;
  /** What is wanted now; `run` is what was planned last. */
  readonly spec: JobSpec | undefined;
  /** The saved job that is changed here; undefined for a transfer. */
  readonly job: SavedJob | undefined;
  /** Nobody here asked for it: it came by a link, which anyone can make. */
  readonly fromLink: boolean;
  /** The plan that is shown, or the first one while it is being made. */
  readonly run: Run | undefined;
  /** True while `run` answers an older wish than `spec`. */
  readonly stale: boolean;
  /** The planning that is under way. */
  readonly making: Making | undefined;
  /** Fields whose text cannot be read yet: what stands there is not what would be done. */
  readonly unreadable: ReadonlySet<string>;
  readonly starting: boolean;
  readonly error: FreightlinerError | undefined;
}
const closed: PlanState = {
  open: false,
  spec: undefined,
  job: undefined,
  fromLink: false,
  run: undefined,
  stale: false,
  making: undefined,
  unreadable: new Set(),
  starting: false,
  error: undefined,
};
export const usePlan = create<PlanState>(() => closed);

const maker = new PlanMaker({
  onMaking: (making) => usePlan.setState(({ run }) => ({ making, run: run ?? making?.run })),
  onPlanned: (run, signal) => takePlan(run, signal),
  onFailed: (error) => usePlan.setState({ making: undefined, error }),
});
let settling: ReturnType<typeof setTimeout> | undefined;

function open(spec: JobSpec, job: SavedJob | undefined): void {
  throwAway();
  // A drawer would lie over the plan.
  closeDrawer();
  usePlan.setState({ ...closed, open: true, spec, job });
}

/** Plans a transfer and shows the plan. Nothing is copied before the person starts it. */
export async function planTransfer(spec: PlanSpec): Promise<void> {
  const options = spec.options ?? rememberedOptions();
  open(jobSpecSchema.parse({ ...spec, options }), undefined);
  await planNow();
}

/** The same for a link. A plan that is open stays among the transfers: a link must not take away what somebody works on. */
export async function planLink(spec: PlanSpec): Promise<void> {
  if (usePlan.getState().open) keepPlan();
  const planned = planTransfer(spec);
  usePlan.setState({ fromLink: true });
  await planned;
}

/** Plans anew what a run was asked to do. */
export async function planAgain(run: Run): Promise<void> {
  const whole = await wholeRun(run);
  if (whole !== undefined) await planTransfer(whole.spec);
}

/** Opens a saved job to be changed: plans it as it is now, and saves instead of starting. */
export async function editJob(job: SavedJob): Promise<void> {
  const whole = await wholeJob(job);
  if (whole === undefined) return;
  open(whole.spec, whole);
  await planNow();
}

/** Shows a plan again that was made earlier and not started. */
export async function reviewPlan(run: Run): Promise<void> {
  const whole = await wholeRun(run);
  if (whole === undefined) return;
  open(whole.spec, undefined);
  await maker.adopt(whole);
}

/** Plans what is wanted now; what was planned before stays in sight until it is there. */
export async function planNow(): Promise<void> {
  clearTimeout(settling);
  const { spec, run } = usePlan.getState();
  if (spec === undefined) return;
  // What could not be planned has nothing to show.
  usePlan.setState({ error: undefined, run: run?.state === "planned" ? run : undefined });
  await maker.make(spec);
}

async function takePlan(run: Run, signal: AbortSignal): Promise<void> {
  const before = usePlan.getState().run;
  try {
    await Promise.all([showPlanRows(run.id), carryTicks(run.id, sameNames(before, run), signal)]);
  } catch (thrown) {
    if (!signal.aborted) refusePlan(run, toFreightlinerError(thrown, "runs.images"));
    return;
  }
  if (signal.aborted) return;
  usePlan.setState({ run, making: undefined, stale: false });
  if (before !== undefined && before.id !== run.id) void discard(before.id);
}

/** What is taken out could not be found in it: started like that, it would copy what the person does not want. */
function refusePlan(refused: Run, error: FreightlinerError): void {
  const { run } = usePlan.getState();
  usePlan.setState({ making: undefined, stale: true, error });
  if (run === undefined || run.id === refused.id) return;
  void discard(refused.id);
  void showPlanRows(run.id);
}

function sameNames(before: Run | undefined, after: Run): boolean {
  const names = ({ spec: { mapping, renameTags, options } }: Run): string =>
    JSON.stringify([mapping, renameTags, options.overwrite === "keep-both" ? options.keepBothSuffix : null]);
  return before === undefined || names(before) === names(after);
}

/** Changes what is wanted. What the plan depends on is planned again a moment after the last change. */
export function changeSpec(change: Partial<Pick<JobSpec, "mapping" | "renameTags" | "options">>): void {
  const { spec, run } = usePlan.getState();
  if (spec === undefined) return;
  const next = { ...spec, ...change };
  clearTimeout(settling);
  if (planKey(next) === planKey(spec)) {
    usePlan.setState({ spec: next });
    if (usePlan.getState().stale) settling = setTimeout(() => void planNow(), settleMs);
    return;
  }
  maker.stop();
  if (run?.state === "planned" && planKey(next) === planKey(run.spec)) {
    usePlan.setState({ spec: next, stale: false, making: undefined, error: undefined });
    return;
  }
  usePlan.setState({
    spec: next,
    stale: true,
    making: undefined,
    // A first plan that is not made yet has nothing to show.
    ...(run?.state === "planned" ? {} : { run: undefined }),
  });
  settling = setTimeout(() => void planNow(), settleMs);
}

export function changeOptions(change: Partial<RunOptions>): void {
  const { spec } = usePlan.getState();
  if (spec !== undefined) changeSpec({ options: { ...spec.options, ...change } });
}

/** Takes back what was changed since the plan that is shown was made. */
export function takeChangesBack(): void {
  const { run, spec } = usePlan.getState();
  if (run === undefined || spec === undefined) return;
  const { verifyBlobs, parallelImages, bandwidth } = spec.options;
  const options = { ...run.spec.options, verifyBlobs, parallelImages, bandwidth };
  changeSpec({ mapping: run.spec.mapping, renameTags: run.spec.renameTags, options });
}

/** What a plan depends on. */
function planKey({ selection: _, options, ...spec }: JobSpec): string {
  const { verifyBlobs: _v, parallelImages: _p, bandwidth: _b, ...decided } = options;
  return JSON.stringify([spec, decided]);
}

/** True where the plan that is shown is what is wanted, and can be started or kept. */
export function isCurrent({ run, stale, making, unreadable }: PlanState): boolean {
  return run?.state === "planned" && !stale && making === undefined && unreadable.size === 0;
}

/** Notes that the text of a field can, or cannot, be read. */
export function setReadable(field: string, readable: boolean): void {
  usePlan.setState((state) => {
    if (state.unreadable.has(field) === !readable) return state;
    const unreadable = new Set(state.unreadable);
    if (readable) unreadable.delete(field);
    else unreadable.add(field);
    return { unreadable };
  });
}

/** Starts what is ticked and closes the plan. */
export async function startPlan(): Promise<void> {
  const state = usePlan.getState();
  const { run, spec, starting } = state;
  if (run === undefined || spec === undefined || starting || !isCurrent(state)) return;
  usePlan.setState({ starting: true, error: undefined });
  try {
    const unselectedImageIds = [...usePlanTicks.getState().out.keys()];
    const { options } = spec;
    const started = await call("runs.start", { runId: run.id, unselectedImageIds, options });
    rememberRun(started);
    if (started.plan.images <= unfoldUpTo) setExpanded(started.id, true);
    rememberOptions(options);
    close();
  } catch (thrown) {
    usePlan.setState({ starting: false, error: toFreightlinerError(thrown, "runs.start") });
  }
}

/** Saves what is wanted as a job: the one that is changed, or a new one. @throws FreightlinerError as the engine says. */
export async function saveJob(own: {
  readonly name: string;
  readonly schedule: Schedule | null;
  readonly enabled: boolean;
}): Promise<SavedJob> {
  const { spec, job } = usePlan.getState();
  if (spec === undefined) throw new Error("There is no plan to save.");
  return call("jobs.save", {
    ...(job === undefined ? {} : { id: job.id }),
    ...own,
    name: own.name.trim(),
    spec,
  });
}

/** Closes the dialog and throws the plan away. */
export function cancelPlan(): void {
  throwAway();
  close();
}

/** Closes the dialog; the plan stays among the transfers, to be looked at again. */
export function keepPlan(): void {
  close();
}

function close(): void {
  clearTimeout(settling);
  maker.forget();
  forgetPlanRows();
  forgetTicks();
  usePlan.setState(closed);
}

function throwAway(): void {
  const { run, starting } = usePlan.getState();
  maker.stop();
  if (run?.state === "planned" && !starting) void discard(run.id);
  forgetPlanRows();
  forgetTicks();
}

onLive("run.changed", (run) => void maker.follow(run));
onGap(() => void maker.readAgain());
