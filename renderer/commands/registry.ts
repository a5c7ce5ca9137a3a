// Everything that can be done in the window, as commands: the palette, the shortcut sheet, keys and native menus all run these.
import { useEffect } from "react";
import { create } from "zustand";

export interface Command {
  /** `group.verb`, as in `transfer.copyToOther`; kept in settings and sent by native menus. */
  readonly id: string;
  readonly title: string;
  /** Heading in the palette and the shortcut sheet. */
  readonly group: string;
  /** Default keys: "Mod+K" (Mod = Cmd on macOS, else Ctrl), "F5", "?". */
  readonly keys?: string;
  /** Further words by which the palette finds it. */
  readonly keywords?: string;
  /** Its keys also work while a dialog or drawer is open, such as those of the drawer itself. Without it they do not. */
  readonly inDialogs?: boolean;
  /** Left out of the palette, such as the palette itself. */
  readonly unlisted?: boolean;
  /** Asked when the palette opens and when its keys are pressed. */
  readonly isEnabled?: () => boolean;
  readonly run: () => void;
}

interface Registry {
  /** What can be run now. */
  readonly commands: ReadonlyMap<string, Command>;
  /** Every command that was there since the start: their keys can be changed also while their screen is not shown. */
  readonly known: ReadonlyMap<string, Command>;
}

export const useCommandRegistry = create<Registry>(() => ({ commands: new Map(), known: new Map() }));

/** Adds commands; returns how to take them away. A later registration of the same id wins while it lasts. */
export function registerCommands(commands: readonly Command[]): () => void {
  const added = commands.map((command) => [command.id, command] as const);
  useCommandRegistry.setState((state) => ({
    commands: new Map([...state.commands, ...added]),
    known: new Map([...state.known, ...added]),
  }));
  return () =>
    useCommandRegistry.setState((state) => ({
      commands: new Map([...state.commands].filter(([, command]) => !commands.includes(command))),
    }));
}

/** Commands that are there while a component is. `make` is called again when `dependencies` change. */
export function useCommands(make: () => readonly Command[], dependencies: readonly unknown[]): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names what `make` depends on
  useEffect(() => registerCommands(make()), dependencies);
}

/** Runs a command where it is there and enabled; true where it was. */
export function runCommand(id: string): boolean {
  const command = useCommandRegistry.getState().commands.get(id);
  if (command === undefined || command.isEnabled?.() === false) return false;
  command.run();
  return true;
}
