// The plan in figures: bytes to move, already there, linked and resumed, attachments, pulls and time.
import type { ReactNode } from "react";
import type { Run } from "../../../shared/run.ts";
import { Bytes } from "../../components/bytes.tsx";
import { useBytes } from "../../state/formats.ts";
import { usePlan } from "../../state/plan.ts";
import { planText, transferText } from "../../text/plan.ts";
import type { PlanSums } from "./plan-sums.ts";
import { timeFor, useMeasuredSpeed, useSourceQuota } from "./use-estimates.ts";

const words = planText.figures;

export function PlanFigures({ run, sums }: { readonly run: Run; readonly sums: PlanSums }) {
  const bytes = useBytes();
  const { plan } = run;
  const bandwidth = usePlan(({ spec }) => spec?.options.bandwidth ?? null);
  const seconds = timeFor(sums.mostBytes, useMeasuredSpeed(run), bandwidth);
  const quota = useSourceQuota(run);
  const pulls = sums.byKind.copy + sums.byKind.overwrite;
  return (
    <section aria-label={planText.numbers} className="flex rounded-md border border-line bg-sunken">
      <Figure label={words.move} title={planText.blobs(plan.blobsToTransfer)} strong>
        {transferText(sums, bytes)}
      </Figure>
      <Figure label={words.time} title={seconds === undefined ? planText.timeUnknown : planText.timeHint}>
        {sums.mostBytes === 0 ? "–" : planText.time(seconds)}
      </Figure>
      <Figure label={words.present}>
        <Bytes value={sums.bytesPresent} />
      </Figure>
      <Figure label={words.mountable} title={words.mountableHint}>
        <Bytes value={sums.bytesMountable} />
      </Figure>
      {plan.bytesResumable > 0 && (
        <Figure label={words.resumable} title={words.resumableHint}>
          <Bytes value={plan.bytesResumable} />
        </Figure>
      )}
      <Figure label={words.attachments} title={words.attachmentsHint}>
        {attachmentsText(run)}
      </Figure>
      {quota !== undefined && (
        <Figure
          label={words.pulls}
          title={planText.pullsHint(run.source.address, quota.limit, quota.remaining)}
          bad={pulls > quota.remaining}
        >
          {planText.pulls(pulls, quota.remaining)}
        </Figure>
      )}
    </section>
  );
}

function attachmentsText({ plan, spec }: Run): string {
  const { attachments, attachmentsToCopy } = plan;
  if (!spec.options.attachments) return planText.attachments.off;
  if (attachments === 0) return planText.attachments.none;
  return attachmentsToCopy === 0
    ? planText.attachments.complete(attachments)
    : planText.attachments.copy(attachments, attachmentsToCopy);
}

function Figure({
  label,
  title,
  strong = false,
  bad = false,
  children,
}: {
  readonly label: string;
  readonly title?: string;
  readonly strong?: boolean;
  readonly bad?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div title={title} className="min-w-0 flex-auto border-l border-line px-3.5 py-2 first:border-l-0">
      <div className="truncate text-xs text-muted">{label}</div>
      <div className={`truncate text-lg ${strong ? "font-semibold" : ""} ${bad ? "text-bad" : "text-text"}`}>
        {children}
      </div>
    </div>
  );
}
