// What the page itself does when the last transfer has ended. Where a shell is around it, the shell does it.
import type { Run } from "../../../shared/run.ts";
import { readSetting } from "../../../shared/settings.ts";
import { connection } from "../../api/client.ts";
import { showToast } from "../../components/toast.tsx";
import { useSettings } from "../../state/settings.ts";
import { runName, transfersText } from "../../text/transfers.ts";

function isBusy({ state }: Run): boolean {
  return state === "queued" || state === "running";
}

export class AfterQueue {
  #busy = false;

  hear(runs: readonly Run[]): void {
    const busy = runs.some(isBusy);
    const ended = this.#busy && !busy;
    this.#busy = busy;
    if (!ended || readSetting(useSettings.getState().values, "afterQueue") !== "notify") return;
    const { state } = connection;
    if (state.kind !== "open" || state.capabilities.can.notify) return;
    notify(runs.find(({ finishedAt }) => finishedAt !== null));
  }
}

function notify(last: Run | undefined): void {
  const title = transfersText.afterQueue.title;
  const body = last === undefined ? "" : runName(last);
  if ("Notification" in window && Notification.permission === "granted") new Notification(title, { body });
  else showToast({ title, text: body, tone: "ok" });
}

/** Asks the browser once for what was just chosen; without it the window says so itself. */
export async function askToNotify(): Promise<void> {
  const { state } = connection;
  if (state.kind !== "open" || state.capabilities.can.notify || !("Notification" in window)) return;
  if ((await Notification.requestPermission()) === "denied")
    showToast({ title: transfersText.afterQueue.refused });
}
