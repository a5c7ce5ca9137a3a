// Checks that run or ran, told step by step: of saved endpoints by their id, and of settings that are not saved yet.
import { create } from "zustand";
import type { CheckStep } from "../../shared/endpoint.ts";
import { type FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import { onLive } from "../api/live.ts";

export interface TimedStep extends CheckStep {
  /** Milliseconds that it took; undefined where it was not watched, or not done at all. */
  readonly took?: number;
}
export type CheckState =
  | { readonly state: "running"; readonly steps: readonly TimedStep[] }
  | { readonly state: "done"; readonly steps: readonly TimedStep[] }
  | { readonly state: "cancelled"; readonly steps: readonly TimedStep[] }
  | { readonly state: "broken"; readonly steps: readonly TimedStep[]; readonly error: FreightlinerError };

export const useChecks = create<{ readonly byKey: Readonly<Record<string, CheckState>> }>(() => ({
  byKey: {},
}));

interface Running {
  readonly key: string;
  readonly abort: AbortController;
  /** When the step that is under way began. */
  since: number;
}
/** By attempt: only the newest of a key counts. */
const running = new Map<string, Running>();

function put(key: string, state: CheckState): void {
  useChecks.setState(({ byKey }) => ({ byKey: { ...byKey, [key]: state } }));
}
function stepsOf(key: string): readonly TimedStep[] {
  return useChecks.getState().byKey[key]?.steps ?? [];
}

export function useCheck(key: string): CheckState | undefined {
  return useChecks(({ byKey }) => byKey[key]);
}

/** What a check asks the engine: its steps are told under `attempt` before they are the answer. */
export type AskForSteps = (attempt: string, signal: AbortSignal) => Promise<readonly CheckStep[]>;

/** Starts it anew; one that runs under the same key is given up. Ends when the check ends, and throws nothing. */
export async function runCheck(key: string, ask: AskForSteps): Promise<void> {
  giveUp(key);
  const attempt = crypto.randomUUID();
  const mine: Running = { key, abort: new AbortController(), since: performance.now() };
  running.set(attempt, mine);
  put(key, { state: "running", steps: [] });
  try {
    const steps = await ask(attempt, mine.abort.signal);
    if (running.has(attempt)) put(key, { state: "done", steps: withTimes(steps, stepsOf(key)) });
  } catch (thrown) {
    if (running.has(attempt))
      put(key, { state: "broken", steps: stepsOf(key), error: toFreightlinerError(thrown, "check") });
  } finally {
    running.delete(attempt);
  }
}

/** Stops it; what was found so far stays to be read. */
export function cancelCheck(key: string): void {
  if (giveUp(key)) put(key, { state: "cancelled", steps: stepsOf(key) });
}

/** Stops it and forgets what it found: it was about something else. */
export function forgetCheck(key: string): void {
  giveUp(key);
  useChecks.setState(({ byKey }) => {
    const { [key]: _, ...rest } = byKey;
    return { byKey: rest };
  });
}

function giveUp(key: string): boolean {
  for (const [attempt, one] of running) {
    if (one.key !== key) continue;
    running.delete(attempt);
    one.abort.abort();
    return true;
  }
  return false;
}

/** The answer is what holds; the watched steps know how long each took. */
function withTimes(steps: readonly CheckStep[], watched: readonly TimedStep[]): readonly TimedStep[] {
  return steps.map((step) => {
    const took = watched.find(({ name }) => name === step.name)?.took;
    return took === undefined ? step : { ...step, took };
  });
}

onLive("check.step", ({ attempt, step }) => {
  const mine = running.get(attempt);
  if (mine === undefined) return;
  const now = performance.now();
  const took = Math.max(0, now - mine.since);
  mine.since = now;
  const timed = step.outcome === "skipped" ? step : { ...step, took };
  put(mine.key, { state: "running", steps: [...stepsOf(mine.key), timed] });
});
