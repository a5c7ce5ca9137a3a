// One image of a report in full: both digests to copy, why it was done, and what went wrong.

import type { Run, RunImage } from "../../../shared/run.ts";
import { Button } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { type ImageAt, openDrawer } from "../../state/navigation.ts";
import { reportText } from "../../text/history.ts";
import { inspectText } from "../../text/inspect.ts";
import { imageFailure } from "../transfers/failure.ts";
import { standingDigest } from "./proof.ts";

export function ReportDetails({ run, image }: { readonly run: Run; readonly image: RunImage }) {
  const failure = imageFailure(run, image);
  const standing = standingDigest(image);
  const { source, destination } = endsOf(run, image);
  return (
    <section
      aria-label={reportText.image}
      className="flex max-h-52 shrink-0 flex-col gap-2 overflow-y-auto rounded-md bg-sunken p-3 text-xs"
    >
      <dl className="grid grid-cols-[6rem_minmax(0,1fr)] items-center gap-x-3 gap-y-0.5">
        <Digest name={reportText.source} digest={image.digest} />
        <Digest name={reportText.destination} digest={standing} />
        {image.replacesDigest !== null && image.replacesDigest !== standing && (
          <Digest name={reportText.replaced} digest={image.replacesDigest} />
        )}
        <dt className="text-muted">{reportText.reason}</dt>
        <dd data-selectable className="py-0.5">
          {image.reason}
        </dd>
        {failure !== undefined && (
          <>
            <dt className="text-bad">{reportText.failure}</dt>
            <dd data-selectable className="py-0.5">
              {failure.sentence} <span className="text-muted">{failure.detail}</span> {failure.advice}
            </dd>
          </>
        )}
      </dl>
      <div className="flex gap-2">
        {destination !== undefined && standing !== null && (
          <Button size="small" onClick={() => openDrawer({ kind: "inspect", image: destination })}>
            {reportText.inspect}
          </Button>
        )}
        {source !== undefined && destination !== undefined && (
          <Button size="small" onClick={() => openDrawer({ kind: "compare", source, destination })}>
            {reportText.compare}
          </Button>
        )}
      </div>
    </section>
  );
}

function endsOf(run: Run, image: RunImage): { readonly source?: ImageAt; readonly destination?: ImageAt } {
  const { sourceReference, destinationReference } = image;
  return {
    ...(sourceReference === null
      ? {}
      : {
          source: {
            endpointId: run.source.id,
            repository: image.sourceRepository,
            reference: sourceReference,
          },
        }),
    ...(destinationReference === null
      ? {}
      : {
          destination: {
            endpointId: run.destination.id,
            repository: image.destinationRepository,
            reference: destinationReference,
          },
        }),
  };
}

function Digest({ name, digest }: { readonly name: string; readonly digest: string | null }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="flex min-h-6 min-w-0 items-center gap-1">
        <code data-selectable className="truncate font-mono" title={digest ?? undefined}>
          {digest ?? reportText.noDigest}
        </code>
        {digest !== null && <CopyButton label={`${inspectText.copyDigest}: ${name}`} text={digest} />}
      </dd>
    </>
  );
}
