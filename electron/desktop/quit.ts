// Leaving in order: with running transfers the person is asked, then everything is paused, with a deadline.
import type { Dialog } from "electron";

/** What the app behind the window offers to somebody who wants to leave. */
export interface Leavable {
  readonly activeRuns: number;
  close(): Promise<void>;
}

export interface QuitOptions {
  /** Undefined until the app is built. */
  readonly app: () => Leavable | undefined;
  readonly dialog: Pick<Dialog, "showMessageBox">;
  /** Asks Electron to quit; it comes back as another `before-quit`, which is then let through. */
  readonly quit: () => void;
  /** Puts the windows away while transfers go on; the tray, where there is one, brings them back. */
  readonly hide: () => void;
  /** Milliseconds that pausing may take; the journal has what is needed to go on anyway. */
  readonly deadlineMs: number;
  readonly onProblem: (error: unknown) => void;
}

type State = "open" | "asking" | "leaving" | "left";

export class QuitGuard {
  readonly #options: QuitOptions;
  #state: State = "open";
  #hidden = false;

  constructor(options: QuitOptions) {
    this.#options = options;
  }

  /** True once nothing stands in the way; until then the event must be prevented and this goes on by itself. */
  mayQuit(): boolean {
    if (this.#state === "left") return true;
    if (this.#state === "open") void this.#begin();
    return false;
  }

  /** Everything is being let go of: no window may stand in the way. */
  get isLeaving(): boolean {
    return this.#state === "leaving" || this.#state === "left";
  }

  /** A window may close unless that would end running transfers without a question. */
  mayCloseWindow(): boolean {
    return this.isLeaving || this.#active() === 0;
  }

  /** Without a question: the machine shuts down, or a signal came. */
  async leave(): Promise<void> {
    if (await this.prepare()) this.#options.quit();
  }

  /** Lets go of everything, so that the program may end; false where somebody else already does so. */
  async prepare(): Promise<boolean> {
    if (this.isLeaving) return false;
    this.#state = "leaving";
    try {
      await withDeadline(this.#options.app()?.close(), this.#options.deadlineMs);
    } catch (error) {
      this.#options.onProblem(error);
    }
    this.#state = "left";
    return true;
  }

  /** A window was asked for again. */
  shown(): void {
    this.#hidden = false;
  }

  /** What was kept running behind a hidden window has ended. */
  onActivity(active: number): void {
    if (this.#hidden && active === 0) void this.leave();
  }

  #active(): number {
    return this.#options.app()?.activeRuns ?? 0;
  }

  async #begin(): Promise<void> {
    if (this.#active() === 0) return this.leave();
    this.#state = "asking";
    const answer = await this.#ask().catch((error: unknown) => {
      // Without an answer nothing is lost by staying.
      this.#options.onProblem(error);
      return "cancel" as const;
    });
    // The machine may have shut down meanwhile.
    if (this.isLeaving) return;
    this.#state = "open";
    if (answer === "pause") await this.leave();
    if (answer === "keep") {
      this.#hidden = true;
      this.#options.hide();
    }
  }

  async #ask(): Promise<"pause" | "keep" | "cancel"> {
    const count = this.#active();
    const { response } = await this.#options.dialog.showMessageBox({
      type: "question",
      message: count === 1 ? "A transfer is running." : `${count} transfers are running.`,
      detail:
        "Paused transfers go on from where they were at the next start. Kept running, they finish without a window, and Freightliner quits after them.",
      buttons: ["Pause and quit", "Keep running", "Cancel"],
      defaultId: 0,
      cancelId: 2,
      noLink: true,
    });
    return (["pause", "keep", "cancel"] as const)[response] ?? "cancel";
  }
}

/** Resolves with the work or after the deadline, whichever is first. */
async function withDeadline(work: Promise<void> | undefined, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
