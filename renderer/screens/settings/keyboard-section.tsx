// Keyboard: the keys of every command, recorded by pressing them, with a warning where two commands want the same.
import { Keyboard, RotateCcw, TriangleAlert, X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import type { CommandDescription } from "../../commands/description.ts";
import { displayKeys, isMac, keysOfPress } from "../../commands/keys.ts";
import { rank } from "../../commands/rank.ts";
import { groupCommands, keysFor, rivals, setShortcut, useKnownCommands } from "../../commands/shortcuts.ts";
import { IconButton } from "../../components/button.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { useSetting } from "../../state/settings.ts";
import { keyboardText, rowText, settingsText } from "../../text/settings.ts";
import { Section } from "./section.tsx";
import { SettingRow, useReset } from "./setting-row.tsx";

export function KeyboardSection() {
  const [query, setQuery] = useState("");
  const known = useKnownCommands();
  const groups = groupCommands(known, ({ title, group }) => rank(query, title, group) !== undefined);
  return (
    <Section name="keyboard">
      <SettingRow name="shortcuts" stacked reset={useReset("shortcuts", rowText("shortcuts").title)}>
        <SearchField
          label={keyboardText.search}
          placeholder={keyboardText.search}
          value={query}
          onValueChange={setQuery}
          className="max-w-80"
        />
        <p className="mt-2 text-xs text-muted">{keyboardText.hint}</p>
        {groups.map(({ group, commands }) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame, a section would be one more landmark of a name that is there
          <div key={group} role="group" aria-label={group} className="mt-4">
            <h3 className="text-xs font-semibold text-muted">{group}</h3>
            <ul>
              {commands.map((command) => (
                <CommandLine key={command.id} command={command} known={known} />
              ))}
            </ul>
          </div>
        ))}
      </SettingRow>
    </Section>
  );
}

function CommandLine({
  command,
  known,
}: {
  readonly command: CommandDescription;
  readonly known: readonly CommandDescription[];
}) {
  const shortcuts = useSetting("shortcuts");
  const keys = keysFor(command, shortcuts);
  const changed = shortcuts[command.id] !== undefined;
  const others = rivals(command, known, shortcuts).map(({ title }) => title);
  return (
    <li className="flex min-h-8 items-center gap-2 border-b border-line text-sm last:border-b-0">
      <span className="min-w-0 flex-1 truncate">{command.title}</span>
      {others.length > 0 && (
        <span className="flex min-w-0 items-center gap-1 truncate text-xs text-warn">
          <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
          {keyboardText.taken(others)}
        </span>
      )}
      <KeyRecorder title={command.title} keys={keys} onKeys={(next) => setShortcut(command, next)} />
      <span className="flex w-13 shrink-0 gap-1">
        {keys !== "" && (
          <IconButton
            label={keyboardText.remove(command.title)}
            icon={<X aria-hidden className="size-3.5" />}
            onClick={() => setShortcut(command, "")}
          />
        )}
        {changed && (
          <IconButton
            label={settingsText.reset(command.title)}
            icon={<RotateCcw aria-hidden className="size-3.5" />}
            className="ml-auto"
            onClick={() => setShortcut(command, null)}
          />
        )}
      </span>
    </li>
  );
}

/** Records the next combination. While it does, no key runs a command. */
function KeyRecorder({
  title,
  keys,
  onKeys,
}: {
  readonly title: string;
  readonly keys: string;
  readonly onKeys: (keys: string) => void;
}) {
  const [recording, setRecording] = useState(false);
  const shown = displayKeys(keys, isMac());
  const keyDown = (event: KeyboardEvent): void => {
    if (!recording || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    const pressed = keysOfPress(event.nativeEvent, isMac());
    if (pressed === undefined) return;
    setRecording(false);
    if (pressed !== "Escape") onKeys(pressed === "Backspace" ? "" : pressed);
  };
  return (
    <button
      type="button"
      aria-label={`${keyboardText.change(title)}: ${recording ? keyboardText.press : shown === "" ? keyboardText.none : shown}`}
      {...(recording ? { "data-records-keys": "" } : {})}
      onClick={() => setRecording(true)}
      onKeyDown={keyDown}
      onBlur={() => setRecording(false)}
      className={`flex h-6 min-w-32 items-center justify-center gap-1.5 rounded-md border px-2 text-xs ${recording ? "border-accent bg-accent-soft text-accent-strong" : "border-line bg-sunken text-text hover:bg-hover"}`}
    >
      {recording && <Keyboard aria-hidden className="size-3.5" />}
      {recording ? (
        keyboardText.press
      ) : shown === "" ? (
        <span className="text-muted">{keyboardText.none}</span>
      ) : (
        shown
      )}
    </button>
  );
}
