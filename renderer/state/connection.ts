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

/** What the face can do; the last known answer while the connection is away. */
export function useCapabilities(): Capabilities | undefined {
  const state = useConnection();
  if (state.kind === "open") last = state.capabilities;
  return last;
}
let last: Capabilities | undefined;
