// Tabs with a quiet underline.
import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

export interface TabItem<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

export function Tabs<V extends string>({
  label,
  value,
  items,
  onValueChange,
}: {
  readonly label: string;
  readonly value: V;
  readonly items: readonly TabItem<V>[];
  readonly onValueChange: (value: V) => void;
}) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next: V) => onValueChange(next)}
      className="flex min-h-0 flex-1 flex-col"
    >
      <Base.List aria-label={label} className="flex shrink-0 gap-1 border-b border-line px-2">
        {items.map((item) => (
          <Base.Tab
            key={item.value}
            value={item.value}
            className="-mb-px h-8 border-b-2 border-transparent px-2 text-sm text-muted hover:text-text data-active:border-accent data-active:text-text"
          >
            {item.label}
          </Base.Tab>
        ))}
      </Base.List>
      {items.map((item) => (
        <Base.Panel key={item.value} value={item.value} className="flex min-h-0 flex-1 flex-col outline-none">
          {item.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
