// Bounded parallelism: results in the order of their inputs, and plain loops over many.

/** Maps an endless or long sequence with at most `limit` at work or waiting to be taken; results come in order. What is at work when the reader leaves is the caller's to stop. */
export async function* inOrder<I, O>(
  inputs: AsyncIterable<I>,
  limit: number,
  work: (input: I) => Promise<O>,
): AsyncGenerator<O> {
  const under: Promise<O>[] = [];
  for await (const input of inputs) {
    const result = work(input);
    // Awaited below, in order; until then a failure must not count as unhandled.
    result.catch(() => undefined);
    under.push(result);
    const first = under.length >= limit ? under.shift() : undefined;
    if (first !== undefined) yield await first;
  }
  for (let first = under.shift(); first !== undefined; first = under.shift()) yield await first;
}

/** Works through all inputs, `limit` at once. After a failure nothing new is begun; what is under way ends first. */
export async function forEachAtMost<I>(
  inputs: readonly I[],
  limit: number,
  work: (input: I) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (failures.length === 0 && next < inputs.length) {
      const input = inputs[next++] as I;
      try {
        await work(input);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, inputs.length) }, worker));
  if (failures.length > 0) throw failures[0];
}
