// Progress at the program's icon and the number of transfers under way.
import type { BrowserWindow } from "electron";
import { fraction } from "../../shared/progress.ts";
import type { ElectronParts } from "./electron-parts.ts";
import type { DeskNews } from "./news.ts";

export interface TaskbarOptions {
  readonly app: Pick<ElectronParts["app"], "setBadgeCount">;
  readonly news: DeskNews;
  readonly window: () => BrowserWindow | undefined;
}

export function showInTaskbar({ app, news, window }: TaskbarOptions): void {
  let shown = "";
  let counted = 0;
  const update = (): void => {
    const [value, mode] = progressOf(news);
    const key = `${value.toFixed(2)} ${mode}`;
    const at = window();
    if (key !== shown && at !== undefined && !at.isDestroyed()) {
      shown = key;
      at.setProgressBar(value, { mode });
    }
    // Setting it asks the desktop each time; it changes rarely.
    if (news.underWay === counted) return;
    counted = news.underWay;
    app.setBadgeCount(counted);
  };
  news.listen({ runsChanged: update, totalChanged: update });
}

type Mode = "none" | "normal" | "indeterminate" | "paused";

/** −1 takes the bar away. */
function progressOf(news: DeskNews): readonly [value: number, mode: Mode] {
  if (news.underWay === 0) {
    const paused = news.runs.some((run) => run.state === "paused");
    return paused && news.total !== null ? [shareOf(news), "paused"] : [-1, "none"];
  }
  const { total } = news;
  return total === null || total.total === 0 ? [2, "indeterminate"] : [shareOf(news), "normal"];
}

function shareOf({ total }: DeskNews): number {
  return total === null ? 0 : (fraction(total.bytes, total.total) ?? 0);
}
