// Makes an element a thing that can be dragged and a place to drop on.
import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { pointerOutsideOfPreview } from "@atlaskit/pragmatic-drag-and-drop/element/pointer-outside-of-preview";
import { setCustomNativeDragPreview } from "@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview";
import { type RefObject, useEffect, useRef } from "react";
import { type Side, usePanes } from "../../state/panes.ts";
import { dropAt, referencesOf } from "./commands.ts";
import { type Payload, payloadText, type Target } from "./drop-spec.ts";

export interface DragData {
  readonly payload: Payload;
  readonly from: Side;
}
const dragKey = "freightliner.drag";
const targetKey = "freightliner.target";

export function dragDataOf(data: Readonly<Record<string | symbol, unknown>>): DragData | undefined {
  return data[dragKey] as DragData | undefined;
}
export function targetOf(
  data: Readonly<Record<string | symbol, unknown>>,
): { readonly side: Side; readonly target: Target } | undefined {
  return data[targetKey] as { readonly side: Side; readonly target: Target } | undefined;
}

/** Built from nodes, not from markup: the page's policy takes no HTML text. */
function preview(container: HTMLElement, text: string): void {
  const card = document.createElement("div");
  card.className =
    "max-w-90 truncate rounded-md border border-accent bg-raised px-3 py-1.5 text-sm font-medium text-text";
  card.textContent = text;
  container.append(card);
}

/** `payload` is asked when the drag starts; undefined says that there is nothing to drag. */
export function useDragSource(
  element: RefObject<HTMLElement | null>,
  side: Side,
  payload: () => Payload | undefined,
): void {
  const latest = useRef(payload);
  latest.current = payload;
  useEffect(() => {
    if (element.current === null) return;
    return draggable({
      element: element.current,
      getInitialData: () => ({ [dragKey]: { payload: latest.current(), from: side } }),
      // Dropped in another program it is text: its references.
      getInitialDataForExternal: () => {
        const dragged = latest.current();
        const data: Record<string, string> = {};
        if (dragged !== undefined) data["text/plain"] = referencesOf(dragged);
        return data;
      },
      onGenerateDragPreview: ({ nativeSetDragImage, source }) => {
        const data = dragDataOf(source.data);
        if (data?.payload === undefined) return;
        setCustomNativeDragPreview({
          nativeSetDragImage,
          getOffset: pointerOutsideOfPreview({ x: "12px", y: "8px" }),
          render: ({ container }) => preview(container, payloadText(data.payload)),
        });
      },
    });
  }, [element, side]);
}

/** A place in a pane. Things from the same pane cannot be dropped in it. */
export function useDropPlace(
  element: RefObject<HTMLElement | null>,
  side: Side,
  place: () => Target["place"] | undefined,
): void {
  const latest = useRef(place);
  latest.current = place;
  useEffect(() => {
    if (element.current === null) return;
    const target = (): Target | undefined => {
      const endpointId = usePanes.getState()[side].endpointId;
      const at = latest.current();
      return endpointId === undefined || at === undefined ? undefined : { endpointId, place: at };
    };
    return dropTargetForElements({
      element: element.current,
      getDropEffect: () => "copy",
      canDrop: ({ source }) => {
        const data = dragDataOf(source.data);
        return data?.payload !== undefined && data.from !== side && target() !== undefined;
      },
      getData: () => ({ [targetKey]: { side, target: target() } }),
    });
  }, [element, side]);
}

/** A saved registry as a place; what comes from itself cannot be dropped on it. */
export function useDropEndpoint(
  element: RefObject<HTMLElement | null>,
  side: Side,
  endpointId: string,
): void {
  useEffect(() => {
    if (element.current === null) return;
    const target: Target = { endpointId, place: { kind: "registry" } };
    return dropTargetForElements({
      element: element.current,
      getDropEffect: () => "copy",
      canDrop: ({ source }) => dragDataOf(source.data)?.payload !== undefined,
      getData: () => ({ [targetKey]: { side, target } }),
    });
  }, [element, side, endpointId]);
}

/** What a drop of this drag on this target would do. */
export function dropHere(data: DragData, target: Target) {
  return dropAt(data.payload, target);
}
