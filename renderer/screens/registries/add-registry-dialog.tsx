// Placeholder for the dialog that adds a registry.
import type { Endpoint } from "../../../shared/endpoint.ts";

export interface AddRegistryDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onAdded?: (endpoint: Endpoint) => void;
}
export function AddRegistryDialog(_: AddRegistryDialogProps) {
  return null;
}
