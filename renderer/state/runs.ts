// Every run that the window knows, with the images and blobs that are unfolded; kept current by the engine's events.
import { create } from "zustand";
import { type FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import type { ImageState, Run, RunImage } from "../../shared/run.ts";
import { call } from "../api/client.ts";
import { onGap, onLive } from "../api/live.ts";
import {
  type BlobList,
  type ImageList,
  rowId,
  statesOf,
  type TransfersTab,
  tabOf,
  transfersTabs,
} from "../screens/transfers/run-rows.ts";

const runPage = 200;
export const imagePage = 200;
/** Milliseconds over which changed images are gathered. */
const gatherMs = 100;
/** Milliseconds between two readings of a run whose images end. */
const talliesMs = 150;
/** Milliseconds between two readings of what only the engine can count or filter. */
const recountMs = 500;

/** What is looked for in the lists; empty = everything. */
export interface RunFilter {
  /** Part of a repository's, tag's or registry's name. */
  readonly text: string;
  /** Of images. */
  readonly states: readonly ImageState[];
}
export const noFilter: RunFilter = { text: "", states: [] };

interface RunsState {
  /** Newest first. */
  readonly runs: readonly Run[];
  /** Runs that the engine has under each tab, also those not read yet. */
  readonly counts: Readonly<Record<TransfersTab, number>>;
  readonly loaded: boolean;
  readonly error: FreightlinerError | undefined;
  /** By run id, for the unfolded ones. */
  readonly images: ReadonlyMap<string, ImageList>;
  /** By row id of the image, for the unfolded ones. */
  readonly blobs: ReadonlyMap<string, BlobList>;
  /** Row ids that are unfolded. */
  readonly expanded: ReadonlySet<string>;
  readonly filter: RunFilter;
  /** The runs in which the filter's text was found; undefined where nothing is looked for. */
  readonly found: readonly Run[] | undefined;
}

export const useRuns = create<RunsState>(() => ({
  runs: [],
  counts: { active: 0, failed: 0, done: 0 },
  loaded: false,
  error: undefined,
  images: new Map(),
  blobs: new Map(),
  expanded: new Set(),
  filter: noFilter,
  found: undefined,
}));

const pagesUnderWay = new Set<string>();

/** Reads everything that is not over, and the newest of what is; older ones that were shown already are read as well. */
export async function loadRuns(): Promise<void> {
  const { runs: known } = useRuns.getState();
  try {
    const pages = await Promise.all(
      transfersTabs.map(async (tab) => {
        const shown = known.filter((run) => tabOf(run) === tab).length;
        const limit = tab === "active" ? 1000 : Math.min(1000, Math.max(runPage, shown));
        return call("runs.list", { states: [...statesOf[tab]], limit });
      }),
    );
    const [active, failed, done] = pages;
    const counts = { active: active?.total ?? 0, failed: failed?.total ?? 0, done: done?.total ?? 0 };
    // A run that changed its state between the answers may be in two of them.
    const byId = new Map(pages.flatMap(({ runs }) => runs).map((run) => [run.id, run]));
    const runs = [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
    useRuns.setState({ runs, counts, loaded: true, error: undefined });
  } catch (thrown) {
    useRuns.setState({ error: toFreightlinerError(thrown, "runs.list") });
  }
}

export async function loadOlderRuns(tab: TransfersTab): Promise<void> {
  const offset = useRuns.getState().runs.filter((run) => tabOf(run) === tab).length;
  try {
    const page = await call("runs.list", { states: [...statesOf[tab]], offset, limit: runPage });
    for (const run of page.runs) placeRun(run);
    useRuns.setState(({ counts }) => ({ counts: { ...counts, [tab]: page.total } }));
  } catch (thrown) {
    useRuns.setState({ error: toFreightlinerError(thrown, "runs.list") });
  }
}

/** Puts a run in its place: ids sort by the time that they were made. */
function placeRun(run: Run): void {
  useRuns.setState(({ runs }) => {
    const known = runs.findIndex((candidate) => candidate.id === run.id);
    if (known >= 0) return { runs: runs.with(known, run) };
    const before = runs.findIndex((candidate) => candidate.id < run.id);
    return { runs: runs.toSpliced(before < 0 ? runs.length : before, 0, run) };
  });
}

/** Takes the newest of a run; where it goes to another tab the counts of both follow. */
export function rememberRun(run: Run): void {
  const before = useRuns.getState().runs.find(({ id }) => id === run.id);
  const [from, to] = [before === undefined ? undefined : tabOf(before), tabOf(run)];
  placeRun(run);
  if (from === to) return;
  useRuns.setState(({ counts }) => ({
    counts: {
      ...counts,
      [to]: counts[to] + 1,
      ...(from === undefined ? {} : { [from]: Math.max(0, counts[from] - 1) }),
    },
  }));
  searchSoon();
}

/** The runs to be listed: all, or those that were found, each as it is now. */
export function listedRuns({ runs, found }: Pick<RunsState, "runs" | "found">): readonly Run[] {
  if (found === undefined) return runs;
  const newest = new Map(runs.map((run) => [run.id, run]));
  return found.map((run) => newest.get(run.id) ?? run);
}

export function forgetRun(runId: string): void {
  useRuns.setState((state) => {
    const gone = state.runs.find((run) => run.id === runId);
    if (gone === undefined) return state;
    const tab = tabOf(gone);
    const belongs = (id: string): boolean => id === runId || id.startsWith(`${runId}/`);
    return {
      runs: state.runs.filter((run) => run.id !== runId),
      found: state.found?.filter((run) => run.id !== runId),
      counts: { ...state.counts, [tab]: Math.max(0, state.counts[tab] - 1) },
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
  const { images, expanded, filter } = useRuns.getState();
  const lists = new Map(images);
  for (const [runId, list] of images) {
    const changed = [...changedImages.values()].filter((image) => image.runId === runId);
    if (changed.length === 0) continue;
    // Which images a filter by state leaves is the engine's to say.
    if (filter.states.length > 0) refilterSoon();
    const items = [...list.items];
    for (const image of changed) {
      const at = list.places.get(image.id);
      if (at !== undefined) items[at] = image;
    }
    lists.set(runId, { ...list, items });
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
  const { filter } = useRuns.getState();
  const offset = Math.floor(index / imagePage) * imagePage;
  const key = `${runId}@${offset}`;
  if (pagesUnderWay.has(key)) return;
  pagesUnderWay.add(key);
  try {
    const page = await call("runs.images", { runId, offset, limit: imagePage, ...filterParams(filter) });
    // Another filter was set meanwhile: these are not its images.
    if (useRuns.getState().filter !== filter) return;
    setImages(runId, withPage(useRuns.getState().images.get(runId), page.images, offset, page.total));
  } catch (thrown) {
    const old = useRuns.getState().images.get(runId);
    const error = toFreightlinerError(thrown, "runs.images");
    if (old === undefined || old.error !== undefined)
      setImages(runId, { total: 0, items: [], places: new Map(), error });
  } finally {
    pagesUnderWay.delete(key);
    if (useRuns.getState().filter !== filter && !useRuns.getState().images.has(runId))
      void loadImages(runId, 0);
  }
}

function withPage(
  old: ImageList | undefined,
  images: readonly RunImage[],
  offset: number,
  total: number,
): ImageList {
  const items = Array.from({ length: total }, (_, at) => images[at - offset] ?? old?.items[at]);
  const places = new Map(old?.places);
  images.forEach((image, at) => {
    places.set(image.id, offset + at);
  });
  return { total, items, places, error: undefined };
}

function filterParams({ text, states }: RunFilter): { text?: string; states?: ImageState[] } {
  return { ...(text === "" ? {} : { text }), ...(states.length === 0 ? {} : { states: [...states] }) };
}

/** Looks for runs and images by name and state; what is unfolded is read again. */
export function setRunFilter(filter: RunFilter): void {
  const { expanded, filter: old } = useRuns.getState();
  if (old.text === filter.text && old.states.join() === filter.states.join()) return;
  useRuns.setState({ filter, images: new Map(), ...(filter.text === "" ? { found: undefined } : {}) });
  for (const id of expanded) if (!id.includes("/")) void loadImages(id, 0);
  if (filter.text !== old.text) void search();
}

async function search(): Promise<void> {
  const { filter } = useRuns.getState();
  if (filter.text === "") return;
  // Best effort: what was found before stays until the connection is back and asks again.
  const found = await call("runs.list", { text: filter.text, limit: 1000 }).catch(() => undefined);
  if (found === undefined || useRuns.getState().filter.text !== filter.text) return;
  useRuns.setState({ found: found.runs });
}

/** Once for everything that changes within a moment. */
function gathered(work: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      work();
    }, recountMs);
  };
}
const searchSoon = gathered(() => void search());
const refilterSoon = gathered(() => void rereadImages());

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
  await search();
  await rereadImages();
  for (const id of useRuns.getState().expanded) if (id.includes("/")) readBelow(id);
}

/** Reads the pages again that were read; what is folded is read anew when it is unfolded. */
async function rereadImages(): Promise<void> {
  const { expanded } = useRuns.getState();
  const images = new Map([...useRuns.getState().images].filter(([runId]) => expanded.has(runId)));
  useRuns.setState({ images });
  for (const [runId, list] of images) {
    const pages = new Set(
      list.items.flatMap((item, at) => (item === undefined ? [] : [Math.floor(at / imagePage)])),
    );
    if (pages.size === 0) pages.add(0);
    for (const page of pages) await loadImages(runId, page * imagePage);
  }
}

onLive("run.changed", rememberRun);
onLive("run.removed", ({ runId }) => forgetRun(runId));
onLive("image.changed", rememberImage);
onGap(() => void reloadShown());
