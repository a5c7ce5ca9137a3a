// The command line that does what was just done in the window: run a job, look into an image, compare or verify two.
import { connectionFlags, imageWord, shellWord } from "../../shared/command-words.ts";
import type { Endpoint } from "../../shared/endpoint.ts";
import type { SavedJob } from "../../shared/job.ts";
import { connection } from "../api/client.ts";
import { showError, showToast } from "../components/toast.tsx";
import { commandsText } from "../text/commands.ts";
import { writeText } from "./clipboard.ts";
import { useEndpoints } from "./endpoints.ts";
import type { ImageAt } from "./navigation.ts";

function line(words: readonly string[]): string {
  return ["freightliner", ...words].map(shellWord).join(" ");
}

/** With the data folder, where the job is: what runs it may be a timer that knows nothing of this program. */
export function jobCommand({ name }: SavedJob): string {
  const { state } = connection;
  const home = state.kind === "open" ? ["--home", state.capabilities.dataFolder] : [];
  return line(["jobs", "run", ...home, ...(name.startsWith("-") ? ["--"] : []), name]);
}

function endpointOf({ endpointId }: ImageAt): Endpoint | undefined {
  return useEndpoints.getState().endpoints.find(({ id }) => id === endpointId);
}

function wordOf({ settings }: Endpoint, image: ImageAt): string {
  return imageWord(settings, image.repository, image.reference);
}

/** Undefined where the registry is not known any more. */
export function inspectCommand(image: ImageAt): string | undefined {
  const at = endpointOf(image);
  if (at === undefined) return undefined;
  const flags = connectionFlags(at.settings, undefined);
  return line(["inspect", wordOf(at, image), ...flags]);
}

/** Undefined where one of the registries is not known any more. */
export function pairCommand(
  verb: "compare" | "verify",
  ends: { readonly source: ImageAt; readonly destination: ImageAt },
): string | undefined {
  const [source, destination] = [endpointOf(ends.source), endpointOf(ends.destination)];
  if (source === undefined || destination === undefined) return undefined;
  return line([
    ...[verb, wordOf(source, ends.source), wordOf(destination, ends.destination)],
    ...connectionFlags(source.settings, "source"),
    ...connectionFlags(destination.settings, "destination"),
  ]);
}

/** Puts it on the clipboard and says so. */
export async function copyOwnCommand(command: string | undefined): Promise<void> {
  if (command === undefined) return;
  try {
    await writeText(command);
    showToast({ title: commandsText.commandCopied, text: command, tone: "ok" });
  } catch (thrown) {
    showError(commandsText.copyAsCommand, thrown);
  }
}
