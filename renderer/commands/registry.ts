// Everything that can be done in the window, as commands: the palette, the shortcut sheet, keys and native menus all run these.
import { useEffect } from "react";
import { create } from "zustand";
import { type CommandId, catalogue } from "./catalogue.ts";
import type { CommandDescription } from "./description.ts";

export interface Action {
  /** What it acts on, where that can be said in place of the general title. */
  readonly title?: string;
  /** Asked when the palette opens and when its keys are pressed. */
  readonly isEnabled?: () => boolean;
  readonly run: () => void;
}

export interface Command extends CommandDescription, Action {
  readonly title: string;
}

/** What a screen can do while it is shown. */
export type Actions = { readonly [Id in CommandId]?: Action };

interface Registry {
  /** What can be run now. */
  readonly commands: ReadonlyMap<string, Command>;
  /** Every command there is, also those of screens that are not shown. */
  readonly known: ReadonlyMap<string, CommandDescription>;
}

export const useCommandRegistry = create<Registry>(() => ({
  commands: new Map(),
  known: new Map(catalogue.map((command) => [command.id, command])),
}));

/** Adds commands; returns how to take them away. A later registration of the same id wins while it lasts. */
export function registerCommands(commands: readonly Command[]): () => void {
  const added = commands.map((command) => [command.id, command] as const);
  useCommandRegistry.setState((state) => ({
    commands: new Map([...state.commands, ...added]),
    known: new Map([...state.known, ...added.filter(([id]) => !state.known.has(id))]),
  }));
  return () =>
    useCommandRegistry.setState((state) => ({
      commands: new Map([...state.commands].filter(([, command]) => !commands.includes(command))),
    }));
}

/** Makes commands of the catalogue runnable. */
export function registerActions(actions: Actions): () => void {
  const { known } = useCommandRegistry.getState();
  return registerCommands(
    Object.entries(actions).flatMap(([id, action]) => {
      const description = known.get(id);
      return description === undefined ? [] : [{ ...description, ...action }];
    }),
  );
}

/** Commands that can be run while a component is there. `make` is called again when `dependencies` change. */
export function useCommands(make: () => Actions, dependencies: readonly unknown[]): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names what `make` depends on
  useEffect(() => registerActions(make()), dependencies);
}

/** Runs a command where it is there and enabled; true where it was. */
export function runCommand(id: string): boolean {
  const command = useCommandRegistry.getState().commands.get(id);
  if (command === undefined || command.isEnabled?.() === false) return false;
  command.run();
  return true;
}
