// A plan that writes nothing: says why, and offers to look at both sides instead.
import { CircleCheck, CircleSlash } from "lucide-react";
import type { Run } from "../../../shared/run.ts";
import { Button } from "../../components/button.tsx";
import { openDrawer } from "../../state/navigation.ts";
import { usePlanRows } from "../../state/plan-rows.ts";
import { planText } from "../../text/plan.ts";
import { imageToLookAt } from "./row-details.tsx";

const words = planText.nothing;

/** True where nothing of the plan would be written or deleted. */
export function writesNothing({ plan }: Run): boolean {
  return plan.copy + plan.overwrite + plan.delete === 0;
}

/** Images may also be left out by the options, as where they lack the chosen platforms. */
function wordsFor({ plan, spec }: Run): readonly [string, string] {
  if (plan.images === 0) return [words.empty, words.emptyText];
  if (plan.unreadable > 0 && plan.conflict === 0) return [words.unreadable, words.unreadableText];
  if (plan.conflict > 0) return [words.impossible, words.impossibleText];
  return spec.options.platforms.length > 0 && plan.warnings.length > 0
    ? [words.left, words.leftText]
    : [words.done, words.doneText];
}

export function NothingToDo({ run }: { readonly run: Run }) {
  const { plan } = run;
  const first = usePlanRows((rows) => rows.samples.find(({ digest }) => digest !== null));
  const done = plan.conflict + plan.unreadable === 0;
  const [title, text] = wordsFor(run);
  const Icon = plan.images > 0 && done ? CircleCheck : CircleSlash;
  const source = first === undefined ? undefined : imageToLookAt(run, first);
  const compare = (): void => {
    if (first?.sourceReference == null || first.destinationReference === null) return;
    openDrawer({
      kind: "compare",
      source: {
        endpointId: run.source.id,
        repository: first.sourceRepository,
        reference: first.sourceReference,
      },
      destination: {
        endpointId: run.destination.id,
        repository: first.destinationRepository,
        reference: first.destinationReference,
      },
    });
  };
  return (
    <div className="flex items-center gap-3 rounded-md border border-line px-3.5 py-2.5">
      <Icon aria-hidden className={`size-5 shrink-0 ${done && plan.images > 0 ? "text-ok" : "text-muted"}`} />
      <p className="min-w-0 flex-1 text-sm">
        <span className="font-medium">{title}</span>
        <span className="block text-xs text-muted">{text}</span>
      </p>
      {source !== undefined && (
        <>
          <Button onClick={() => openDrawer({ kind: "inspect", image: source })}>{words.verify}</Button>
          <Button onClick={compare}>{words.compare}</Button>
        </>
      )}
    </div>
  );
}
