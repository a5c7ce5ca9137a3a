// A mapping on real names of the plan, at once while it is typed.
import { useMemo } from "react";
import { toFreightlinerError } from "../../../../shared/errors.ts";
import { mapRepository, mapTag } from "../../../../shared/mapping.ts";
import type { RunImage } from "../../../../shared/run.ts";
import type { Mapping, TagRename } from "../../../../shared/selection.ts";
import { usePlanRows } from "../../../state/plan-rows.ts";
import { optionsText } from "../../../text/plan-options.ts";

const shown = 4;

interface Sample {
  readonly from: string;
  readonly to: string;
  readonly bad: boolean;
}

export function MappingPreview({
  mapping,
  renameTags,
  fixed,
}: {
  /** Undefined while it cannot be read. */
  readonly mapping: Mapping | undefined;
  readonly renameTags: TagRename | null;
  /** The images name their repositories themselves. */
  readonly fixed: boolean;
}) {
  const images = usePlanRows((rows) => rows.samples);
  const samples = useMemo(
    () => (mapping === undefined ? [] : samplesOf(images, fixed ? undefined : mapping, renameTags)),
    [images, mapping, renameTags, fixed],
  );
  const same = (mapping?.kind === "keep" || fixed) && renameTags === null;
  if (same || mapping === undefined) return null;
  return (
    <div className="flex flex-col gap-1 rounded-md bg-sunken px-2.5 py-2 text-xs">
      <h4 className="font-medium">{optionsText.preview}</h4>
      {samples.length === 0 && <p className="text-muted">{optionsText.noSamples}</p>}
      <ul className="flex flex-col gap-1">
        {samples.map(({ from, to, bad }) => (
          <li key={from} className="min-w-0 font-mono">
            <span className="block truncate text-muted" title={from}>
              {from}
            </span>
            <span className={`block ${bad ? "font-sans break-words text-bad" : "truncate"}`} title={to}>
              {bad ? to : `→ ${to}`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** One image of each repository: those that show the most. */
function samplesOf(
  images: readonly RunImage[],
  mapping: Mapping | undefined,
  renameTags: TagRename | null,
): readonly Sample[] {
  const repositories = new Map<string, RunImage>();
  for (const image of images)
    if (image.action !== "delete" && !repositories.has(image.sourceRepository))
      repositories.set(image.sourceRepository, image);
  const rest = images.filter(
    (image) => image.action !== "delete" && ![...repositories.values()].includes(image),
  );
  return [...repositories.values(), ...rest]
    .slice(0, shown)
    .map((image) => sampleOf(image, mapping, renameTags));
}

function sampleOf(
  { sourceRepository, sourceReference, destinationRepository }: RunImage,
  mapping: Mapping | undefined,
  renameTags: TagRename | null,
): Sample {
  const tag = sourceReference === null || sourceReference.includes(":") ? undefined : sourceReference;
  const from = tag === undefined ? sourceRepository : `${sourceRepository}:${tag}`;
  try {
    const repository =
      mapping === undefined ? destinationRepository : mapRepository(sourceRepository, mapping);
    return {
      from,
      to: tag === undefined ? repository : `${repository}:${mapTag(tag, renameTags)}`,
      bad: false,
    };
  } catch (thrown) {
    return { from, to: toFreightlinerError(thrown, "map-repository").message, bad: true };
  }
}
