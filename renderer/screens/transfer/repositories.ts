// The names of a registry's repositories, read page by page and kept as one answer.
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { FreightlinerError } from "../../../shared/errors.ts";
import { call } from "../../api/client.ts";
import { queryClient } from "../../api/query.ts";
import { showError } from "../../components/toast.tsx";
import { transferText } from "../../text/transfer.ts";

export interface RepositoryNames {
  readonly names: readonly string[];
  /** How many the registry lists; more than `names` where not all were read. */
  readonly total: number;
  /** False where the registry cannot list, or the listing was cut. */
  readonly complete: boolean;
}

const pageSize = 1000;
/** So many are read without being asked for. */
const readAtOnce = 10_000;

/** Reads on from what is known, up to `most`. @throws FreightlinerError as the engine sent it. */
async function readRepositories(
  endpointId: string,
  options: {
    readonly known: readonly string[];
    readonly most: number;
    readonly refresh: boolean;
    readonly signal: AbortSignal | undefined;
    readonly onPage?: (sofar: RepositoryNames) => void;
  },
): Promise<RepositoryNames> {
  const { most, refresh, signal, onPage } = options;
  const names = [...options.known];
  for (;;) {
    const page = await call(
      "repositories.list",
      { endpointId, offset: names.length, limit: pageSize, refresh: refresh && names.length === 0 },
      signal,
    );
    names.push(...page.names);
    const sofar = { names, total: page.total, complete: page.complete };
    if (page.names.length === 0 || names.length >= Math.min(page.total, most)) return sofar;
    onPage?.({ ...sofar, names: [...names] });
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
    queryFn: ({ signal }) =>
      readRepositories(endpointId ?? "", { known: [], most: readAtOnce, refresh: false, signal }),
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
    queryFn: ({ signal }) =>
      readRepositories(endpointId, { known: [], most: readAtOnce, refresh: true, signal }),
    staleTime: 0,
  });
}

/** Reads the names that were left out; what was read by then stays where it is given up. @throws FreightlinerError */
export async function readAllRepositories(endpointId: string, signal: AbortSignal): Promise<void> {
  const put = (sofar: RepositoryNames): void => {
    if (!signal.aborted) queryClient.setQueryData<RepositoryNames>(keyOf(endpointId), sofar);
  };
  const known = knownRepositories(endpointId)?.names ?? [];
  put(
    await readRepositories(endpointId, {
      known,
      most: Number.POSITIVE_INFINITY,
      refresh: false,
      signal,
      onPage: put,
    }),
  );
}

/** Keeps a name that was typed for a registry that does not list; every window and the command line show it. */
export async function nameRepository(endpointId: string, name: string): Promise<void> {
  // It is shown at once, and stays where it cannot be kept.
  queryClient.setQueryData<RepositoryNames>(keyOf(endpointId), (known) =>
    known === undefined || known.names.includes(name)
      ? known
      : { ...known, names: [...known.names, name], total: known.total + 1 },
  );
  try {
    await call("repositories.remember", { endpointId, names: [name] });
  } catch (thrown) {
    showError(transferText.tree.notKept, thrown);
  }
}
