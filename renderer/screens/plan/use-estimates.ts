// What a plan will cost beside bytes: the time by what was measured lately, and pulls that the source counts.
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { HostQuota } from "../../../shared/host.ts";
import type { Run } from "../../../shared/run.ts";
import { call } from "../../api/client.ts";
import { loadHosts, useHosts } from "../../state/hosts.ts";

/** The newest so many runs between the same two ends tell the speed. */
const runsLookedAt = 5;

/** Bytes per second between the ends of a plan; undefined where nothing was moved between them. */
export function useMeasuredSpeed({ source, destination }: Run): number | undefined {
  const { data } = useQuery({
    queryKey: ["plan.speed", source.id, destination.id],
    queryFn: async ({ signal }) => {
      const query = { endpointId: destination.id, states: ["succeeded" as const], limit: 100 };
      const { runs } = await call("runs.list", query, signal);
      return runs.filter((run) => run.source.id === source.id && run.destination.id === destination.id);
    },
  });
  return data === undefined ? undefined : speedOf(data);
}

export function speedOf(runs: readonly Pick<Run, "tallies">[]): number | undefined {
  const moved = runs.filter(({ tallies }) => tallies.bytesTransferred > 0 && tallies.activeMs > 0);
  const latest = moved.slice(0, runsLookedAt);
  const bytes = latest.reduce((sum, { tallies }) => sum + tallies.bytesTransferred, 0);
  const ms = latest.reduce((sum, { tallies }) => sum + tallies.activeMs, 0);
  return ms === 0 ? undefined : (bytes / ms) * 1000;
}

/** Seconds; undefined where no speed is known. */
export function timeFor(
  bytes: number,
  speed: number | undefined,
  bandwidth: number | null,
): number | undefined {
  const known = [speed, bandwidth ?? undefined].filter((one) => one !== undefined);
  return known.length === 0 ? undefined : bytes / Math.min(...known);
}

const hubAddresses: ReadonlySet<string> = new Set(["docker.io", "index.docker.io"]);

/** How many pulls the source allows and has left, where it says so. */
export function useSourceQuota({ source }: Run): HostQuota | undefined {
  useEffect(() => void loadHosts(), []);
  const host = hubAddresses.has(source.address) ? "registry-1.docker.io" : source.address;
  return useHosts(({ byName }) => byName.get(host)?.quota ?? undefined);
}
