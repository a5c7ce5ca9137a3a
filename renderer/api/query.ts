// Reads through react-query: one hook for all methods, and the rule that a gap in the events makes every read old.
import { keepPreviousData, QueryClient, type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { MethodInput, MethodName, MethodResult } from "../../shared/contract.ts";
import type { FreightlinerError } from "../../shared/errors.ts";
import { call } from "./client.ts";
import { onGap } from "./live.ts";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The engine caches and retries; a second layer of either would only hide it.
      retry: false,
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      networkMode: "always",
    },
    mutations: { retry: false, networkMode: "always" },
  },
});

onGap(() => void queryClient.invalidateQueries());

/** The key under which `useRead` keeps an answer; give only the method to mean all of its answers. */
export function readKey<M extends MethodName>(method: M, params?: MethodInput<M>): readonly unknown[] {
  return params === undefined ? [method] : [method, params];
}

/** Reads a method of the contract. The call is cancelled when nobody shows it any more. */
export function useRead<M extends MethodName>(
  method: M,
  params: MethodInput<M>,
  options: { readonly enabled?: boolean; readonly keepPrevious?: boolean } = {},
): UseQueryResult<MethodResult<M>, FreightlinerError> {
  return useQuery<MethodResult<M>, FreightlinerError>({
    queryKey: readKey(method, params),
    queryFn: ({ signal }) => call(method, params, signal),
    enabled: options.enabled ?? true,
    ...(options.keepPrevious === true ? { placeholderData: keepPreviousData } : {}),
  });
}

/** Lets every shown answer of a method be read again. */
export function refreshReads(...names: readonly MethodName[]): void {
  for (const name of names) void queryClient.invalidateQueries({ queryKey: [name] });
}
