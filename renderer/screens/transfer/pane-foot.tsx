// The foot of a pane: what a copy would take, and the button that copies it to the other pane.
import { ArrowLeft, ArrowRight } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { otherSide, type Side, usePane, usePanes } from "../../state/panes.ts";
import { transferText } from "../../text/transfer.ts";
import { copyToOther, paneSource } from "./commands.ts";
import { payloadText } from "./drop-spec.ts";
import { useRepositories } from "./repositories.ts";
import { tagListOf } from "./tag-list.ts";
import { useKnownMatched } from "./tag-pages.ts";

export function PaneFoot({ side }: { readonly side: Side }) {
  const pane = usePane(side);
  // The tree's payload counts repositories: drawn again when their list arrives.
  useRepositories(pane.endpointId);
  // What the tags' count is of changes with the comparison too, and how many "all" are is known when their list arrives.
  usePanes((state) => state.compare);
  useKnownMatched(pane.selection.mode === "all" ? tagListOf(usePanes.getState(), side) : undefined);
  const payload = paneSource(side);
  const isActive = usePanes((state) => state.active === side);
  const to = otherSide(side);
  const button = (
    <Button
      size="small"
      variant={payload !== undefined && isActive ? "primary" : "secondary"}
      disabled={payload === undefined}
      onClick={() => copyToOther(side)}
      title="F5"
    >
      {to === "left" && <ArrowLeft aria-hidden className="size-3.5" />}
      {transferText.commands.copyTo[to]}
      {to === "right" && <ArrowRight aria-hidden className="size-3.5" />}
    </Button>
  );
  return (
    <footer className="flex h-9 shrink-0 items-center gap-3 border-t border-line bg-sunken px-2">
      {to === "left" && button}
      {/* One row is read when it gets the focus; what is selected together is said. */}
      <span
        aria-live={
          payload?.kind === "tags" && (pane.selection.mode === "all" || pane.selection.ids.size > 1)
            ? "polite"
            : "off"
        }
        className="min-w-0 flex-1 truncate px-1 text-xs text-muted"
      >
        {payload === undefined ? transferText.drop.nothing : payloadText(payload)}
      </span>
      {to === "right" && button}
    </footer>
  );
}
