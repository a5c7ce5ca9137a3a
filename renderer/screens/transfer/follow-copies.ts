// Keeps both panes true while images arrive: what was copied is read again, and only that.
import type { Run, RunImage } from "../../../shared/run.ts";
import { call } from "../../api/client.ts";
import { onLive } from "../../api/live.ts";
import { paneSides, showRepository, usePanes } from "../../state/panes.ts";
import { knownRepositories, refreshRepositories } from "./repositories.ts";
import { forgetTag } from "./tag-details.ts";
import { refreshTags } from "./tag-pages.ts";

type Ends = Pick<Run, "source" | "destination">;
const ends = new Map<string, Ends>();
/** Repositories whose tags are to be read again, as `endpoint repository`. */
const stale = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;
/** A run of many small images must not list the same repository for each of them. */
const gatherMs = 1200;

async function endsOf(runId: string): Promise<Ends> {
  const known = ends.get(runId);
  if (known !== undefined) return known;
  const run = await call("runs.get", { runId });
  ends.set(runId, run);
  return run;
}

function isShown(endpointId: string): boolean {
  const { left, right } = usePanes.getState();
  return left.endpointId === endpointId || right.endpointId === endpointId;
}

async function arrived(image: RunImage): Promise<void> {
  const { destination } = await endsOf(image.runId);
  if (!isShown(destination.id)) return;
  const place = { endpointId: destination.id, repository: image.destinationRepository };
  if (image.destinationReference !== null) forgetTag(place, image.destinationReference);
  stale.add(`${place.endpointId} ${place.repository}`);
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    timer = undefined;
    const places = [...stale];
    stale.clear();
    void readAgain(places);
  }, gatherMs);
}

/** Best effort throughout: the lists keep what they had where the registry does not answer now. */
async function readAgain(places: readonly string[]): Promise<void> {
  const grown = new Set<string>();
  for (const text of places) {
    const [endpointId = "", repository = ""] = text.split(" ");
    if (knownRepositories(endpointId)?.names.includes(repository) === false) grown.add(endpointId);
    await refreshTags(endpointId, repository).catch(() => undefined);
  }
  for (const endpointId of grown) await refreshRepositories(endpointId).catch(() => undefined);
  showArrivals(places);
}

/** A pane that shows no tags yet shows where the first image arrived. */
function showArrivals(places: readonly string[]): void {
  const [endpointId = "", repository = ""] = places[0]?.split(" ") ?? [];
  for (const side of paneSides) {
    const pane = usePanes.getState()[side];
    if (pane.endpointId === endpointId && pane.repository === undefined) showRepository(side, repository);
  }
}

/** Starts following; returns the way to stop. */
export function followCopies(): () => void {
  const stops = [
    onLive("run.changed", (run) => {
      ends.set(run.id, { source: run.source, destination: run.destination });
    }),
    onLive("run.removed", ({ runId }) => {
      ends.delete(runId);
    }),
    onLive("image.changed", (image) => {
      if (image.state === "succeeded") arrived(image).catch(() => undefined);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
