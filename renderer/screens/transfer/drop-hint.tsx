// While something is dragged over a pane: what would be copied where, or why not.
import { Ban, Copy } from "lucide-react";
import { useDrag } from "../../state/drag.ts";
import type { Side } from "../../state/panes.ts";
import { endpointName } from "./commands.ts";
import { payloadText } from "./drop-spec.ts";

export function DropHint({ side }: { readonly side: Side }) {
  const payload = useDrag((state) => state.payload);
  const over = useDrag((state) => state.over);
  if (payload === undefined || over?.side !== side) return null;
  const { drop } = over;
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-11 z-10 flex justify-center px-4">
      <div className="flex max-w-full items-center gap-2 rounded-lg border border-line bg-raised px-3 py-2 text-sm shadow-pop">
        {drop.allowed ? (
          <Copy aria-hidden className="size-4 shrink-0 text-accent" />
        ) : (
          <Ban aria-hidden className="size-4 shrink-0 text-bad" />
        )}
        {drop.allowed ? (
          <span className="min-w-0 truncate">
            {payloadText(payload)} →{" "}
            <strong className="font-semibold">{endpointName(over.target.endpointId)}</strong>
            <span className="text-muted"> / {drop.where}</span>
          </span>
        ) : (
          <span className="min-w-0">{drop.why}</span>
        )}
      </div>
    </div>
  );
}
