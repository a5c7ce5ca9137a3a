// The names of a registry's repositories, read page by page and kept as one answer.
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { FreightlinerError } from "../../../shared/errors.ts";
import { call } from "../../api/client.ts";
import { queryClient } from "../../api/query.ts";

export interface RepositoryNames {
  readonly names: readonly string[];
  /** False where the registry cannot list, or the listing was cut. */
  readonly complete: boolean;
}

const pageSize = 1000;

/** @throws FreightlinerError as the engine sent it. */
async function readRepositories(
  endpointId: string,
  refresh: boolean,
  signal?: AbortSignal,
): Promise<RepositoryNames> {
  const names: string[] = [];
  for (;;) {
    const page = await call(
      "repositories.list",
      { endpointId, offset: names.length, limit: pageSize, refresh: refresh && names.length === 0 },
      signal,
    );
    names.push(...page.names);
    if (page.names.length === 0 || names.length >= page.total) return { names, complete: page.complete };
  }
}

function keyOf(endpointId: string): readonly unknown[] {
  return ["repositories.list", endpointId];
}

export function useRepositories(
  endpointId: string | undefined,
): UseQueryResult<RepositoryNames, FreightlinerError> {
  return useQuery<RepositoryNames, FreightlinerError>({
    queryKey: keyOf(endpointId ?? ""),
    queryFn: ({ signal }) => readRepositories(endpointId ?? "", false, signal),
    enabled: endpointId !== undefined,
  });
}

export function knownRepositories(endpointId: string): RepositoryNames | undefined {
  return queryClient.getQueryData<RepositoryNames>(keyOf(endpointId));
}

/** Reads the list anew at the registry; an error is shown where the list stands. */
export async function refreshRepositories(endpointId: string): Promise<void> {
  await queryClient.fetchQuery({
    queryKey: keyOf(endpointId),
    queryFn: ({ signal }) => readRepositories(endpointId, true, signal),
    staleTime: 0,
  });
}
