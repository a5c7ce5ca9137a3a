// Which dialog about registries is open: any screen, menu or command may open one.
import { create } from "zustand";
import type { Endpoint } from "../../shared/endpoint.ts";

export type RegistryDialog =
  | {
      readonly kind: "add";
      /** What stands in the address field at first. */
      readonly address?: string;
      /** Asks for a folder or an archive in the first place. */
      readonly folder?: boolean;
      readonly onAdded?: (endpoint: Endpoint) => void;
    }
  | { readonly kind: "import"; readonly onAdded?: (endpoint: Endpoint) => void }
  | { readonly kind: "edit" | "duplicate" | "sign-in" | "probe" | "rename" | "remove"; readonly id: string };

export const useRegistryDialog = create<{ readonly open: RegistryDialog | undefined }>(() => ({
  open: undefined,
}));

export function openRegistryDialog(dialog: RegistryDialog): void {
  useRegistryDialog.setState({ open: dialog });
}

export function closeRegistryDialog(): void {
  useRegistryDialog.setState({ open: undefined });
}
