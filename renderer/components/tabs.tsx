// Tabs over panels; arrows move between them.
import { Tabs as Base } from "@base-ui/react/tabs";
import { clsx } from "clsx";
import type { ReactNode } from "react";

export interface TabItem<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly panel: ReactNode;
}

export interface TabsProps<V extends string> {
  /** Names the list of tabs for screen readers. */
  readonly label: string;
  readonly value: V;
  readonly onValueChange: (value: V) => void;
  readonly tabs: readonly TabItem<V>[];
  /** Stands at the left of the tabs. */
  readonly lead?: ReactNode;
  /** Stands at the right of the tabs. */
  readonly aside?: ReactNode;
  readonly className?: string;
}

export function Tabs<V extends string>({
  label,
  value,
  onValueChange,
  tabs,
  lead,
  aside,
  className,
}: TabsProps<V>) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next: V) => onValueChange(next)}
      className={clsx("flex min-h-0 flex-1 flex-col", className)}
    >
      <div className="flex items-center gap-2 border-b border-line">
        {lead}
        <Base.List aria-label={label} className="flex min-w-0 flex-1 gap-1 overflow-x-auto px-2">
          {tabs.map((tab) => (
            <Base.Tab
              key={tab.value}
              value={tab.value}
              className="-mb-px flex h-8 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2.5 text-sm text-muted hover:text-text focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-accent data-active:border-accent data-active:font-medium data-active:text-text"
            >
              {tab.label}
            </Base.Tab>
          ))}
        </Base.List>
        {aside}
      </div>
      {tabs.map((tab) => (
        <Base.Panel
          key={tab.value}
          value={tab.value}
          className="flex min-h-0 flex-1 flex-col focus-visible:outline-none"
        >
          {tab.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
