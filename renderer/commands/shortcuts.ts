// Which keys each command has: its own ones, or what the person set in their place; and where two want the same.
import { useMemo } from "react";
import { setSetting, settingNow, useSetting } from "../state/settings.ts";
import { displayKeys, isMac, normaliseKeys } from "./keys.ts";
import { type Command, useCommandRegistry } from "./registry.ts";

/** Command id to keys; "" = none. */
export type Shortcuts = Readonly<Record<string, string>>;

/** "" where a command has none. */
export function keysFor(command: Pick<Command, "id" | "keys">, shortcuts: Shortcuts): string {
  return shortcuts[command.id] ?? command.keys ?? "";
}

/** The keys of a command as people read them, for menus, tooltips and buttons; undefined where it has none. */
export function useShortcutText(id: string): string | undefined {
  const shortcuts = useSetting("shortcuts");
  const command = useCommandRegistry(({ commands }) => commands.get(id));
  if (command === undefined) return undefined;
  const text = displayKeys(keysFor(command, shortcuts), isMac());
  return text === "" ? undefined : text;
}

/** The commands that these keys would run, without `except`. */
export function commandsWithKeys(
  keys: string,
  commands: Iterable<Command>,
  shortcuts: Shortcuts,
  except?: string,
): readonly Command[] {
  const wanted = normaliseKeys(keys);
  if (wanted === undefined) return [];
  return [...commands].filter(
    (command) => command.id !== except && normaliseKeys(keysFor(command, shortcuts)) === wanted,
  );
}

/** Null takes the person's choice away: the command's own keys hold again. */
export function setShortcut(command: Pick<Command, "id" | "keys">, keys: string | null): void {
  const { [command.id]: _, ...rest } = settingNow("shortcuts");
  const own = keys === null || normaliseKeys(keys) === normaliseKeys(command.keys ?? "");
  const next = own ? rest : { ...rest, [command.id]: keys };
  setSetting("shortcuts", Object.keys(next).length === 0 ? null : next);
}

export interface CommandGroup {
  readonly group: string;
  readonly commands: readonly Command[];
}

/** In groups by the order in which they first came, without those that `isShown` refuses. */
export function groupCommands(
  commands: Iterable<Command>,
  isShown: (command: Command) => boolean,
): readonly CommandGroup[] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    if (!isShown(command)) continue;
    const list = groups.get(command.group) ?? [];
    groups.set(command.group, list);
    list.push(command);
  }
  return [...groups].map(([group, list]) => ({ group, commands: list }));
}

export function useKnownCommands(): readonly Command[] {
  const known = useCommandRegistry((state) => state.known);
  return useMemo(() => [...known.values()], [known]);
}
