// How well a text answers what was typed in the palette: words in any order, each whole, begun, within, or by its letters.

/** Higher is better; undefined where some word of the query is not in it. */
export function rank(query: string, title: string, further = ""): number | undefined {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const text = title.toLowerCase();
  const rest = further.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const score = Math.max(scoreIn(word, text), scoreIn(word, rest) * 0.6);
    if (score === 0) return undefined;
    sum += score;
  }
  // Of two that match as well the shorter one says it with fewer other words.
  return sum - text.length / 1000 + (text.startsWith(query.toLowerCase()) ? 2 : 0);
}

function scoreIn(word: string, text: string): number {
  const at = text.indexOf(word);
  if (at === 0) return 10;
  if (at > 0) return beginsAWord(word, text) ? 8 : 4;
  return word.length > 1 ? lettersInOrder(word, text) : 0;
}

function isWordStart(text: string, at: number): boolean {
  return !/[a-z0-9]/.test(text.charAt(at - 1));
}

function beginsAWord(word: string, text: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (isWordStart(text, at)) return true;
  return false;
}

/** "gtj" finds "go to jobs": each letter goes on with the word it is in, or begins a later one. */
function lettersInOrder(word: string, text: string): number {
  let from = 0;
  let previous = -2;
  for (const letter of word) {
    let at = text.indexOf(letter, from);
    while (at >= 0 && at !== previous + 1 && !isWordStart(text, at)) at = text.indexOf(letter, at + 1);
    if (at < 0) return 0;
    previous = at;
    from = at + 1;
  }
  return 2;
}

/** The best `limit` of what matches, the best first; among equals the order stays. */
export function best<T>(
  items: readonly T[],
  query: string,
  textOf: (item: T) => readonly [title: string, further?: string],
  limit: number,
): readonly { readonly item: T; readonly score: number }[] {
  return items
    .flatMap((item) => {
      const [title, further] = textOf(item);
      const score = rank(query, title, further);
      return score === undefined ? [] : [{ item, score }];
    })
    .toSorted((one, other) => other.score - one.score)
    .slice(0, limit);
}
