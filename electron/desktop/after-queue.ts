// What happens when the last transfer has ended: nothing, a word, or leaving; by the setting `afterQueue`.
import { queueEndedNotice } from "../../shared/notices.ts";
import type { DesktopApp } from "./desktop-app.ts";
import type { DeskNews } from "./news.ts";

export interface AfterQueueOptions {
  readonly app: Pick<DesktopApp, "activeRuns" | "onActivity">;
  readonly news: DeskNews;
  readonly notify: (notice: { readonly title: string; readonly text: string }) => void;
  readonly quit: () => void;
}

/** Neither paused nor cancelled runs end a queue: somebody stopped them and is still there, or they wait for a sign-in. */
export function watchQueueEnd({ app, news, notify, quit }: AfterQueueOptions): void {
  let wasBusy = news.underWay > 0;
  let leaving = false;
  let cancelled = false;
  const leave = (): void => {
    if (!leaving || app.activeRuns > 0) return;
    leaving = false;
    quit();
  };
  // A run's end is told a moment before the engine has let go of it: quitting then would ask whether to pause it.
  app.onActivity(leave);
  news.listen({
    runChanged: (run) => {
      cancelled = run.state === "cancelled";
    },
    runsChanged: () => {
      const busy = news.underWay > 0;
      const ended = wasBusy && !busy && !cancelled && !news.runs.some((run) => run.state === "paused");
      wasBusy = busy;
      if (busy) leaving = false;
      if (!ended) return;
      const what = news.setting("afterQueue");
      if (what === "notify") notify(queueEndedNotice);
      leaving = what === "quit";
      leave();
    },
  });
}
