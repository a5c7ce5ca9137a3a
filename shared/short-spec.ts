// What is to be copied, short enough for a list of many: a selection may hold a hundred thousand names.
import type { JobSpec } from "./run.ts";
import type { SelectionItem } from "./selection.ts";

/** Lists up to this length stay whole, and of longer ones so many are kept: texts name no more. */
const mostWhole = 50;
const kept = 3;
const mostItems = 20;
/** Characters of names in all: a page of a thousand runs has to fit into one answer (8 MiB). */
const room = 2000;

/**
 * The same where it is short; else the first names of each list and in `namesLeft` how many were left out. That is no
 * longer what was asked for: the methods that plan or save refuse it.
 */
export function shortSpec(spec: JobSpec): JobSpec {
  const cut = new Cutter();
  const selection = spec.selection.length > mostItems ? cut.some(spec.selection) : spec.selection;
  const short = selection.map((item) => cut.item(item));
  return cut.left === 0 ? spec : { ...spec, selection: short, namesLeft: cut.left };
}

class Cutter {
  left = 0;
  #room = room;

  some<T>(list: readonly T[]): T[] {
    this.left += Math.max(0, list.length - kept);
    return list.slice(0, kept);
  }

  #names(names: string[]): string[] {
    const length = names.length > mostWhole ? 0 : names.reduce((sum, name) => sum + name.length, 0);
    if (names.length <= mostWhole && length <= this.#room) {
      this.#room -= length;
      return names;
    }
    return this.some(names);
  }

  item(item: SelectionItem): SelectionItem {
    if (item.kind === "image") return item;
    const { tags } = item;
    return {
      ...item,
      names: this.#names(item.names),
      include: this.#names(item.include),
      exclude: this.#names(item.exclude),
      tags: {
        ...tags,
        names: this.#names(tags.names),
        include: this.#names(tags.include),
        exclude: this.#names(tags.exclude),
        sets: tags.sets.length > mostWhole ? this.some(tags.sets) : tags.sets,
      },
    };
  }
}
