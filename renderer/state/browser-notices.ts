// Tells of ended runs through the browser, where the face has no notifications of its own and the person allowed it.
import {
  groupNotices,
  isUnderWay,
  noticeOf,
  queueEndedNotice,
  type RunNotice,
} from "../../shared/notices.ts";
import type { Run, RunState } from "../../shared/run.ts";
import { connection } from "../api/client.ts";
import { showScreen } from "./navigation.ts";
import { useRuns } from "./runs.ts";
import { settingNow } from "./settings.ts";

export type BrowserPermission = NotificationPermission | "unsupported";

export function browserPermission(): BrowserPermission {
  return typeof Notification === "undefined" ? "unsupported" : Notification.permission;
}

/** Must come from a click: browsers ask for nothing else. */
export async function askToNotify(): Promise<BrowserPermission> {
  return typeof Notification === "undefined" ? "unsupported" : Notification.requestPermission();
}

/** Milliseconds over which ends are gathered into one notice. */
const gatherMs = 1500;

/** Starts listening; returns how to stop. Nothing is told where the shell itself tells. */
export function tellByBrowser(): () => void {
  const states = new Map<string, RunState>();
  let waiting: RunNotice[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    for (const { kind, title, text, runIds } of groupNotices(waiting)) {
      const [runId] = runIds.slice(-1);
      show(kind, title, text, () => showScreen("transfers", runId === undefined ? {} : { runId }));
    }
    waiting = [];
  };
  const hear = (before: RunState, run: Run): void => {
    if (!isOurs()) return;
    const notice = noticeOf(before, run, settingNow("notifications"), document.hasFocus());
    if (notice !== undefined) {
      waiting.push(notice);
      timer ??= setTimeout(flush, gatherMs);
    }
    if (isUnderWay(before) && !isUnderWay(run.state)) tellOfQueue();
  };
  const look = (): void => {
    for (const run of useRuns.getState().runs) {
      const before = states.get(run.id);
      if (before === run.state) continue;
      states.set(run.id, run.state);
      if (before !== undefined) hear(before, run);
    }
  };
  look();
  const stop = useRuns.subscribe(look);
  return () => {
    stop();
    clearTimeout(timer);
  };
}

function isOurs(): boolean {
  const { state } = connection;
  return state.kind === "open" && !state.capabilities.can.notify && browserPermission() === "granted";
}

function tellOfQueue(): void {
  if (settingNow("afterQueue") !== "notify") return;
  if (useRuns.getState().runs.some(({ state }) => isUnderWay(state))) return;
  show("queue", queueEndedNotice.title, queueEndedNotice.text, () => showScreen("transfers"));
}

/** One per tag: a newer one takes the place of the older. */
function show(tag: string, title: string, body: string, onClick: () => void): void {
  const notification = new Notification(title, { body, tag: `freightliner-${tag}` });
  notification.onclick = () => {
    window.focus();
    onClick();
    notification.close();
  };
}
