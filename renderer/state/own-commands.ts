// The command line that does what was just done in the window: run a job, look into an image, compare or verify two.
import { imageWord, savedImageWord, shellWord } from "../../shared/command-words.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { SavedJob } from "../../shared/job.ts";
import { connection } from "../api/client.ts";
import { showError, showToast } from "../components/toast.tsx";
import { commandsText } from "../text/commands.ts";
import { writeCommand } from "./copy-command.ts";
import { useEndpoints } from "./endpoints.ts";
import type { ImageAt } from "./navigation.ts";

function line(words: readonly string[]): string {
  return ["freightliner", ...words].map(shellWord).join(" ");
}

/** The data folder is where jobs and registries are: what runs the line may be a timer that knows nothing of this program. */
function homeWords(): string[] {
  const { state } = connection;
  return state.kind === "open" ? ["--home", state.capabilities.dataFolder] : [];
}

export function jobCommand({ name }: SavedJob): string {
  return line(["jobs", "run", ...homeWords(), ...(name.startsWith("-") ? ["--"] : []), name]);
}

/** Undefined where the registry is not known any more; a folder or a file has no connection that were saved. */
function wordOf(image: ImageAt): string | undefined {
  const { endpoints } = useEndpoints.getState();
  const at = endpoints.find(({ id }) => id === image.endpointId);
  if (at === undefined) return undefined;
  const { name, settings } = at;
  if (settings.kind !== "registry") return imageWord(settings, image.repository, image.reference);
  const names = endpoints.map((endpoint) => endpoint.name);
  const word = savedImageWord(name, names, image);
  if (word !== undefined) return word;
  const message = commandsText.nameNotInCommand(name);
  throw new FreightlinerError({ code: "usage", operation: "copy-command", message });
}

/**
 * Undefined where the registry is not known any more.
 * @throws FreightlinerError `usage` where its name cannot stand on a command line.
 */
export function inspectCommand(image: ImageAt): string | undefined {
  const word = wordOf(image);
  return word === undefined ? undefined : line(["inspect", ...homeWords(), word]);
}

/**
 * Undefined where one of the registries is not known any more.
 * @throws FreightlinerError `usage` where the name of one cannot stand on a command line.
 */
export function pairCommand(
  verb: "compare" | "verify",
  ends: { readonly source: ImageAt; readonly destination: ImageAt },
  options: readonly string[] = [],
): string | undefined {
  const [source, destination] = [wordOf(ends.source), wordOf(ends.destination)];
  if (source === undefined || destination === undefined) return undefined;
  return line([verb, ...homeWords(), source, destination, ...options]);
}

/** Puts it on the clipboard and says so. */
export async function copyOwnCommand(make: () => string | undefined): Promise<void> {
  try {
    const command = make();
    if (command === undefined) return;
    await writeCommand(command);
    showToast({ title: commandsText.commandCopied, text: command, tone: "ok" });
  } catch (thrown) {
    showError(commandsText.copyAsCommand, thrown);
  }
}
