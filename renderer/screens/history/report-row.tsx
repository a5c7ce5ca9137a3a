// One image of a report as a row: outcome, name, both digests in short, and how it is known to be there.
import { CircleDashed, Equal, type LucideIcon, ShieldCheck, ShieldOff } from "lucide-react";
import { memo } from "react";
import { shortDigest } from "../../../shared/digest.ts";
import type { RunImage } from "../../../shared/run.ts";
import { StatusIcon } from "../../components/badge.tsx";
import { Bytes } from "../../components/bytes.tsx";
import { imageEndsText, outcomeText, reportText } from "../../text/history.ts";
import { imageStatus } from "../transfers/statuses.ts";
import { type Proof, proofOf, standingDigest } from "./proof.ts";

export const reportColumns =
  "grid grid-cols-[6rem_minmax(0,1fr)_8rem_8rem_7rem_5rem] items-center gap-x-3 px-2 text-xs";

const proofLooks: Readonly<Record<Proof, { readonly Icon: LucideIcon; readonly look: string }>> = {
  verified: { Icon: ShieldCheck, look: "text-ok" },
  compared: { Icon: Equal, look: "text-ok" },
  kept: { Icon: CircleDashed, look: "text-muted" },
  none: { Icon: ShieldOff, look: "text-muted" },
};

export const ReportRow = memo(function ReportRow(props: {
  readonly image: RunImage | undefined;
  readonly index: number;
  readonly total: number;
  readonly top: number;
  readonly focused: boolean;
  readonly onFocus: (index: number) => void;
}) {
  const { image, index, focused } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the list
    <div
      role="option"
      aria-selected={focused}
      aria-posinset={index + 1}
      aria-setsize={props.total}
      data-index={index}
      tabIndex={focused ? 0 : -1}
      onClick={() => props.onFocus(index)}
      className={`${reportColumns} absolute inset-x-0 h-(--row) -outline-offset-2 hover:bg-hover aria-selected:bg-accent-soft`}
      style={{ top: props.top }}
    >
      {image === undefined ? (
        <>
          <span className="hidden-text">{reportText.loading}</span>
          <span aria-hidden className="skeleton col-span-2" />
        </>
      ) : (
        <Cells image={image} />
      )}
    </div>
  );
});

function Cells({ image }: { readonly image: RunImage }) {
  const proof = proofOf(image);
  const { Icon, look } = proofLooks[proof];
  return (
    <>
      <span className="flex min-w-0 items-center gap-1.5">
        <StatusIcon kind={imageStatus(image).kind} />
        <span className="truncate">{outcomeText(image)}</span>
      </span>
      <span className="truncate" title={imageEndsText(image)}>
        {imageEndsText(image)}
      </span>
      <ShortDigest digest={image.digest} />
      <ShortDigest digest={standingDigest(image)} />
      <span className={`flex items-center gap-1.5 ${look}`} title={reportText.proofTitles[proof]}>
        <Icon aria-hidden className="size-3.5 shrink-0" />
        <span className="truncate">{reportText.proofs[proof]}</span>
      </span>
      <Bytes className="text-right" value={image.bytesTransferred} />
    </>
  );
}

function ShortDigest({ digest }: { readonly digest: string | null }) {
  return (
    <code className="truncate font-mono text-2xs text-muted" title={digest ?? undefined}>
      {digest === null ? reportText.noDigest : shortDigest(digest).replace("sha256:", "")}
    </code>
  );
}
