// The connection's state for the screens.
import { useSyncExternalStore } from "react";
import type { Capabilities } from "../../shared/contract.ts";
import { type ConnectionState, connection } from "../api/client.ts";

export function useConnection(): ConnectionState {
  return useSyncExternalStore(
    (listener) => connection.onState(listener),
    () => connection.state,
  );
}

/** What this face can do; undefined until the engine has answered. */
export function useCapabilities(): Capabilities | undefined {
  const state = useConnection();
  return state.kind === "open" ? state.capabilities : undefined;
}
