// Whether a tag that stands at the destination with another digest may be replaced by what the source has.
import type { Digest } from "../../shared/digest.ts";
import type { FreightlinerError } from "../../shared/errors.ts";
import type { RunOptions } from "../../shared/run.ts";
import { CreationDates } from "./creation-dates.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { Journal } from "./ports.ts";

type Overwrite = RunOptions["overwrite"];

/** True where a standing tag may have to be kept, so that what is there has to be known before anything is written. */
export function mayKeep(overwrite: Overwrite): boolean {
  return overwrite !== "if-different" && overwrite !== "always";
}

export type Verdict =
  | { readonly kind: "replace" | "keep"; readonly why: string }
  /** It cannot be said which of the two is newer. */
  | { readonly kind: "undated"; readonly why: string };

export interface AgeQuestion {
  readonly source: EndpointSide;
  readonly destination: EndpointSide;
  readonly journal: Pick<Journal, "manifestFacts" | "rememberManifest">;
  readonly ours: { readonly repository: string; readonly digest: Digest };
  readonly theirs: { readonly repository: string; readonly digest: Digest };
}

/** By when the images say that they were created. @throws what reading one of them throws. */
export async function compareAge(question: AgeQuestion, signal: AbortSignal): Promise<Verdict> {
  const { source, destination, ours, theirs } = question;
  const dateAt = (side: EndpointSide, image: AgeQuestion["ours"]): Promise<number | null> =>
    createdAt({ source: side, journal: question.journal, signal }, image);
  const [own, other] = await Promise.all([dateAt(source, ours), dateAt(destination, theirs)]);
  if (own === null) return { kind: "undated", why: "the source's image does not say when it was created" };
  if (other === null) return { kind: "undated", why: "the image there does not say when it was created" };
  const [at, there] = [dayOf(own), dayOf(other)];
  return own > other
    ? { kind: "replace", why: `created ${there}, before the source's of ${at}` }
    : { kind: "keep", why: `created ${there}, and the source's of ${at} is not newer` };
}

async function createdAt(
  request: ConstructorParameters<typeof CreationDates>[0],
  { repository, digest }: AgeQuestion["ours"],
): Promise<number | null> {
  const dates = new CreationDates(request, repository);
  const known = await dates.of([digest]);
  const failure: FreightlinerError | undefined = dates.failures.get(digest);
  if (failure !== undefined) throw failure;
  return known.get(digest) ?? null;
}

function dayOf(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
