// The flat rows of the transfers tree: runs, their images, their blobs, and the places where something is still loading.
import type { FreightlinerError } from "../../../shared/errors.ts";
import type { Run, RunBlob, RunImage } from "../../../shared/run.ts";

export type TransfersTab = "active" | "failed" | "done";

/** Which tab a run belongs to. */
export function tabOf(run: Run): TransfersTab {
  switch (run.state) {
    case "failed":
      return "failed";
    case "succeeded":
    case "cancelled":
      return "done";
    default:
      return "active";
  }
}

/** A run's images as far as they were read; holes are pages that were not asked for yet. */
export interface ImageList {
  readonly total: number;
  readonly items: readonly (RunImage | undefined)[];
  readonly error: FreightlinerError | undefined;
}
/** An image's blobs, or why they could not be read. */
export type BlobList = { readonly blobs: readonly RunBlob[] } | { readonly error: FreightlinerError };

interface Placed {
  /** Unique and stable while the run exists. */
  readonly id: string;
  readonly level: 1 | 2 | 3;
  readonly posInSet: number;
  readonly setSize: number;
}
export type TransferRow = Placed &
  (
    | { readonly kind: "run"; readonly run: Run; readonly expanded: boolean }
    | {
        readonly kind: "image";
        readonly run: Run;
        readonly image: RunImage;
        readonly expanded: boolean;
        /** False where there is nothing below it, as for a skipped image. */
        readonly expandable: boolean;
      }
    | { readonly kind: "blob"; readonly run: Run; readonly image: RunImage; readonly blob: RunBlob }
    /** An image row that is not read yet; `index` says which. */
    | { readonly kind: "hole"; readonly run: Run; readonly index: number }
    | { readonly kind: "loading"; readonly parentId: string }
    | {
        readonly kind: "error";
        readonly parentId: string;
        readonly run: Run;
        readonly error: FreightlinerError;
      }
  );

export const rowId = {
  run: (runId: string): string => runId,
  image: (runId: string, imageId: number): string => `${runId}/${imageId}`,
  blob: (runId: string, imageId: number, blob: RunBlob): string =>
    `${runId}/${imageId}/${blob.repository}@${blob.digest}`,
} as const;

export interface RowsInput {
  readonly runs: readonly Run[];
  readonly images: ReadonlyMap<string, ImageList>;
  /** By row id of the image. */
  readonly blobs: ReadonlyMap<string, BlobList>;
  /** Row ids. */
  readonly expanded: ReadonlySet<string>;
}

/** Lays the tree out flat, newest run first as given. */
export function buildRows(input: RowsInput): readonly TransferRow[] {
  const rows: TransferRow[] = [];
  input.runs.forEach((run, index) => {
    const id = rowId.run(run.id);
    const expanded = input.expanded.has(id);
    rows.push({ kind: "run", id, level: 1, posInSet: index + 1, setSize: input.runs.length, run, expanded });
    if (expanded) addImages(rows, run, input);
  });
  return rows;
}

function addImages(rows: TransferRow[], run: Run, input: RowsInput): void {
  const parentId = rowId.run(run.id);
  const list = input.images.get(run.id);
  const only = { level: 2, posInSet: 1, setSize: 1 } as const;
  if (list === undefined) {
    rows.push({ kind: "loading", id: `${parentId}/loading`, parentId, ...only });
    return;
  }
  if (list.error !== undefined) {
    rows.push({ kind: "error", id: `${parentId}/error`, parentId, run, error: list.error, ...only });
    return;
  }
  for (let index = 0; index < list.total; index++) {
    const image = list.items[index];
    const place = { level: 2, posInSet: index + 1, setSize: list.total } as const;
    if (image === undefined) {
      rows.push({ kind: "hole", id: `${parentId}/#${index}`, run, index, ...place });
      continue;
    }
    const id = rowId.image(run.id, image.id);
    const expandable = hasBlobs(image);
    const expanded = expandable && input.expanded.has(id);
    rows.push({ kind: "image", id, run, image, expandable, expanded, ...place });
    if (expanded) addBlobs(rows, run, image, input);
  }
}

function addBlobs(rows: TransferRow[], run: Run, image: RunImage, input: RowsInput): void {
  const parentId = rowId.image(run.id, image.id);
  const list = input.blobs.get(parentId);
  const only = { level: 3, posInSet: 1, setSize: 1 } as const;
  if (list === undefined) {
    rows.push({ kind: "loading", id: `${parentId}/loading`, parentId, ...only });
    return;
  }
  if ("error" in list) {
    rows.push({ kind: "error", id: `${parentId}/error`, parentId, run, error: list.error, ...only });
    return;
  }
  list.blobs.forEach((blob, index) => {
    rows.push({
      kind: "blob",
      id: rowId.blob(run.id, image.id, blob),
      level: 3,
      posInSet: index + 1,
      setSize: list.blobs.length,
      run,
      image,
      blob,
    });
  });
}

/** An image that was skipped, left out or could not be read has no blobs to look at. */
function hasBlobs(image: RunImage): boolean {
  return image.selected && image.digest !== null && image.action !== "skip";
}

/** The row that the left arrow goes to from a child. */
export function parentIndex(rows: readonly TransferRow[], index: number): number {
  const row = rows[index];
  if (row === undefined || row.level === 1) return index;
  for (let above = index - 1; above >= 0; above--) {
    const candidate = rows[above];
    if (candidate !== undefined && candidate.level < row.level) return above;
  }
  return index;
}
