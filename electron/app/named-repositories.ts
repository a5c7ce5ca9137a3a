// A source whose repositories people named: where the registry does not list, these names are what there is.
import { FreightlinerError } from "../../shared/errors.ts";
import type { CallOptions, ImageSource } from "../engine/ports.ts";

type Lister = Pick<ImageSource, "listRepositories">;

/** True where the registry keeps its catalogue to itself. */
export function doesNotList(thrown: unknown): boolean {
  return thrown instanceof FreightlinerError && thrown.code === "unsupported";
}

/** What the registry lists, and behind that the names that it left out. @throws `unsupported` where it does not list. */
export async function* namesBehind(
  source: Lister,
  names: readonly string[],
  options: CallOptions,
): AsyncGenerator<readonly string[]> {
  const left = new Set(names);
  for await (const page of source.listRepositories(options)) {
    for (const name of page) left.delete(name);
    yield page;
  }
  if (left.size > 0) yield [...left];
}

/** The same; where the registry does not list, the names alone. @throws `unsupported` where there are none. */
async function* namesAtLeast(
  source: Lister,
  names: readonly string[],
  options: CallOptions,
): AsyncGenerator<readonly string[]> {
  try {
    yield* namesBehind(source, names, options);
  } catch (thrown) {
    if (!doesNotList(thrown) || names.length === 0) throw thrown;
    yield names;
  }
}

/** The source with the names that people gave it, read when they are asked for. */
export function withNames<S extends ImageSource>(source: S, names: () => readonly string[]): ImageSource {
  return new Proxy(source, {
    get(target, property) {
      if (property === "listRepositories")
        return (options: CallOptions) => namesAtLeast(target, names(), options);
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
