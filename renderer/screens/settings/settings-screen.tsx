// The Settings screen: sections at the left, found by a search.

import {
  Archive,
  Bell,
  Braces,
  Database,
  Download,
  Flag,
  History,
  Info,
  Keyboard,
  KeyRound,
  ListChecks,
  Network,
  Palette,
  ScrollText,
} from "lucide-react";
import { type ReactNode, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { EmptyState } from "../../components/states.tsx";
import { useCapabilities } from "../../state/connection.ts";
import { useNavigation } from "../../state/navigation.ts";
import {
  type SectionName,
  type SettingRowName,
  sectionNames,
  settingRowNames,
  settingsText,
} from "../../text/settings.ts";
import { AppearanceSection } from "./appearance-section.tsx";
import { DataSection } from "./data-section.tsx";
import { DiagnosticsSection } from "./diagnostics-section.tsx";
import { AfterQueueSection, HistorySection } from "./history-section.tsx";
import { KeyboardSection } from "./keyboard-section.tsx";
import { NotificationsSection } from "./notifications-section.tsx";
import { NetworkSection } from "./places-sections.tsx";
import { AboutSection, LogSection, UpdatesSection } from "./program-sections.tsx";
import { SecretsSection } from "./secrets-section.tsx";
import { ShownRowsContext, shownRows, shownSections } from "./shown-rows.ts";
import { TextSection } from "./text-section.tsx";
import { TransfersSection } from "./transfers-section.tsx";

const icon = "size-4 shrink-0";
const sections: Readonly<Record<SectionName, { readonly icon: ReactNode; readonly body: () => ReactNode }>> =
  {
    appearance: { icon: <Palette aria-hidden className={icon} />, body: AppearanceSection },
    transfers: { icon: <ListChecks aria-hidden className={icon} />, body: TransfersSection },
    notifications: { icon: <Bell aria-hidden className={icon} />, body: NotificationsSection },
    afterQueue: { icon: <Flag aria-hidden className={icon} />, body: AfterQueueSection },
    history: { icon: <History aria-hidden className={icon} />, body: HistorySection },
    keyboard: { icon: <Keyboard aria-hidden className={icon} />, body: KeyboardSection },
    secrets: { icon: <KeyRound aria-hidden className={icon} />, body: SecretsSection },
    network: { icon: <Network aria-hidden className={icon} />, body: NetworkSection },
    data: { icon: <Database aria-hidden className={icon} />, body: DataSection },
    log: { icon: <ScrollText aria-hidden className={icon} />, body: LogSection },
    updates: { icon: <Download aria-hidden className={icon} />, body: UpdatesSection },
    diagnostics: { icon: <Archive aria-hidden className={icon} />, body: DiagnosticsSection },
    text: { icon: <Braces aria-hidden className={icon} />, body: TextSection },
    about: { icon: <Info aria-hidden className={icon} />, body: AboutSection },
  };

export function SettingsScreen() {
  const [query, setQuery] = useState("");
  const wanted = useDeferredValue(query);
  const can = useCapabilities()?.can;
  const rows = useMemo(() => (can === undefined ? new Set<never>() : shownRows(wanted, can)), [wanted, can]);
  const shown = shownSections(rows);
  const scroller = useRef<HTMLDivElement>(null);
  useWishedRow(() => setQuery(""));
  const go = (section: SectionName): void => {
    scroller.current?.querySelector(`#section-${section}`)?.scrollIntoView({ block: "start" });
  };
  return (
    <div className="flex min-h-0 flex-1">
      <nav
        aria-label={settingsText.sections}
        className="flex w-56 shrink-0 flex-col gap-0.5 overflow-y-auto border-r border-line bg-canvas p-3"
      >
        <SearchField
          label={settingsText.search}
          placeholder={settingsText.search}
          value={query}
          onValueChange={setQuery}
          className="mb-2"
        />
        {shown.map((section) => (
          <button
            key={section}
            type="button"
            onClick={() => go(section)}
            className="flex h-8 shrink-0 items-center gap-2.5 rounded-md px-2.5 text-left text-sm text-muted hover:bg-hover hover:text-text"
          >
            {sections[section].icon}
            {sectionNames[section]}
          </button>
        ))}
      </nav>
      <div ref={scroller} className="relative min-w-0 flex-1 overflow-y-auto bg-sunken">
        <ShownRowsContext value={rows}>
          {shown.length === 0 && query !== "" ? (
            <div className="flex h-full flex-col">
              <EmptyState title={settingsText.nothing(query)}>
                <Button size="small" onClick={() => setQuery("")}>
                  {settingsText.clearSearch}
                </Button>
              </EmptyState>
            </div>
          ) : (
            <div className="mx-auto flex max-w-200 flex-col gap-7 px-6 pt-6 pb-16">
              {shown.map((section) => {
                const Body = sections[section].body;
                return <Body key={section} />;
              })}
            </div>
          )}
        </ShownRowsContext>
      </div>
    </div>
  );
}

/** Brings the setting or section into sight that a command, the palette or the status bar asked for. */
function useWishedRow(clearSearch: () => void): void {
  const focus = useNavigation((state) => state.focus);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per wish
  useEffect(() => {
    if (focus.settings === undefined) return;
    clearSearch();
    const id = idOf(focus.settings);
    // After the rows are drawn that the search had hidden.
    const frame = requestAnimationFrame(() => {
      const row = id === undefined ? null : document.getElementById(id);
      row?.scrollIntoView({ block: "center" });
      row?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [focus]);
}

function idOf(wish: string): string | undefined {
  if (Object.hasOwn(sectionNames, wish)) return `section-${wish}`;
  const row = settingRowNames.find((name: SettingRowName) => name === wish);
  return row === undefined ? undefined : `setting-${row}`;
}
