// The command palette over actions, registries, repositories, jobs and settings; a pasted reference can be opened from it.
import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useMemo, useState } from "react";
import { call } from "../../api/client.ts";
import { useOpenLayer } from "../../commands/layer.ts";
import { useCommandRegistry } from "../../commands/registry.ts";
import { Keys } from "../../components/kbd.tsx";
import { useEndpoints } from "../../state/endpoints.ts";
import { closeOverlay, focusBefore, useNavigation } from "../../state/navigation.ts";
import { setSetting, useSetting, useSettings } from "../../state/settings.ts";
import { paletteText } from "../../text/commands.ts";
import type { PaletteGroup, PaletteItem } from "./palette-item.ts";
import { paletteGroups } from "./palette-items.ts";

export function CommandPalette() {
  const open = useNavigation(({ overlay }) => overlay === "palette");
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && closeOverlay()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-shade transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup
          data-modal=""
          aria-label={paletteText.title}
          finalFocus={focusBefore}
          // Comes softly and goes at once: what was typed is never seen again, neither fading nor at the next opening.
          className="fixed top-[12vh] left-1/2 z-50 flex max-h-[min(34rem,76vh)] w-160 max-w-[calc(100vw-48px)] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line bg-surface text-text shadow-dialog transition-[opacity,scale] duration-100 ease-calm data-starting-style:scale-98 data-starting-style:opacity-0"
          hidden={!open}
        >
          {open && <PaletteBody />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const recentKey = "palette.recent";
const recentKept = 12;

function useRecent(): readonly string[] {
  const value = useSettings((state) => state.values[recentKey]);
  return useMemo(() => (Array.isArray(value) ? value.filter((id) => typeof id === "string") : []), [value]);
}

function PaletteBody() {
  const [query, setQuery] = useState("");
  const { commands, known } = useCommandRegistry();
  const screen = useNavigation((state) => state.screen);
  const layer = useOpenLayer();
  const endpoints = useEndpoints((state) => state.endpoints);
  const shortcuts = useSetting("shortcuts");
  const recent = useRecent();
  const jobs = useQuery({ queryKey: ["jobs.list"], queryFn: ({ signal }) => call("jobs.list", {}, signal) });
  const groups = useMemo(
    () =>
      paletteGroups(query, {
        commands,
        known,
        screen,
        layer,
        shortcuts,
        endpoints,
        jobs: jobs.data?.jobs ?? [],
        recent,
      }),
    [query, commands, known, screen, layer, shortcuts, endpoints, jobs.data, recent],
  );
  const run = (item: PaletteItem): void => {
    closeOverlay();
    const id = item.id.replace(/^recent\./, "");
    if (known.has(id))
      setSetting(recentKey, [id, ...recent.filter((one) => one !== id)].slice(0, recentKept));
    // After the dialog gave the focus back, so that what the command opens keeps it.
    requestAnimationFrame(item.run);
  };
  return (
    <Autocomplete.Root
      open
      inline
      items={groups}
      filter={null}
      value={query}
      onValueChange={(next, details) => details.reason !== "item-press" && setQuery(next)}
      autoHighlight="always"
      keepHighlight
      itemToStringValue={(item: PaletteItem) => item.title}
    >
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search aria-hidden className="size-4 shrink-0 text-muted" />
        <Autocomplete.Input
          // At once, not in the next frame: what is typed right after the keys that open it is not lost.
          ref={(input) => input?.focus()}
          aria-label={paletteText.title}
          placeholder={paletteText.placeholder}
          spellCheck={false}
          className="h-12 min-w-0 flex-1 bg-transparent text-base text-text outline-none placeholder:text-muted"
        />
      </div>
      <Autocomplete.Status className="hidden-text">
        {paletteText.results(groups.reduce((sum, { items }) => sum + items.length, 0))}
      </Autocomplete.Status>
      <Autocomplete.Empty className="empty:hidden">
        <span className="block px-4 py-8 text-center text-sm">
          {paletteText.nothing}
          <span className="mt-1 block text-xs text-muted">{paletteText.nothingHint}</span>
        </span>
      </Autocomplete.Empty>
      <Autocomplete.List
        aria-label={paletteText.title}
        className="min-h-0 flex-1 scroll-py-2 overflow-y-auto overscroll-contain p-1.5 data-empty:p-0"
      >
        {(group: PaletteGroup) => <Group key={group.value} group={group} onRun={run} />}
      </Autocomplete.List>
      <Foot />
    </Autocomplete.Root>
  );
}

function Group({
  group,
  onRun,
}: {
  readonly group: PaletteGroup;
  readonly onRun: (item: PaletteItem) => void;
}) {
  return (
    <Autocomplete.Group items={group.items} className="mb-1">
      <Autocomplete.GroupLabel className="px-2.5 pt-1.5 pb-0.5 text-2xs font-medium text-muted">
        {group.value}
      </Autocomplete.GroupLabel>
      <Autocomplete.Collection>
        {(item: PaletteItem) => (
          <Autocomplete.Item
            key={item.id}
            value={item}
            onClick={() => onRun(item)}
            className="flex h-8 items-center gap-3 rounded-md px-2.5 text-sm outline-none data-highlighted:bg-accent-soft forced-colors:data-highlighted:outline-2"
          >
            <span className="min-w-0 flex-1 truncate">{item.title}</span>
            {item.detail !== undefined && (
              <span className="max-w-60 truncate text-xs text-muted">{item.detail}</span>
            )}
            {item.keys !== undefined && <Keys text={item.keys} />}
          </Autocomplete.Item>
        )}
      </Autocomplete.Collection>
    </Autocomplete.Group>
  );
}

function Foot() {
  const { run, move, close } = paletteText.foot;
  return (
    <div className="flex items-center gap-4 border-t border-line bg-sunken px-4 py-2 text-xs text-muted">
      <span className="flex items-center gap-1.5">
        <Keys text="↑" />
        <Keys text="↓" />
        {move}
      </span>
      <span className="flex items-center gap-1.5">
        <Keys text="↩" />
        {run}
      </span>
      <span className="flex items-center gap-1.5">
        <Keys text="Esc" />
        {close}
      </span>
    </div>
  );
}
