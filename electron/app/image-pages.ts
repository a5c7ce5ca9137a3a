// The images of a run, a page at a time: a run can have a hundred thousand of them, and nobody holds them all at once.
import type { RunImage } from "../../shared/run.ts";

/** Reads them anew each time it is called; in plan order. */
export type ImagePages = () => AsyncIterable<readonly RunImage[]>;

interface PageQuery {
  readonly offset: number;
  readonly limit: number;
}
interface Page {
  readonly images: readonly RunImage[];
  readonly total: number;
}

const pageSize = 1_000;

/** A page is asked for when the one before it was used. */
export async function* imagePages(
  read: (query: PageQuery) => Promise<Page> | Page,
): AsyncGenerator<readonly RunImage[]> {
  for (let offset = 0; ; ) {
    const { images, total } = await read({ offset, limit: pageSize });
    if (images.length > 0) yield images;
    offset += images.length;
    if (images.length === 0 || offset >= total) return;
  }
}

/** Of a command that ended before there was a run. */
export const noImages: ImagePages = async function* () {};
