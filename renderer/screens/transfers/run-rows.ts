// The flat rows of the transfers tree: runs, their images, their blobs, and the places where something is still loading.
import type { FreightlinerError } from "../../../shared/errors.ts";
import type { Run, RunBlob, RunImage, RunState } from "../../../shared/run.ts";

export const transfersTabs = ["active", "failed", "done"] as const;
export type TransfersTab = (typeof transfersTabs)[number];

/** The states behind each tab. */
export const statesOf: Readonly<Record<TransfersTab, readonly RunState[]>> = {
  active: ["planning", "planned", "queued", "running", "paused"],
  failed: ["failed"],
  done: ["succeeded", "cancelled"],
};

/** Which tab a run belongs to. */
export function tabOf({ state }: Run): TransfersTab {
  return transfersTabs.find((tab) => statesOf[tab].includes(state)) ?? "done";
}

/** A run's images as far as they were read; holes are pages that were not asked for yet. */
export interface ImageList {
  readonly total: number;
  readonly items: readonly (RunImage | undefined)[];
  /** Where each image that was read stands in `items`, by its id. */
  readonly places: ReadonlyMap<number, number>;
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
    /** A run without images, or none that the filter leaves. */
    | { readonly kind: "empty"; readonly parentId: string }
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

/** An unfolded image among those of its run. */
interface Opened {
  /** Which of the run's images. */
  readonly at: number;
  readonly imageId: number;
  /** Rows that earlier unfolded images have below them. */
  readonly before: number;
  /** Rows below it. */
  readonly rows: number;
}
interface Part {
  readonly run: Run;
  readonly posInSet: number;
  /** The place of the run's own row. */
  readonly start: number;
  readonly rows: number;
  readonly list: ImageList | undefined;
  readonly opened: readonly Opened[];
}

/** The tree laid out flat. Rows are made when they are asked for: laying out costs runs, not images. */
export class TransferRows {
  readonly count: number;
  readonly #input: RowsInput;
  readonly #parts: readonly Part[];

  constructor(input: RowsInput) {
    this.#input = input;
    const openByRun = groupByRun(input.expanded);
    let start = 0;
    this.#parts = input.runs.map((run, index) => {
      const part = this.#part(run, index, start, openByRun.get(run.id) ?? []);
      start += part.rows;
      return part;
    });
    this.count = start;
  }

  #part(run: Run, index: number, start: number, open: readonly number[]): Part {
    const common = { run, posInSet: index + 1, start };
    if (!this.#input.expanded.has(rowId.run(run.id)))
      return { ...common, rows: 1, list: undefined, opened: [] };
    const list = this.#input.images.get(run.id);
    if (list === undefined || list.error !== undefined || list.total === 0)
      return { ...common, rows: 2, list, opened: [] };
    const opened: Opened[] = [];
    let before = 0;
    const places = open.flatMap((imageId) => {
      const at = list.places.get(imageId);
      const image = at === undefined ? undefined : list.items[at];
      return at === undefined || image === undefined || !hasBlobs(image) ? [] : [{ at, imageId }];
    });
    for (const place of places.sort((a, b) => a.at - b.at)) {
      const rows = this.#blobRows(rowId.image(run.id, place.imageId));
      opened.push({ ...place, before, rows });
      before += rows;
    }
    return { ...common, rows: 1 + list.total + before, list, opened };
  }

  #blobRows(imageRowId: string): number {
    const list = this.#input.blobs.get(imageRowId);
    return list === undefined || "error" in list ? 1 : list.blobs.length;
  }

  at(index: number): TransferRow | undefined {
    const part = this.#parts[lastWhere(this.#parts, ({ start }) => start <= index)];
    if (part === undefined || index < 0 || index >= this.count) return undefined;
    const { run, posInSet, list } = part;
    const id = rowId.run(run.id);
    if (index === part.start) {
      const expanded = this.#input.expanded.has(id);
      return { kind: "run", id, level: 1, posInSet, setSize: this.#parts.length, run, expanded };
    }
    const only = { level: 2, posInSet: 1, setSize: 1 } as const;
    if (list === undefined) return { kind: "loading", id: `${id}/loading`, parentId: id, ...only };
    if (list.error !== undefined)
      return { kind: "error", id: `${id}/error`, parentId: id, run, error: list.error, ...only };
    if (list.total === 0) return { kind: "empty", id: `${id}/empty`, parentId: id, ...only };
    return this.#below(part, list, index - part.start - 1);
  }

  /** @param offset rows behind the run's own. */
  #below({ run, opened }: Part, list: ImageList, offset: number): TransferRow {
    const above = opened[lastWhere(opened, ({ at, before }) => at + before < offset)];
    if (above !== undefined && offset <= above.at + above.before + above.rows) {
      const image = list.items[above.at];
      if (image !== undefined) return this.#blob(run, image, offset - above.at - above.before - 1);
    }
    const index = offset - (above === undefined ? 0 : above.before + above.rows);
    const image = list.items[index];
    const place = { level: 2, posInSet: index + 1, setSize: list.total } as const;
    if (image === undefined) return { kind: "hole", id: `${run.id}/#${index}`, run, index, ...place };
    const id = rowId.image(run.id, image.id);
    const expandable = hasBlobs(image);
    const expanded = expandable && this.#input.expanded.has(id);
    return { kind: "image", id, run, image, expandable, expanded, ...place };
  }

  #blob(run: Run, image: RunImage, index: number): TransferRow {
    const parentId = rowId.image(run.id, image.id);
    const list = this.#input.blobs.get(parentId);
    const only = { level: 3, posInSet: 1, setSize: 1 } as const;
    if (list !== undefined && "error" in list)
      return { kind: "error", id: `${parentId}/error`, parentId, run, error: list.error, ...only };
    const blob = list?.blobs[index];
    if (list === undefined || blob === undefined)
      return { kind: "loading", id: `${parentId}/loading`, parentId, ...only };
    const place = { level: 3, posInSet: index + 1, setSize: list.blobs.length } as const;
    return { kind: "blob", id: rowId.blob(run.id, image.id, blob), run, image, blob, ...place };
  }

  /** The place of a row; -1 where it is not shown (any more). */
  indexOf(id: string | undefined): number {
    const [runId, imageKey, ...rest] = (id ?? "").split("/");
    const part = this.#parts.find(({ run }) => run.id === runId);
    if (part === undefined) return -1;
    if (imageKey === undefined) return part.start;
    if (imageKey.startsWith("#")) return this.#imageRow(part, Number(imageKey.slice(1)));
    const at = part.list?.places.get(Number(imageKey));
    // One row that says why there are no images, or that an image is not read (any more).
    if (at === undefined) return part.rows === 2 && Number.isNaN(Number(imageKey)) ? part.start + 1 : -1;
    const row = this.#imageRow(part, at);
    if (rest.length === 0) return row;
    const list = this.#input.blobs.get(rowId.image(part.run.id, Number(imageKey)));
    if (list === undefined || "error" in list) return row + 1;
    const key = rest.join("/");
    const blob = list.blobs.findIndex(({ repository, digest }) => `${repository}@${digest}` === key);
    return blob < 0 ? -1 : row + 1 + blob;
  }

  #imageRow(part: Part, at: number): number {
    const above = part.opened[lastWhere(part.opened, (opened) => opened.at < at)];
    return part.start + 1 + at + (above === undefined ? 0 : above.before + above.rows);
  }

  /** The row that the left arrow goes to from a child. */
  parentOf(index: number): number {
    const row = this.at(index);
    if (row === undefined || row.level === 1) return index;
    const [runId = "", imageKey = ""] = row.id.split("/");
    return this.indexOf(row.level === 2 ? runId : `${runId}/${imageKey}`);
  }
}

/** Ids of unfolded images by run. */
function groupByRun(expanded: ReadonlySet<string>): ReadonlyMap<string, readonly number[]> {
  const byRun = new Map<string, number[]>();
  for (const id of expanded) {
    const [runId = "", imageId] = id.split("/");
    if (imageId === undefined) continue;
    const known = byRun.get(runId);
    if (known === undefined) byRun.set(runId, [Number(imageId)]);
    else known.push(Number(imageId));
  }
  return byRun;
}

/** The last one that `holds`, of a list in which all that hold come first; -1 where none does. */
function lastWhere<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && holds(item)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** An image that was skipped, left out or could not be read has no blobs to look at. */
function hasBlobs(image: RunImage): boolean {
  return image.selected && image.digest !== null && image.action !== "skip";
}

/** True where a row would look the same: what is drawn of its run beside the run's own row is its ends and whether it moves. */
export function isSameRow(a: TransferRow, b: TransferRow): boolean {
  if (a.kind !== b.kind || a.id !== b.id || a.posInSet !== b.posInSet || a.setSize !== b.setSize)
    return false;
  switch (a.kind) {
    case "run":
      return b.kind === "run" && a.run === b.run && a.expanded === b.expanded;
    case "image":
      return (
        b.kind === "image" &&
        a.image === b.image &&
        isSameRun(a.run, b.run) &&
        a.expandable === b.expandable &&
        a.expanded === b.expanded
      );
    case "blob":
      return b.kind === "blob" && isSameRun(a.run, b.run) && isSameBlob(a.blob, b.blob);
    case "error":
      return b.kind === "error" && a.error === b.error;
    default:
      return true;
  }
}

/** As far as the rows below it say: whether it moves. */
function isSameRun(a: Run, b: Run): boolean {
  return a.state === b.state && (a.waitingFor === undefined) === (b.waitingFor === undefined);
}

/** Blobs are read again and again; most of them come back as they were. */
function isSameBlob(a: RunBlob, b: RunBlob): boolean {
  return (
    a.state === b.state &&
    a.outcome === b.outcome &&
    a.bytesTransferred === b.bytesTransferred &&
    a.bytesResumed === b.bytesResumed
  );
}
