// Takes a run away as text: its command line to the clipboard, its sync file to the clipboard or to a file.
import type { RunOptions } from "../../shared/run.ts";
import { call, connection } from "../api/client.ts";
import { showError, showToast } from "../components/toast.tsx";
import { commandsText } from "../text/commands.ts";
import { planText } from "../text/plan.ts";
import { writeText } from "./clipboard.ts";
import { saveFile } from "./save-file.ts";

/** Copies the exact command line behind a run. True where it is on the clipboard now; a failure is shown. */
export async function copyCommand(runId: string, options?: RunOptions): Promise<boolean> {
  return tried(planText.copyCommand, async () => {
    const { command } = await call("runs.command", wish(runId, options));
    await writeCommand(command);
  });
}

/** Puts a command on the clipboard, and says so where the usual shells of the machine would read its quotes in another way. */
export async function writeCommand(command: string): Promise<void> {
  await writeText(command);
  const { state } = connection;
  const onWindows = state.kind === "open" && state.capabilities.platform === "win32";
  if (onWindows && /['\\]/.test(command)) showToast({ title: commandsText.posixQuotes });
}

/** The same as a sync file. */
export async function copySyncFile(runId: string, options?: RunOptions): Promise<boolean> {
  return tried(planText.copySyncFile, async () => {
    const { text } = await call("runs.syncFile", wish(runId, options));
    await writeText(text);
  });
}

export async function saveSyncFile(runId: string, options?: RunOptions): Promise<boolean> {
  return tried(planText.syncFile, async () => {
    const { fileName, text } = await call("runs.syncFile", wish(runId, options));
    saveFile({ fileName, mediaType: "application/yaml", text });
  });
}

function wish(runId: string, options: RunOptions | undefined): { runId: string; options?: RunOptions } {
  return options === undefined ? { runId } : { runId, options };
}

async function tried(what: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    showError(what, thrown);
    return false;
  }
}
