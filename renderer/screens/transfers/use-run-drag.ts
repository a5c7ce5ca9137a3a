// Lets a queued run be dragged to another place in the queue; a line shows where it would go.
import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { Run } from "../../../shared/run.ts";
import { useRuns } from "../../state/runs.ts";
import { putRun } from "./run-actions.tsx";
import { dropBefore } from "./run-order.ts";
import type { TransferRow } from "./run-rows.ts";

const key = "freightliner.run";
type Edge = "top" | "bottom";

function draggedRun(data: Readonly<Record<string | symbol, unknown>>): Run | undefined {
  return data[key] as Run | undefined;
}

function edgeAt(element: Element, clientY: number): Edge {
  const { top, height } = element.getBoundingClientRect();
  return clientY < top + height / 2 ? "top" : "bottom";
}

/** @returns the edge at which what is dragged over this row would be put. */
export function useRunDrag(element: RefObject<HTMLElement | null>, row: TransferRow): Edge | undefined {
  const [edge, setEdge] = useState<Edge>();
  const run = row.kind === "run" && row.run.state === "queued" ? row.run : undefined;
  const latest = useRef(run);
  latest.current = run;
  const queued = run !== undefined;
  useEffect(() => {
    const target = element.current;
    if (!queued || target === null) return;
    const stops = [
      draggable({ element: target, getInitialData: () => ({ [key]: latest.current }) }),
      dropTargetForElements({
        element: target,
        getDropEffect: () => "move",
        canDrop: ({ source }) => {
          const dragged = draggedRun(source.data);
          return dragged !== undefined && dragged.id !== latest.current?.id;
        },
        onDrag: ({ location }) => setEdge(edgeAt(target, location.current.input.clientY)),
        onDragLeave: () => setEdge(undefined),
        onDrop: ({ source, location }) => {
          setEdge(undefined);
          const dragged = draggedRun(source.data);
          const onto = latest.current?.id;
          if (dragged === undefined || onto === undefined) return;
          const at = edgeAt(target, location.current.input.clientY);
          const before = dropBefore(useRuns.getState().runs, dragged.id, onto, at);
          if (before !== undefined) void putRun(dragged, before);
        },
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [element, queued]);
  return edge;
}
