// What is known of a plan's destination that speaks against it: it said lately that this sign-in may not write or delete there.
import type { Endpoint } from "../../../shared/endpoint.ts";
import { planText } from "../../text/plan.ts";
import { relativeTime } from "../../text/times.ts";

interface Doubt {
  readonly at: number;
  readonly text: string;
}

/** The newest answer to whether writing is allowed, where that was no; a later yes ends an older doubt. */
function writingDoubt({ health, capabilities }: Endpoint): Doubt | undefined {
  const step = health.steps.find(({ name }) => name === "push");
  const ability = capabilities?.capabilities.find(({ name }) => name === "push");
  const checked =
    health.checkedAt === null ||
    step === undefined ||
    step.outcome === "skipped" ||
    // It did not come to an answer.
    step.error?.retryable === true
      ? undefined
      : { at: health.checkedAt, text: step.text, allows: step.outcome === "passed" };
  const probed =
    capabilities === null || ability === undefined || (ability.answer !== "yes" && ability.answer !== "no")
      ? undefined
      : { at: capabilities.probedAt, text: ability.text, allows: ability.answer === "yes" };
  const newest = [checked, probed]
    .filter((answer) => answer !== undefined)
    .toSorted((a, b) => b.at - a.at)[0];
  return newest === undefined || newest.allows ? undefined : newest;
}

function deletingDoubt({ capabilities }: Endpoint): Doubt | undefined {
  const ability = capabilities?.capabilities.find(({ name }) => name === "delete");
  return capabilities === null || ability?.answer !== "no"
    ? undefined
    : { at: capabilities.probedAt, text: ability.text };
}

/** Sentences for the warnings of a plan that writes or deletes at `destination`. */
export function writeDoubts(
  destination: Endpoint,
  plan: { readonly writes: boolean; readonly deletes: boolean },
  now: number,
): readonly string[] {
  const doubts = [
    plan.writes ? writingDoubt(destination) : undefined,
    plan.deletes ? deletingDoubt(destination) : undefined,
  ];
  return doubts.flatMap((doubt) =>
    doubt === undefined ? [] : [planText.doubt(destination.name, relativeTime(doubt.at, now), doubt.text)],
  );
}
