// The cells of an image's and of a blob's row.
import { ShieldCheck } from "lucide-react";
import { progressKey } from "../../../shared/contract.ts";
import { shortDigest } from "../../../shared/digest.ts";
import type { Run, RunBlob, RunImage } from "../../../shared/run.ts";
import type { UnitSystem } from "../../../shared/units.ts";
import { useUnits } from "../../state/formats.ts";
import { useProgress } from "../../state/progress.ts";
import {
  blobKindText,
  blobStateText,
  imageStateText,
  runName,
  savedText,
  savedTitle,
  transfersText,
  waitingForBlobText,
} from "../../text/transfers.ts";
import { carrierOf } from "./carrier.ts";
import { imageFailure } from "./failure.ts";
import { imageEnds } from "./image-ends.ts";
import {
  Cell,
  Chevron,
  FailureCells,
  NumberCells,
  restOfRow,
  type Savings,
  StateCell,
} from "./row-cells.tsx";
import { blobNumbers, imageNumbers } from "./row-numbers.ts";
import { blobStatus, imageStatus } from "./statuses.ts";
import { numbersOf, useStill } from "./still.ts";

export function ImageCells({
  run,
  image,
  id,
  expanded,
  focused,
  onToggle,
}: {
  readonly run: Run;
  readonly image: RunImage;
  readonly id: string;
  readonly expanded: boolean | undefined;
  readonly focused: boolean;
  readonly onToggle: (id: string, expanded: boolean) => void;
}) {
  const units = useUnits();
  const progress = useProgress(progressKey.image(run.id, image.id));
  const still = useStill(run);
  const status = imageStatus(image, still);
  const failure = imageFailure(run, image);
  const title = imageEnds(image);
  return (
    <>
      <Cell className="flex items-center gap-1 pl-5" title={title}>
        <Chevron id={id} expanded={expanded} onToggle={onToggle} />
        <span className="truncate font-mono text-xs">{title}</span>
        {image.verified && (
          <span
            role="img"
            aria-label={transfersText.verified}
            title={transfersText.verified}
            className="ml-1 shrink-0 text-ok"
          >
            <ShieldCheck aria-hidden className="size-3.5" />
          </span>
        )}
      </Cell>
      <StateCell kind={status.kind} text={imageStateText(image, still)} />
      {failure !== undefined ? (
        <FailureCells key={id} run={run} failure={failure} focused={focused} />
      ) : image.state === "skipped" ? (
        <Cell className={`${restOfRow} truncate text-xs text-muted`} title={image.reason}>
          {image.reason}
        </Cell>
      ) : (
        <NumberCells
          label={title}
          numbers={numbersOf(
            imageNumbers(image, progress, units),
            image.state === "running" ? still : undefined,
          )}
          tone={status.tone}
          tries={image.attempts}
          savings={imageSavings(image, units)}
        />
      )}
    </>
  );
}

function imageSavings({ bytesPresent, bytesMountable, bytesResumed }: RunImage, units: UnitSystem): Savings {
  return {
    text: savedText(bytesPresent + bytesMountable + bytesResumed, units),
    title: savedTitle(bytesPresent, bytesMountable, bytesResumed, units),
  };
}

export function BlobCells({ run, blob }: { readonly run: Run; readonly blob: RunBlob }) {
  const units = useUnits();
  const progress = useProgress(progressKey.blob(run.id, blob.repository, blob.digest));
  const still = useStill(run);
  const moving = progress !== undefined && blob.state === "waiting";
  const shown: RunBlob = moving ? { ...blob, state: "transferring" } : blob;
  const numbers = numbersOf(
    blobNumbers(blob, progress, units),
    shown.state === "transferring" ? still : undefined,
  );
  const status = blobStatus(shown, still);
  const carrier = shown.state === "waiting" && run.state === "running" ? carrierOf(run, blob) : undefined;
  // Nearly all are SHA-256: the room is for what differs.
  const short = shortDigest(blob.digest).replace(/^sha256:/, "");
  const resumed = savedTitle(0, 0, blob.bytesResumed, units);
  return (
    <>
      <Cell className="flex items-center gap-2 pl-11" title={`${blob.digest}\n${blob.mediaType}`}>
        <span className="w-10 shrink-0 truncate text-2xs text-muted">{blobKindText(blob.mediaType)}</span>
        <span className="truncate font-mono text-xs">{short}</span>
      </Cell>
      <StateCell kind={status.kind} text={blobStateText(shown, still)} />
      <NumberCells
        label={short}
        numbers={numbers}
        tone={status.tone}
        tries={0}
        savings={{ text: savedText(blob.bytesResumed, units), title: resumed }}
        trouble={carrier === undefined ? undefined : waitingForBlobText(runName(carrier))}
      />
    </>
  );
}
