// The sheet of all shortcuts: grouped, searchable, and good to print.
import { Printer } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import type { CommandDescription } from "../../commands/description.ts";
import { displayKeys, isMac } from "../../commands/keys.ts";
import { rank } from "../../commands/rank.ts";
import { useCommandRegistry } from "../../commands/registry.ts";
import { groupCommands, keysFor, useKnownCommands } from "../../commands/shortcuts.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Keys } from "../../components/kbd.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { closeOverlay, showScreen, useNavigation } from "../../state/navigation.ts";
import { useSetting } from "../../state/settings.ts";
import { sheetText } from "../../text/commands.ts";

export function ShortcutSheet() {
  const open = useNavigation(({ overlay }) => overlay === "shortcuts");
  const [query, setQuery] = useState("");
  const search = useRef<HTMLElement>(null);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        setQuery("");
        closeOverlay();
      }}
      title={sheetText.title}
      width="large"
      initialFocus={search}
      foot={
        <>
          <Button
            variant="quiet"
            onClick={() => {
              closeOverlay();
              showScreen("settings", { settings: "shortcuts" });
            }}
          >
            {sheetText.edit}
          </Button>
          <Button icon={<Printer aria-hidden className="size-4" />} onClick={() => window.print()}>
            {sheetText.print}
          </Button>
        </>
      }
    >
      <div
        ref={(box) => {
          search.current = box?.querySelector("input") ?? null;
        }}
        className="mb-4 print:hidden"
      >
        <SearchField
          label={sheetText.search}
          value={query}
          onValueChange={setQuery}
          placeholder={sheetText.search}
        />
      </div>
      <Sheet query={query} />
    </Dialog>
  );
}

interface Line {
  readonly id: string;
  readonly keys: readonly string[];
  readonly what: string;
  /** Its screen is not shown now. */
  readonly elsewhere?: boolean;
}

function Sheet({ query }: { readonly query: string }) {
  const known = useKnownCommands();
  const active = useCommandRegistry((state) => state.commands);
  const shortcuts = useSetting("shortcuts");
  const hasKeys = (command: CommandDescription): boolean => keysFor(command, shortcuts) !== "";
  const groups = groupCommands(known, hasKeys).map(({ group, commands }) => ({
    group,
    lines: commands.map((command) => ({
      id: command.id,
      keys: [keysFor(command, shortcuts)],
      what: command.title,
      elsewhere: !active.has(command.id),
    })),
  }));
  const shown = [...groups, { group: sheetText.lists, lines: listLines }]
    .map(({ group, lines }) => ({ group, lines: lines.filter((line) => matches(line, group, query)) }))
    .filter(({ lines }) => lines.length > 0);
  if (shown.length === 0) return <p className="py-8 text-center text-sm text-muted">{sheetText.nothing}</p>;
  return (
    <div data-print="" className="columns-2 gap-8 min-[75rem]:columns-3 print:columns-2">
      {shown.map(({ group, lines }) => (
        <Group key={group} title={group} elsewhere={lines.every(isElsewhere)}>
          {lines.map((line) => (
            <Shortcut key={line.id} line={line} marked={isElsewhere(line) && !lines.every(isElsewhere)} />
          ))}
        </Group>
      ))}
    </div>
  );
}

const listLines: readonly Line[] = [
  ...sheetText.listKeys.map(({ keys, what }) => ({ id: what, keys, what })),
  { id: "type-ahead", keys: [sheetText.typeAhead], what: sheetText.typeAheadWhat },
];

function matches(line: Line, group: string, query: string): boolean {
  const keys = line.keys.map((one) => displayKeys(one, isMac())).join(" ");
  return rank(query, line.what, `${group} ${keys}`) !== undefined;
}

function isElsewhere({ elsewhere }: Line): boolean {
  return elsewhere === true;
}

function Group({
  title,
  elsewhere,
  children,
}: {
  readonly title: string;
  /** All of it belongs to a screen that is not shown: said once. */
  readonly elsewhere: boolean;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={title} className="mb-5 break-inside-avoid">
      <h3 className="mb-1 text-xs font-semibold text-muted">
        {title}
        {elsewhere && <span className="font-normal"> ({sheetText.elsewhere})</span>}
      </h3>
      <dl className="flex flex-col">{children}</dl>
    </section>
  );
}

function Shortcut({ line, marked }: { readonly line: Line; readonly marked: boolean }) {
  return (
    <div className="flex min-h-7 items-center gap-3 border-b border-line py-0.5 text-sm">
      <dt className="min-w-0 flex-1">
        {line.what}
        {marked && <span className="text-xs text-muted"> ({sheetText.elsewhere})</span>}
      </dt>
      <dd className="flex shrink-0 gap-1">
        {line.keys.map((one) => (
          <Keys key={one} text={displayKeys(one, isMac())} />
        ))}
      </dd>
    </div>
  );
}
