// The cache of what was read: the rule that a gap in the events makes every answer old.
import { QueryClient } from "@tanstack/react-query";
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
