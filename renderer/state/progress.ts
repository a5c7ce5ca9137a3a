// The newest progress per key; a row listens to its own key only, so that 64 moving blobs redraw 64 rows and no more.
import { useCallback, useSyncExternalStore } from "react";
import type { ProgressValue } from "../../shared/contract.ts";
import { onGap, onProgress } from "../api/live.ts";

const values = new Map<string, ProgressValue>();
const listeners = new Map<string, Set<() => void>>();

function changed(key: string): void {
  for (const listener of listeners.get(key) ?? []) listener();
}

onProgress((frame) => {
  for (const [key, value] of frame) {
    if (value === null) values.delete(key);
    else values.set(key, value);
    changed(key);
  }
});

// What was under way when events were missed may be over: the host sends anew what still moves.
onGap(() => {
  const keys = [...values.keys()];
  values.clear();
  for (const key of keys) changed(key);
});

/** The newest value under a key (`progressKey` in shared/contract.ts); undefined where nothing moves. */
export function progressOf(key: string): ProgressValue | undefined {
  return values.get(key);
}

/** The keys of one kind that move now. */
export function movingKeys(kind: "run:" | "blob:"): readonly string[] {
  return [...values.keys()].filter((key) => key.startsWith(kind));
}

export function onProgressOf(key: string, listener: () => void): () => void {
  const set = listeners.get(key) ?? new Set<() => void>();
  listeners.set(key, set);
  set.add(listener);
  return () => {
    set.delete(listener);
    if (set.size === 0) listeners.delete(key);
  };
}

export function useProgress(key: string): ProgressValue | undefined {
  const subscribe = useCallback((listener: () => void) => onProgressOf(key, listener), [key]);
  return useSyncExternalStore(subscribe, () => values.get(key));
}
