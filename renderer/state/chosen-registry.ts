// The registry that the Registries screen shows in detail: the one that was chosen, or added, last.
import { create } from "zustand";

export const useChosenRegistry = create<{ readonly id: string | undefined }>(() => ({ id: undefined }));

export function chooseRegistry(id: string): void {
  useChosenRegistry.setState({ id });
}
