// Every run that the window knows, with the images and blobs that are unfolded; kept current by the engine's events.
import { create } from "zustand";
import { type FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import type { Run, RunImage } from "../../shared/run.ts";
import { call } from "../api/client.ts";
import { onGap, onLive } from "../api/live.ts";
import { type BlobList, type ImageList, rowId } from "../screens/transfers/run-rows.ts";

const runPage = 200;
export const imagePage = 200;
/** Milliseconds over which changed images are gathered. */
const gatherMs = 100;
/** Milliseconds between two readings of a run whose images end. */
const talliesMs = 150;

interface RunsState {
  /** Newest first. */
  readonly runs: readonly Run[];
  /** Runs that the engine has, also those not read yet. */
  readonly total: number;
  readonly loaded: boolean;
  readonly error: FreightlinerError | undefined;
  /** By run id, for the unfolded ones. */
  readonly images: ReadonlyMap<string, ImageList>;
  /** By row id of the image, for the unfolded ones. */
  readonly blobs: ReadonlyMap<string, BlobList>;
  /** Row ids that are unfolded. */
  readonly expanded: ReadonlySet<string>;
}

export const useRuns = create<RunsState>(() => ({
  runs: [],
  total: 0,
  loaded: false,
  error: undefined,
  images: new Map(),
  blobs: new Map(),
  expanded: new Set(),
}));

const pagesUnderWay = new Set<string>();

/** Reads the newest runs again; older ones that were shown already are read as well. */
export async function loadRuns(): Promise<void> {
  const wanted = Math.min(1000, Math.max(runPage, useRuns.getState().runs.length));
  try {
    const { runs, total } = await call("runs.list", { limit: wanted });
    useRuns.setState({ runs, total, loaded: true, error: undefined });
  } catch (thrown) {
    useRuns.setState({ error: toFreightlinerError(thrown, "runs.list") });
  }
}

export async function loadOlderRuns(): Promise<void> {
  const { runs } = useRuns.getState();
  try {
    const page = await call("runs.list", { offset: runs.length, limit: runPage });
    for (const run of page.runs) rememberRun(run);
    useRuns.setState({ total: page.total });
  } catch (thrown) {
    useRuns.setState({ error: toFreightlinerError(thrown, "runs.list") });
  }
}

/** Puts a run in its place: ids sort by the time that they were made. */
export function rememberRun(run: Run): void {
  useRuns.setState(({ runs, total }) => {
    const known = runs.findIndex((candidate) => candidate.id === run.id);
    if (known >= 0) return { runs: runs.with(known, run) };
    const before = runs.findIndex((candidate) => candidate.id < run.id);
    const at = before < 0 ? runs.length : before;
    return { runs: runs.toSpliced(at, 0, run), total: total + 1 };
  });
}

export function forgetRun(runId: string): void {
  useRuns.setState((state) => {
    if (!state.runs.some((run) => run.id === runId)) return state;
    const belongs = (id: string): boolean => id === runId || id.startsWith(`${runId}/`);
    return {
      runs: state.runs.filter((run) => run.id !== runId),
      total: Math.max(0, state.total - 1),
      images: new Map([...state.images].filter(([id]) => id !== runId)),
      blobs: new Map([...state.blobs].filter(([id]) => !belongs(id))),
      expanded: new Set([...state.expanded].filter((id) => !belongs(id))),
    };
  });
}

const changedImages = new Map<string, RunImage>();
let imagesTimer: ReturnType<typeof setTimeout> | undefined;

/** Notes a changed image; many small images end within one drawing, and the tree is laid out once for all of them. */
export function rememberImage(image: RunImage): void {
  changedImages.set(rowId.image(image.runId, image.id), image);
  if (imagesTimer === undefined) imagesTimer = setTimeout(showChangedImages, gatherMs);
}

const stale = new Set<string>();

/** The engine tells a run's own changes only: how many of its images are done is asked for while they end. */
function refreshTallies(runId: string): void {
  if (stale.has(runId)) return;
  stale.add(runId);
  setTimeout(() => {
    stale.delete(runId);
    // Best effort: the run's end is told in any case.
    call("runs.get", { runId }).then(rememberNewer, () => undefined);
  }, talliesMs);
}

/** An answer that was overtaken by an event does not bring the older state back. */
function rememberNewer(run: Run): void {
  const known = useRuns.getState().runs.find(({ id }) => id === run.id);
  if (known !== undefined && known.state === run.state) rememberRun(run);
}

/** Puts images into the lists that are shown; where a row is not read yet nothing is lost. */
function showChangedImages(): void {
  imagesTimer = undefined;
  const { images, expanded } = useRuns.getState();
  const lists = new Map(images);
  for (const [runId, list] of images) {
    const items = list.items.map((item) =>
      item === undefined ? undefined : (changedImages.get(rowId.image(runId, item.id)) ?? item),
    );
    if (items.some((item, at) => item !== list.items[at])) lists.set(runId, { ...list, items });
  }
  useRuns.setState({ images: lists });
  for (const [id, { runId, id: imageId }] of changedImages)
    if (expanded.has(id)) void loadBlobs(runId, imageId);
  for (const { runId, state } of changedImages.values())
    if (state !== "planned" && state !== "running") refreshTallies(runId);
  changedImages.clear();
}

function setImages(runId: string, list: ImageList): void {
  useRuns.setState(({ images }) => ({ images: new Map(images).set(runId, list) }));
}

/** Reads the page of images that holds row `index`, unless it is there or under way. */
export async function loadImages(runId: string, index: number): Promise<void> {
  const offset = Math.floor(index / imagePage) * imagePage;
  const key = `${runId}@${offset}`;
  if (pagesUnderWay.has(key)) return;
  pagesUnderWay.add(key);
  try {
    const page = await call("runs.images", { runId, offset, limit: imagePage });
    const old = useRuns.getState().images.get(runId)?.items ?? [];
    const items = Array.from({ length: page.total }, (_, at) => page.images[at - offset] ?? old[at]);
    setImages(runId, { total: page.total, items, error: undefined });
  } catch (thrown) {
    const old = useRuns.getState().images.get(runId);
    const error = toFreightlinerError(thrown, "runs.images");
    if (old === undefined || old.error !== undefined) setImages(runId, { total: 0, items: [], error });
  } finally {
    pagesUnderWay.delete(key);
  }
}

export async function loadBlobs(runId: string, imageId: number): Promise<void> {
  const id = rowId.image(runId, imageId);
  const list: BlobList = await call("runs.blobs", { runId, imageId }).catch((thrown: unknown) => ({
    error: toFreightlinerError(thrown, "runs.blobs"),
  }));
  const old = useRuns.getState().blobs.get(id);
  // A refresh that failed does not take away what is shown.
  if ("error" in list && old !== undefined && "blobs" in old) return;
  useRuns.setState(({ blobs }) => ({ blobs: new Map(blobs).set(id, list) }));
}

/** Folds or unfolds a row; what is below is read when it is first seen, and again after a failure. */
export function setExpanded(id: string, expanded: boolean): void {
  useRuns.setState((state) => {
    const next = new Set(state.expanded);
    if (expanded) next.add(id);
    else next.delete(id);
    return { expanded: next };
  });
  if (expanded) readBelow(id);
}

function readBelow(id: string): void {
  const [runId, imageId] = id.split("/");
  if (runId === undefined) return;
  if (imageId === undefined) void loadImages(runId, 0);
  else void loadBlobs(runId, Number(imageId));
}

/** Reads everything that is shown again: after a gap in the events, or another connection. */
async function reloadShown(): Promise<void> {
  await loadRuns();
  const { expanded } = useRuns.getState();
  // What is folded is read anew when it is unfolded.
  const images = new Map([...useRuns.getState().images].filter(([runId]) => expanded.has(runId)));
  useRuns.setState({ images });
  for (const [runId, list] of images) {
    const pages = new Set(
      list.items.flatMap((item, at) => (item === undefined ? [] : [Math.floor(at / imagePage)])),
    );
    if (pages.size === 0) pages.add(0);
    for (const page of pages) await loadImages(runId, page * imagePage);
  }
  for (const id of useRuns.getState().expanded) if (id.includes("/")) readBelow(id);
}

onLive("run.changed", rememberRun);
onLive("run.removed", ({ runId }) => forgetRun(runId));
onLive("image.changed", rememberImage);
onGap(() => void reloadShown());
