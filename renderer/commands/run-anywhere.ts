// Runs a command wherever it lives: goes to its screen first, and says in words why it cannot be run.
import { showToast } from "../components/toast.tsx";
import { showScreen, useNavigation } from "../state/navigation.ts";
import { commandsText } from "../text/commands.ts";
import { type CommandDescription, isLayer, isScreen } from "./description.ts";
import { runCommand, useCommandRegistry } from "./registry.ts";

/** How long a screen may take to be drawn and to read what the command needs. */
const patienceMs = 1500;
const pollMs = 50;

export function runAnywhere(id: string): void {
  if (runCommand(id)) return;
  const { commands, known } = useCommandRegistry.getState();
  const command = known.get(id);
  if (command === undefined) return;
  const { place } = command;
  if (commands.has(id) || !isScreen(place)) sayWhyNot(command);
  else {
    showScreen(place);
    void runOn(place, command);
  }
}

/** Gives up silently where the person went elsewhere meanwhile. */
async function runOn(place: string, command: CommandDescription): Promise<void> {
  for (let waited = 0; waited < patienceMs; waited += pollMs) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    const { screen, overlay } = useNavigation.getState();
    if (screen !== place || overlay !== undefined || runCommand(command.id)) return;
  }
  sayWhyNot(command);
}

function sayWhyNot({ title, place, needs }: CommandDescription): void {
  const general = isLayer(place) ? commandsText.needsLayer[place] : commandsText.needsSomething;
  showToast({ title: commandsText.cannotRun(title), text: needs ?? general });
}
