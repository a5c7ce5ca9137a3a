// What was copied in a pane, to be pasted into another; and the way to the system's clipboard.
import { create } from "zustand";
import type { Payload } from "../screens/transfer/drop-spec.ts";

export const useClipboard = create<{ readonly payload: Payload | undefined }>(() => ({ payload: undefined }));

/** @throws where the browser does not allow it, as without the focus. */
export async function writeText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
