// Puts the command line behind a run on the clipboard and says so.
import { call } from "../api/client.ts";
import { showError, showToast } from "../components/toast.tsx";
import { writeText } from "./clipboard.ts";

/** Copies the exact command line behind a run. */
export async function copyCommand(runId: string, done: string): Promise<void> {
  try {
    const { command } = await call("runs.command", { runId });
    await writeText(command);
    showToast({ title: done, text: command, tone: "ok" });
  } catch (thrown) {
    showError("Copy as command", thrown);
  }
}
