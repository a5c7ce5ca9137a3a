// The saved registries and folders, kept current by the engine's events.
import { create } from "zustand";
import type { Endpoint } from "../../shared/endpoint.ts";
import { type FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import { call } from "../api/client.ts";
import { onGap, onLive } from "../api/live.ts";

interface EndpointsState {
  /** In the engine's order. Temporary ones are not in it. */
  readonly endpoints: readonly Endpoint[];
  /** False until the first listing arrived. */
  readonly loaded: boolean;
  readonly error: FreightlinerError | undefined;
}

export const useEndpoints = create<EndpointsState>(() => ({
  endpoints: [],
  loaded: false,
  error: undefined,
}));

export async function loadEndpoints(): Promise<void> {
  try {
    const { endpoints } = await call("endpoints.list", {});
    useEndpoints.setState({ endpoints, loaded: true, error: undefined });
  } catch (thrown) {
    useEndpoints.setState({ error: toFreightlinerError(thrown, "endpoints.list") });
  }
}

/** Puts one endpoint in its place, or at the end where it is new. */
export function rememberEndpoint(endpoint: Endpoint): void {
  if (endpoint.temporary) return;
  useEndpoints.setState(({ endpoints }) => ({
    endpoints: endpoints.some((known) => known.id === endpoint.id)
      ? endpoints.map((known) => (known.id === endpoint.id ? endpoint : known))
      : [...endpoints, endpoint],
  }));
}

export function forgetEndpoint(id: string): void {
  useEndpoints.setState(({ endpoints }) => ({ endpoints: endpoints.filter((known) => known.id !== id) }));
}

export function useEndpoint(id: string | undefined): Endpoint | undefined {
  return useEndpoints(({ endpoints }) => endpoints.find((endpoint) => endpoint.id === id));
}

onLive("endpoint.changed", rememberEndpoint);
onLive("endpoint.removed", ({ id }) => forgetEndpoint(id));
onGap(() => void loadEndpoints());
