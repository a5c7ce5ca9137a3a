// While something is dragged: the saved registries that no pane shows, as further places to drop it on.
import { clsx } from "clsx";
import { FolderArchive, Server } from "lucide-react";
import { useRef } from "react";
import type { Endpoint } from "../../../shared/endpoint.ts";
import { useDrag } from "../../state/drag.ts";
import { useEndpoints } from "../../state/endpoints.ts";
import { type Side, usePanes } from "../../state/panes.ts";
import { transferText } from "../../text/transfer.ts";
import { useDropEndpoint } from "./use-drag-row.ts";

export function DropShelf({ side }: { readonly side: Side }) {
  const dragging = useDrag((state) => state.payload !== undefined && state.from === side);
  const endpoints = useEndpoints((state) => state.endpoints);
  const left = usePanes((state) => state.left.endpointId);
  const right = usePanes((state) => state.right.endpointId);
  const others = endpoints.filter(({ id }) => id !== left && id !== right);
  if (!dragging || others.length === 0) return null;
  return (
    <div className="absolute inset-x-0 bottom-0 z-10 flex min-h-11 flex-wrap items-center gap-1.5 border-t border-line bg-raised px-3 py-1.5 shadow-pop">
      <span className="text-xs text-muted">{transferText.shelf}</span>
      {others.map((endpoint) => (
        <ShelfPlace key={endpoint.id} side={side} endpoint={endpoint} />
      ))}
    </div>
  );
}

function ShelfPlace({ side, endpoint }: { readonly side: Side; readonly endpoint: Endpoint }) {
  const element = useRef<HTMLDivElement>(null);
  const over = useDrag((state) => state.over?.target.endpointId === endpoint.id && state.over.side === side);
  useDropEndpoint(element, side, endpoint.id);
  const Icon = endpoint.settings.kind === "registry" ? Server : FolderArchive;
  return (
    <div
      ref={element}
      data-drop-over={over || undefined}
      className={clsx(
        "flex h-8 max-w-52 items-center gap-1.5 rounded-md border px-2 text-sm",
        over ? "border-accent bg-accent-soft" : "border-line-strong bg-surface",
      )}
    >
      <Icon aria-hidden className="size-3.5 shrink-0 text-muted" />
      <span className="truncate">{endpoint.name}</span>
    </div>
  );
}
