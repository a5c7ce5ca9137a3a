// Tells of ended runs through the operating system, grouped, by the rules of the setting `notifications`.
import type { Notification } from "electron";
import { groupNotices, type Notice, noticeOf, type RunNotice } from "../../shared/notices.ts";
import type { ElectronParts } from "./electron-parts.ts";
import type { DeskNews } from "./news.ts";

/** Milliseconds in which what ends is told together. */
const gatherMs = 800;

export interface NotifierOptions {
  readonly Notification: ElectronParts["Notification"];
  readonly news: DeskNews;
  readonly isFocused: () => boolean;
  /** A notice was clicked. */
  readonly onOpen: (runIds: readonly string[]) => void;
}

export class Notifier {
  readonly #options: NotifierOptions;
  /** Electron forgets a notification that nobody holds, and with it the click. */
  readonly #shown = new Set<Notification>();
  #gathered: RunNotice[] = [];

  constructor(options: NotifierOptions) {
    this.#options = options;
    const { news, isFocused } = options;
    news.listen({
      runChanged: (run, before) => {
        const rules = news.setting("notifications");
        const notice = noticeOf(before?.state, run, rules, isFocused());
        if (notice === undefined) return;
        if (this.#gathered.length === 0) setTimeout(() => this.#flush(), gatherMs).unref();
        this.#gathered.push(notice);
      },
    });
  }

  /** Shows one now. */
  show(notice: Pick<Notice, "title" | "text" | "runIds">): void {
    const { Notification, onOpen } = this.#options;
    if (!Notification.isSupported()) return;
    const shown = new Notification({ title: notice.title, body: notice.text });
    const forget = (): void => void this.#shown.delete(shown);
    shown.on("click", () => {
      forget();
      onOpen(notice.runIds);
    });
    shown.on("close", forget);
    shown.on("failed", forget);
    this.#shown.add(shown);
    shown.show();
  }

  #flush(): void {
    const gathered = this.#gathered;
    this.#gathered = [];
    for (const notice of groupNotices(gathered)) this.show(notice);
  }
}
