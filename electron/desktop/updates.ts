// Newer versions of the program: looked for, downloaded in the background, installed when no transfer runs or when asked.
import { FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import type { UpdateStatus } from "../../shared/update.ts";
import type { DeskUpdates } from "../app/desk.ts";

/** The part of electron-updater that is used. It checks signatures and digests by itself. */
export interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  checkForUpdates(): Promise<unknown>;
  quitAndInstall(): void;
  on(
    event: "update-available",
    listener: (info: { version: string; releaseNotes?: unknown }) => void,
  ): unknown;
  on(event: "update-not-available", listener: () => void): unknown;
  on(event: "download-progress", listener: (progress: { percent: number }) => void): unknown;
  on(
    event: "update-downloaded",
    listener: (info: { version: string; releaseNotes?: unknown }) => void,
  ): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

export interface UpdatesOptions {
  /** Undefined where this program cannot be updated by itself: not packaged, or installed by a package manager. */
  readonly updater: Updater | undefined;
  readonly version: string;
  readonly onChanged: (status: UpdateStatus) => void;
  readonly activeRuns: () => number;
  /** Pauses what runs and lets go of everything, so that the program may end; false where it ends already. */
  readonly leave: () => Promise<boolean>;
  /** Ends the program, which has let go of everything. */
  readonly quit: () => void;
}

/** Milliseconds between two looks by itself. */
export const updateEveryMs = 6 * 3_600_000;
const longestNotes = 20_000;

export class Updates implements DeskUpdates {
  readonly #options: UpdatesOptions;
  #status: UpdateStatus;
  #replacing = false;

  constructor(options: UpdatesOptions) {
    this.#options = options;
    const { updater, version } = options;
    this.#status = {
      state: updater === undefined ? "unsupported" : "idle",
      current: version,
      version: null,
      notes: null,
      percent: null,
      text:
        updater === undefined
          ? "This installation is updated the way it was installed, not by itself."
          : null,
    };
    if (updater !== undefined) this.#follow(updater);
  }

  get(): UpdateStatus {
    return this.#status;
  }

  async check(signal: AbortSignal): Promise<UpdateStatus> {
    const { updater } = this.#options;
    if (updater === undefined || this.#isBusy()) return this.#status;
    this.#set({ state: "checking", text: null });
    try {
      await updater.checkForUpdates();
    } catch (error) {
      this.#failed(error);
    }
    signal.throwIfAborted();
    return this.#status;
  }

  async install(now: boolean): Promise<void> {
    const { updater, activeRuns } = this.#options;
    const { state } = this.#status;
    if (updater === undefined || (state !== "ready" && state !== "waiting")) {
      throw new FreightlinerError({
        code: "unsupported",
        operation: "updates.install",
        message: "There is no newer version that has been downloaded.",
      });
    }
    const waits = !now && activeRuns() > 0;
    this.#set({
      state: "waiting",
      text: waits
        ? "It is installed as soon as no transfer runs."
        : "Running transfers are paused and go on after the restart.",
    });
    if (!waits) await this.#replace(updater).catch((error: unknown) => this.#failed(error));
  }

  /** The number of running transfers changed. */
  onActivity(active: number): void {
    const { updater } = this.#options;
    if (active > 0 || updater === undefined || this.#status.state !== "waiting") return;
    void this.#replace(updater).catch((error: unknown) => this.#failed(error));
  }

  async #replace(updater: Updater): Promise<void> {
    if (this.#replacing) return;
    // Who quits pauses what runs, which is no reason to replace the program meanwhile: what was downloaded stays.
    if (!(await this.#options.leave())) return;
    this.#replacing = true;
    updater.quitAndInstall();
  }

  #isBusy(): boolean {
    return ["checking", "downloading", "ready", "waiting"].includes(this.#status.state);
  }

  #follow(updater: Updater): void {
    updater.autoDownload = true;
    // Installing while the program ends would race with transfers that are being paused.
    updater.autoInstallOnAppQuit = false;
    updater.on("update-available", (info) =>
      this.#set({
        state: "downloading",
        version: info.version,
        notes: plainNotes(info.releaseNotes),
        percent: 0,
      }),
    );
    updater.on("update-not-available", () => this.#set({ state: "idle", version: null, notes: null }));
    updater.on("download-progress", ({ percent }) =>
      this.#set({ percent: Math.min(100, Math.floor(percent)) }),
    );
    updater.on("update-downloaded", (info) =>
      this.#set({
        state: "ready",
        version: info.version,
        notes: plainNotes(info.releaseNotes),
        percent: null,
      }),
    );
    updater.on("error", (error) => this.#failed(error));
  }

  #failed(error: unknown): void {
    // Everything is closed by then: a window without an engine would be all that is left.
    if (this.#replacing) this.#options.quit();
    this.#set({
      state: "failed",
      percent: null,
      text: toFreightlinerError(error, "check-for-updates").message,
    });
  }

  #set(change: Partial<UpdateStatus>): void {
    const next = { ...this.#status, ...change };
    if (JSON.stringify(next) === JSON.stringify(this.#status)) return;
    this.#status = next;
    this.#options.onChanged(next);
  }
}

/** Release notes come as HTML; the window shows text only. */
function plainNotes(notes: unknown): string | null {
  if (typeof notes !== "string") return null;
  const text = notes
    .replace(/<(?:br|\/p|\/li|\/h\d)[^>]*>/gi, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
  return text === "" ? null : text.slice(0, longestNotes);
}
