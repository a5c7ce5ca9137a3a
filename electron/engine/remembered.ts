// Asks once for each key and lets everybody else wait for the same answer.
import type { BoundedMap } from "./bounded-map.ts";

export function remembered<V>(
  map: BoundedMap<string, Promise<V>>,
  key: string,
  ask: () => Promise<V>,
): Promise<V> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const asked = ask();
  map.set(key, asked);
  // A failure is not remembered; whoever waits for it gets it.
  asked.catch(() => map.delete(key));
  return asked;
}
