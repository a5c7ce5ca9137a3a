// From where to where: names of both ends, with their addresses where these say more.
import type { Run } from "../../../shared/run.ts";
import { planText } from "../../text/plan.ts";

export function PlanEnds({ source, destination }: Pick<Run, "source" | "destination">) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <EndName end={source} />
      <span aria-hidden>→</span>
      <span className="hidden-text">{planText.to}</span>
      <EndName end={destination} />
    </span>
  );
}

function EndName({ end }: { readonly end: Run["source"] }) {
  return (
    <span className="min-w-0 truncate">
      <span className="font-medium text-text">{end.name}</span>
      {end.address !== end.name && <span className="ml-1.5 font-mono text-xs">{end.address}</span>}
    </span>
  );
}
