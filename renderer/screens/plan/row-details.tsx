// The chosen row of a plan in full: digests, platforms, bytes, the whole reason; and the ways to look closer.
import { GitCompareArrows, Search } from "lucide-react";
import type { ReactNode } from "react";
import type { Run, RunImage } from "../../../shared/run.ts";
import { Button } from "../../components/button.tsx";
import { useBytes } from "../../state/formats.ts";
import { type ImageAt, openDrawer } from "../../state/navigation.ts";
import { planText } from "../../text/plan.ts";
import { endsText } from "./plan-image.ts";

const words = planText.detail;

export function RowDetails({ run, image }: { readonly run: Run; readonly image: RunImage | undefined }) {
  return (
    <section
      aria-label={planText.details}
      className="flex h-26 shrink-0 gap-4 overflow-hidden rounded-md border border-line bg-sunken px-3 py-2 text-xs"
    >
      {image === undefined ? (
        <p className="text-muted">{planText.rowHint}</p>
      ) : (
        <Details run={run} image={image} />
      )}
    </section>
  );
}

function Details({ run, image }: { readonly run: Run; readonly image: RunImage }) {
  const bytes = useBytes();
  const at = imageToLookAt(run, image);
  const other = imageThere(run, image);
  const { bytesToTransfer, bytesPresent, bytesMountable, bytesTotal } = image;
  return (
    <>
      <div data-selectable className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p className="truncate font-mono font-medium" title={endsText(image)}>
          {endsText(image)}
        </p>
        <p className="truncate text-muted" title={image.error?.message ?? image.reason}>
          {image.error?.message ?? image.reason}
        </p>
        <dl className="grid grid-cols-[5.5rem_minmax(0,1.2fr)_5.5rem_minmax(0,1fr)] gap-x-2">
          <Fact label={words.digest}>{image.digest}</Fact>
          <Fact label={words.platforms} plain>
            {image.platforms.join(", ")}
          </Fact>
          <Fact label={words.replaces}>{image.replacesDigest}</Fact>
          <Fact label={words.bytes} plain>
            {planText.bytesOf(bytes, bytesToTransfer, bytesPresent, bytesMountable, bytesTotal)}
          </Fact>
          <Fact label={words.writes} plain={image.writesDigest === null}>
            {image.writesDigest ?? words.same}
          </Fact>
          <Fact label={words.attachments} plain>
            {planText.attachmentsOf(image.attachments, image.attachmentsToCopy)}
          </Fact>
        </dl>
      </div>
      <div className="flex shrink-0 flex-col gap-1.5">
        <Button
          size="small"
          disabled={at === undefined}
          icon={<Search aria-hidden className="size-3.5" />}
          onClick={() => at !== undefined && openDrawer({ kind: "inspect", image: at })}
        >
          {planText.inspect}
        </Button>
        {at !== undefined && other !== undefined && (
          <Button
            size="small"
            icon={<GitCompareArrows aria-hidden className="size-3.5" />}
            onClick={() => openDrawer({ kind: "compare", source: at, destination: other })}
          >
            {planText.compare}
          </Button>
        )}
      </div>
    </>
  );
}

function Fact({
  label,
  plain = false,
  children,
}: {
  readonly label: string;
  readonly plain?: boolean;
  readonly children: ReactNode;
}) {
  const text = children === null || children === "" ? words.none : children;
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd
        title={typeof text === "string" ? text : undefined}
        className={`truncate ${plain ? "" : "font-mono"}`}
      >
        {text}
      </dd>
    </>
  );
}

/** The source's image; of a row that deletes, the one that goes. */
export function imageToLookAt(run: Run, image: RunImage): ImageAt | undefined {
  if (image.action === "delete")
    return imageAt(run.destination.id, image.destinationRepository, image.destinationReference);
  return imageAt(run.source.id, image.sourceRepository, image.digest ?? image.sourceReference);
}

/** What the destination's tag points at now; undefined where there is nothing. */
export function imageThere(run: Run, image: RunImage): ImageAt | undefined {
  if (image.action === "delete") return undefined;
  const there = image.replacesDigest ?? (image.action === "skip" ? image.destinationReference : null);
  return imageAt(run.destination.id, image.destinationRepository, there);
}

function imageAt(endpointId: string, repository: string, reference: string | null): ImageAt | undefined {
  return reference === null ? undefined : { endpointId, repository, reference };
}
