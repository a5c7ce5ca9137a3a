// Puts the command line behind a run on the clipboard.
import { call } from "../api/client.ts";
import { showError } from "../components/toast.tsx";
import { planText } from "../text/plan.ts";
import { writeText } from "./clipboard.ts";

/** Copies the exact command line behind a run. True where it is on the clipboard now; a failure is shown. */
export async function copyCommand(runId: string): Promise<boolean> {
  try {
    const { command } = await call("runs.command", { runId });
    await writeText(command);
    return true;
  } catch (thrown) {
    showError(planText.copyCommand, thrown);
    return false;
  }
}
