// What the desktop around the window needs to know, from the same contract that the window speaks: runs, progress, settings.

import type { ContractClient } from "../../shared/client.ts";
import { type EventData, type EventName, type ProgressValue, progressKey } from "../../shared/contract.ts";
import { isUnderWay } from "../../shared/notices.ts";
import type { Run } from "../../shared/run.ts";
import { readSetting, type SettingKey, type SettingValue } from "../../shared/settings.ts";

export interface NewsListener {
  /** A run changed. `before` is what was known of it, undefined at its first sight. */
  runChanged?(run: Run, before: Run | undefined): void;
  /** Some run came, went or changed its state. */
  runsChanged?(): void;
  /** Progress of all runs together; null while nothing moves. At most ten times a second. */
  totalChanged?(total: ProgressValue | null): void;
  settingChanged?(key: string): void;
}

const activeStates = ["planning", "planned", "queued", "running", "paused"] as const;

/** Follows the app until it closes. */
export class DeskNews {
  readonly #client: ContractClient;
  readonly #onProblem: (error: unknown) => void;
  readonly #listeners: NewsListener[] = [];
  readonly #runs = new Map<string, Run>();
  #settings: Record<string, unknown> = {};
  #total: ProgressValue | null = null;

  constructor(client: ContractClient, onProblem: (error: unknown) => void) {
    this.#client = client;
    this.#onProblem = onProblem;
  }

  /** Reads what there is and follows it from then on. */
  async open(): Promise<void> {
    this.#client.subscribe({
      onEvent: (name, data) => this.#event(name, data),
      onProgress: (values) => {
        this.#progress(values);
        this.#client.credit(1);
      },
      onGap: () => void this.#read().catch(this.#onProblem),
      onClose: () => {},
    });
    await this.#read();
  }

  listen(listener: NewsListener): void {
    this.#listeners.push(listener);
  }

  /** Runs that are not over, oldest first. */
  get runs(): readonly Run[] {
    return [...this.#runs.values()].toSorted((a, b) => a.createdAt - b.createdAt);
  }
  /** How many wait or run. */
  get underWay(): number {
    return this.runs.filter((run) => isUnderWay(run.state)).length;
  }
  get total(): ProgressValue | null {
    return this.#total;
  }
  setting<K extends SettingKey>(key: K): SettingValue<K> {
    return readSetting(this.#settings, key);
  }

  /** Asks the app for something that a menu or the tray offers; a failure is reported, not thrown. */
  ask(method: "runs.pauseAll" | "runs.resumeAll"): void {
    this.#client.call(method, {}).catch(this.#onProblem);
  }

  async #read(): Promise<void> {
    const [{ settings }, { runs }] = await Promise.all([
      this.#client.call("settings.get", {}),
      this.#client.call("runs.list", { states: [...activeStates], limit: 1000 }),
    ]);
    this.#settings = { ...settings };
    this.#runs.clear();
    for (const run of runs) this.#runs.set(run.id, run);
    this.#tell((listener) => listener.runsChanged?.());
  }

  #event<E extends EventName>(name: E, data: EventData<E>): void {
    if (name === "run.changed") this.#runChanged(data as EventData<"run.changed">);
    if (name === "run.removed") {
      if (this.#runs.delete((data as EventData<"run.removed">).runId))
        this.#tell((listener) => listener.runsChanged?.());
    }
    if (name === "settings.changed") {
      const { key, value } = data as EventData<"settings.changed">;
      this.#settings[key] = value;
      this.#tell((listener) => listener.settingChanged?.(key));
    }
  }

  #runChanged(run: Run): void {
    const before = this.#runs.get(run.id);
    if (activeStates.some((state) => state === run.state)) this.#runs.set(run.id, run);
    else this.#runs.delete(run.id);
    this.#tell((listener) => listener.runChanged?.(run, before));
    if (before?.state !== run.state) this.#tell((listener) => listener.runsChanged?.());
  }

  #progress(values: readonly (readonly [string, ProgressValue | null])[]): void {
    const total = values.findLast(([key]) => key === progressKey.total);
    if (total === undefined) return;
    this.#total = total[1];
    this.#tell((listener) => listener.totalChanged?.(this.#total));
  }

  #tell(what: (listener: NewsListener) => void): void {
    for (const listener of this.#listeners) {
      try {
        what(listener);
      } catch (error) {
        // One part of the desktop that fails must not keep the others from their news.
        this.#onProblem(error);
      }
    }
  }
}
