// The connection's state for the screens.
import { useSyncExternalStore } from "react";
import { type ConnectionState, connection } from "../api/client.ts";

export function useConnection(): ConnectionState {
  return useSyncExternalStore(
    (listener) => connection.onState(listener),
    () => connection.state,
  );
}
