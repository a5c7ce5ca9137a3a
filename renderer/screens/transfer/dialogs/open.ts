// Which dialog of the panes is open; commands and menus open them from outside of React.
import { create } from "zustand";
import type { Side } from "../../../state/panes.ts";
import type { Payload } from "../drop-spec.ts";

export type TransferDialog =
  | { readonly kind: "mark"; readonly endpointId: string }
  | { readonly kind: "copy-to"; readonly payload: Payload }
  | {
      readonly kind: "delete";
      readonly endpointId: string;
      readonly repository: string;
      readonly tags: readonly string[];
    }
  | { readonly kind: "pattern"; readonly side: Side }
  | { readonly kind: "sync-file"; readonly fileName: string; readonly text: string };

export const useTransferDialog = create<{ readonly dialog: TransferDialog | undefined }>(() => ({
  dialog: undefined,
}));

export function openTransferDialog(dialog: TransferDialog): void {
  useTransferDialog.setState({ dialog });
}

export function closeTransferDialog(): void {
  useTransferDialog.setState({ dialog: undefined });
}
