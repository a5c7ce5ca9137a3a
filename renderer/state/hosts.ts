// How it stands with the hosts that are worked with; the engine tells of each at most twice a second.
import { create } from "zustand";
import type { MethodInput } from "../../shared/contract.ts";
import type { HostStatus } from "../../shared/host.ts";
import { call } from "../api/client.ts";
import { onGap, onLive } from "../api/live.ts";
import { showError } from "../components/toast.tsx";
import { transfersText } from "../text/transfers.ts";

export const useHosts = create<{ readonly byName: ReadonlyMap<string, HostStatus> }>(() => ({
  byName: new Map(),
}));

export async function loadHosts(): Promise<void> {
  // Best effort: the next event of a host brings it.
  const answer = await call("hosts.list", {}).catch(() => undefined);
  if (answer !== undefined)
    useHosts.setState({ byName: new Map(answer.hosts.map((host) => [host.host, host])) });
}

function rememberHost(status: HostStatus): void {
  useHosts.setState(({ byName }) => ({ byName: new Map(byName).set(status.host, status) }));
}

/** One host alone: its card is drawn anew when it changed, and no other. */
export function useHost(name: string): HostStatus | undefined {
  return useHosts(({ byName }) => byName.get(name));
}

/** Holds at once, until the program ends. */
export async function adjustHost(change: MethodInput<"hosts.adjust">): Promise<void> {
  try {
    rememberHost(await call("hosts.adjust", change));
  } catch (thrown) {
    showError(transfersText.hosts.adjust, thrown);
  }
}

onLive("host.changed", rememberHost);
onGap(() => void loadHosts());
