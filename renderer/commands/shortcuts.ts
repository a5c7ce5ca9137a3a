// Which keys each command has: its own ones, or what the person set in their place; and where two want the same.
import { useMemo } from "react";
import { setSetting, settingNow, useSetting } from "../state/settings.ts";
import type { CommandDescription } from "./description.ts";
import { displayKeys, isMac, normaliseKeys } from "./keys.ts";
import { useCommandRegistry } from "./registry.ts";

/** Command id to keys; "" = none. */
export type Shortcuts = Readonly<Record<string, string>>;

/** "" where a command has none. */
export function keysFor(command: Pick<CommandDescription, "id" | "keys">, shortcuts: Shortcuts): string {
  return shortcuts[command.id] ?? command.keys ?? "";
}

/** The keys of a command as people read them, for menus, tooltips and buttons; undefined where it has none. */
export function useShortcutText(id: string): string | undefined {
  const shortcuts = useSetting("shortcuts");
  const command = useCommandRegistry(({ known }) => known.get(id));
  if (command === undefined) return undefined;
  const text = displayKeys(keysFor(command, shortcuts), isMac());
  return text === "" ? undefined : text;
}

/** The commands that these keys would run. */
export function commandsWithKeys<C extends CommandDescription>(
  keys: string,
  commands: Iterable<C>,
  shortcuts: Shortcuts,
): readonly C[] {
  const wanted = normaliseKeys(keys);
  if (wanted === undefined) return [];
  return [...commands].filter((command) => normaliseKeys(keysFor(command, shortcuts)) === wanted);
}

/** The other commands that want the keys of this one where it can be run: two screens may each have their own. */
export function rivals(
  command: CommandDescription,
  commands: Iterable<CommandDescription>,
  shortcuts: Shortcuts,
): readonly CommandDescription[] {
  return commandsWithKeys(keysFor(command, shortcuts), commands, shortcuts).filter(
    ({ id, place }) =>
      id !== command.id && (place === undefined || command.place === undefined || place === command.place),
  );
}

/** Null takes the person's choice away: the command's own keys hold again. */
export function setShortcut(command: Pick<CommandDescription, "id" | "keys">, keys: string | null): void {
  const { [command.id]: _, ...rest } = settingNow("shortcuts");
  const own = keys === null || normaliseKeys(keys) === normaliseKeys(command.keys ?? "");
  const next = own ? rest : { ...rest, [command.id]: keys };
  setSetting("shortcuts", Object.keys(next).length === 0 ? null : next);
}

export interface CommandGroup {
  readonly group: string;
  readonly commands: readonly CommandDescription[];
}

/** In groups by the order in which they first came, without those that `isShown` refuses. */
export function groupCommands(
  commands: Iterable<CommandDescription>,
  isShown: (command: CommandDescription) => boolean,
): readonly CommandGroup[] {
  const groups = new Map<string, CommandDescription[]>();
  for (const command of commands) {
    if (!isShown(command)) continue;
    const list = groups.get(command.group) ?? [];
    groups.set(command.group, list);
    list.push(command);
  }
  return [...groups].map(([group, list]) => ({ group, commands: list }));
}

export function useKnownCommands(): readonly CommandDescription[] {
  const known = useCommandRegistry((state) => state.known);
  return useMemo(() => [...known.values()], [known]);
}
