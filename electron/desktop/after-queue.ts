// What happens when the last transfer has ended: nothing, a word, or leaving; by the setting `afterQueue`.
import { queueEndedNotice } from "../../shared/notices.ts";
import type { DeskNews } from "./news.ts";

export interface AfterQueueOptions {
  readonly news: DeskNews;
  readonly notify: (notice: { readonly title: string; readonly text: string }) => void;
  readonly quit: () => void;
}

/** Paused runs do not end a queue: somebody stopped them and is still there, or they wait for a sign-in. */
export function watchQueueEnd({ news, notify, quit }: AfterQueueOptions): void {
  let wasBusy = news.underWay > 0;
  news.listen({
    runsChanged: () => {
      const busy = news.underWay > 0;
      const ended = wasBusy && !busy && !news.runs.some((run) => run.state === "paused");
      wasBusy = busy;
      if (!ended) return;
      const what = news.setting("afterQueue");
      if (what === "notify") notify(queueEndedNotice);
      if (what === "quit") quit();
    },
  });
}
