// Where saved passwords lie and whether they can be read now, as the engine says.
import { create } from "zustand";
import type { SecretsStatus } from "../../shared/secrets.ts";
import { call } from "../api/client.ts";
import { onGap, onLive } from "../api/live.ts";

export const useSecrets = create<{ readonly status: SecretsStatus | undefined }>(() => ({
  status: undefined,
}));

export async function loadSecrets(): Promise<void> {
  // Best effort: the next event brings it.
  const status = await call("secrets.status", {}).catch(() => undefined);
  if (status !== undefined) useSecrets.setState({ status });
}

onLive("secrets.changed", (status) => useSecrets.setState({ status }));
onGap(() => void loadSecrets());
