// The drag that is under way, outside of the panes' own state so that no list is drawn again for it.
import { create } from "zustand";
import type { Drop, Payload, Target } from "../screens/transfer/drop-spec.ts";
import type { Side } from "./panes.ts";

export interface DragOver {
  readonly side: Side;
  readonly target: Target;
  readonly drop: Drop;
}

interface DragState {
  readonly payload: Payload | undefined;
  readonly from: Side | undefined;
  readonly over: DragOver | undefined;
}

export const noDrag: DragState = { payload: undefined, from: undefined, over: undefined };
export const useDrag = create<DragState>(() => noDrag);
