// A section of the settings: its heading and a card of rows; not there while nothing in it is shown.
import { type ReactNode, useContext } from "react";
import { rowText, type SectionName, sectionNames } from "../../text/settings.ts";
import { ShownRowsContext } from "./shown-rows.ts";

export function Section({ name, children }: { readonly name: SectionName; readonly children: ReactNode }) {
  const rows = useContext(ShownRowsContext);
  if (![...rows].some((row) => rowText(row).section === name)) return null;
  return (
    <section id={`section-${name}`} aria-labelledby={`heading-${name}`} className="scroll-mt-4">
      <h2 id={`heading-${name}`} className="mb-2 text-base font-semibold">
        {sectionNames[name]}
      </h2>
      <div className="rounded-lg border border-line bg-surface">{children}</div>
    </section>
  );
}
