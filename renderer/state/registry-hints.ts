// What this machine's files and environment say of a host, asked for once its name was left alone for a moment.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { MethodResult } from "../../shared/contract.ts";
import { isHost } from "../../shared/reference.ts";
import { call } from "../api/client.ts";

export type HostHints = MethodResult<"endpoints.hints">;

const restMs = 300;

/** @param host `host[:port]`; what is no host yet has none. */
export function useHostHints(host: string | undefined): HostHints | undefined {
  const rested = useRested(host);
  const { data } = useQuery({
    queryKey: ["endpoints.hints", rested],
    // Half a name may be refused: the form says so itself.
    queryFn: ({ signal }) => call("endpoints.hints", { host: rested ?? "" }, signal).catch(() => null),
    enabled: rested !== undefined && isHost(rested),
    staleTime: 30_000,
  });
  return host === rested ? (data ?? undefined) : undefined;
}

function useRested(value: string | undefined): string | undefined {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
