// What is said aloud by a screen reader: one sentence after the other, politely, and of one thing only the newest.

/** Milliseconds between two sentences, so that the first can be heard before the next comes. */
const pauseMs = 1200;
const waiting = new Map<string, string>();
const hearers = new Set<(text: string) => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says a sentence politely and after those before it; `about` lets a newer one of the same thing take its place. */
export function say(text: string, about = text): void {
  waiting.set(about, text);
  if (timer === undefined) sayNext();
}

function sayNext(): void {
  const [next] = waiting;
  timer = undefined;
  if (next === undefined) return;
  waiting.delete(next[0]);
  for (const hear of hearers) hear(next[1]);
  timer = setTimeout(sayNext, pauseMs);
}

export function onSpoken(hear: (text: string) => void): () => void {
  hearers.add(hear);
  return () => hearers.delete(hear);
}
