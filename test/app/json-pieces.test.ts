// JSON in pieces: the same text as written at once, read no further ahead than it is written.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonPieces, PagedList } from "../../electron/app/json-pieces.ts";
import { jsonText } from "../../shared/plain-text.ts";

function paged<Item>(pages: readonly (readonly Item[])[]): PagedList<Item> {
  return new PagedList(async function* () {
    yield* pages;
  });
}

async function written(document: object, indent: number): Promise<string> {
  let text = "";
  for await (const piece of jsonPieces(document, indent)) text += piece;
  return text;
}

describe("JSON in pieces", () => {
  it("is the text that the same document gives at once, on one line and laid out", async () => {
    const pagesOfItems = fc.array(fc.array(fc.jsonValue(), { maxLength: 4 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string(), fc.jsonValue()),
        pagesOfItems,
        pagesOfItems,
        fc.constantFrom(0, 2),
        async (members, first, second, indent) => {
          const text = await written(
            { a: 1, gone: undefined, items: paged(first), ...members, jobs: [{ items: paged(second) }, 3] },
            indent,
          );
          const whole = { a: 1, items: first.flat(), ...members, jobs: [{ items: second.flat() }, 3] };
          expect(text).toBe(jsonText(whole, indent));
        },
      ),
    );
  });

  it("takes the next page only when the one before it was written", async () => {
    const happened: string[] = [];
    const items = new PagedList(async function* () {
      for (const page of [1, 2, 3]) {
        happened.push(`read ${page}`);
        yield [`page ${page}`];
      }
    });
    for await (const piece of jsonPieces({ items }, 0)) {
      const page = /page \d/.exec(piece);
      if (page !== null) happened.push(`wrote ${page[0]}`);
    }
    expect(happened).toEqual(["read 1", "wrote page 1", "read 2", "wrote page 2", "read 3", "wrote page 3"]);
  });
});
