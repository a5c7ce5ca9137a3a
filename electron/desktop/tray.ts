// The tray: what runs in a few lines, pausing and going on, and the way back to the window.
import type { MenuItemConstructorOptions, Tray } from "electron";
import { fraction } from "../../shared/progress.ts";
import type { Run } from "../../shared/run.ts";
import { formatBytes } from "../../shared/units.ts";
import type { ElectronParts } from "./electron-parts.ts";
import type { DeskNews } from "./news.ts";
import { trayIcon, trayTemplate } from "./tray-icon.ts";

export interface TrayOptions {
  readonly electron: Pick<ElectronParts, "Menu" | "nativeImage" | "Tray">;
  readonly news: DeskNews;
  readonly platform: NodeJS.Platform;
  readonly onShow: () => void;
  readonly onRun: (runId: string) => void;
  readonly onQuit: () => void;
  readonly onProblem: (error: unknown) => void;
}

/** Runs that stand in the menu by name. */
const mostRuns = 5;
/** Milliseconds between two changes of the menu; the operating system rebuilds it each time. */
const refreshMs = 1_000;

export class DeskTray {
  readonly #options: TrayOptions;
  #tray: Tray | undefined;
  #timer: NodeJS.Timeout | undefined;
  #drawn = "";

  constructor(options: TrayOptions) {
    this.#options = options;
    const soon = (): void => this.#soon();
    options.news.listen({ runsChanged: soon, totalChanged: soon });
  }

  get isShown(): boolean {
    return this.#tray !== undefined;
  }

  /** False where the desktop has no tray; the program must then stay reachable by its window. */
  show(): boolean {
    if (this.#tray !== undefined) return true;
    const { electron, onShow, platform, onProblem } = this.#options;
    try {
      const image = electron.nativeImage.createFromDataURL(platform === "darwin" ? trayTemplate : trayIcon);
      if (platform === "darwin") image.setTemplateImage(true);
      const tray = new electron.Tray(image);
      tray.on("click", onShow);
      this.#tray = tray;
    } catch (error) {
      onProblem(error);
      return false;
    }
    this.#draw();
    return true;
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#tray?.destroy();
    this.#tray = undefined;
    this.#drawn = "";
  }

  #soon(): void {
    if (this.#tray === undefined) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#draw();
    }, refreshMs).unref();
  }

  #draw(): void {
    const { electron, news } = this.#options;
    const tray = this.#tray;
    if (tray === undefined) return;
    const summary = summaryOf(news);
    const template = this.#template(summary);
    const drawn = JSON.stringify(template);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    tray.setToolTip(`Freightliner: ${summary}`);
    tray.setContextMenu(electron.Menu.buildFromTemplate(template));
  }

  #template(summary: string): MenuItemConstructorOptions[] {
    const { news, onShow, onRun, onQuit } = this.#options;
    const runs = news.runs.filter((run) => run.state !== "planned" && run.state !== "planning");
    const paused = runs.some((run) => run.state === "paused");
    return [
      { label: summary, enabled: false },
      ...runs.slice(0, mostRuns).map((run) => ({ label: lineOf(run), click: () => onRun(run.id) })),
      ...(runs.length > mostRuns ? [{ label: `and ${runs.length - mostRuns} more`, click: onShow }] : []),
      { type: "separator" },
      { label: "Pause all", enabled: news.underWay > 0, click: () => news.ask("runs.pauseAll") },
      { label: "Resume all", enabled: paused, click: () => news.ask("runs.resumeAll") },
      { type: "separator" },
      { label: "Open Freightliner", click: onShow },
      { label: "Quit", click: onQuit },
    ];
  }
}

/** `3 transfers, 42 %, 18.2 MiB/s`. */
function summaryOf(news: DeskNews): string {
  const { underWay, total } = news;
  if (underWay === 0) return "no transfer runs";
  const count = underWay === 1 ? "1 transfer" : `${underWay} transfers`;
  if (total === null || total.total === 0) return count;
  const percent = Math.floor((fraction(total.bytes, total.total) ?? 0) * 100);
  return `${count}, ${percent} %, ${formatBytes(total.bytesPerSecond)}/s`;
}

const words = { queued: "waits", running: "runs", paused: "paused" } as const;

function lineOf(run: Run): string {
  const state = run.state in words ? words[run.state as keyof typeof words] : run.state;
  return `${run.source.name} → ${run.destination.name} (${state})`;
}
