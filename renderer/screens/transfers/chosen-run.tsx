// The transfer that is chosen in the list: what can be done with it, how much of the machine it may take, and what it did.
import { isFinished, type Run } from "../../../shared/run.ts";
import { formatDuration } from "../../../shared/units.ts";
import { Button } from "../../components/button.tsx";
import { useBytes, useSpeed } from "../../state/formats.ts";
import { exactBytes } from "../../text/sizes.ts";
import { imagesText, priorityText, runSubject, selectedText, transfersText } from "../../text/transfers.ts";
import { BandwidthSlider, LiveSlider } from "./live-slider.tsx";
import { adjustRun, mainActions } from "./run-actions.tsx";

const words = transfersText.chosen;
/** The labels take the same room, so that the tracks stand below each other. */
const aligned = "*:first:w-24";

export function ChosenRun({ runs }: { readonly runs: readonly Run[] }) {
  const [run] = runs;
  const title =
    run === undefined ? words.title : runs.length > 1 ? selectedText(runs.length) : runSubject(run);
  return (
    <section aria-label={words.title} className="flex flex-col gap-2">
      <h3 title={title} className="truncate text-xs font-medium">
        {title}
      </h3>
      {run === undefined ? <p className="text-xs text-muted">{words.none}</p> : <Actions runs={runs} />}
      {run !== undefined &&
        runs.length === 1 &&
        (isFinished(run.state) || run.state === "planned" || run.state === "planning" ? (
          <Facts run={run} />
        ) : (
          <Steering key={run.id} run={run} />
        ))}
    </section>
  );
}

function Actions({ runs }: { readonly runs: readonly Run[] }) {
  const moving = runs.some(({ state }) => state === "running");
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex flex-wrap gap-1.5">
        {mainActions(runs).map(({ id, label, icon, danger = false, onSelect }) => (
          <Button
            key={id}
            size="small"
            icon={icon}
            variant={danger ? "danger" : "secondary"}
            onClick={onSelect}
          >
            {label}
          </Button>
        ))}
      </div>
      {moving && <p className="text-2xs text-muted">{transfersText.pauseHint}</p>}
    </div>
  );
}

function Steering({ run }: { readonly run: Run }) {
  const { parallelImages, bandwidth } = run.spec.options;
  const runId = run.id;
  return (
    <div className="flex flex-col gap-1.5">
      <LiveSlider
        label={words.images}
        className={aligned}
        min={1}
        max={64}
        value={parallelImages}
        text={String}
        onChange={(next) => adjustRun({ runId, parallelImages: next })}
      />
      <BandwidthSlider
        label={words.bandwidth}
        className={aligned}
        value={bandwidth}
        onChange={(next) => adjustRun({ runId, bandwidth: next })}
      />
      <LiveSlider
        label={words.priority}
        className={aligned}
        min={-10}
        max={10}
        value={run.priority}
        text={priorityText}
        onChange={(priority) => adjustRun({ runId, priority })}
      />
    </div>
  );
}

/** What came out; empty figures are left out. */
function Facts({ run }: { readonly run: Run }) {
  const [bytes, perSecond] = [useBytes(), useSpeed()];
  const { tallies } = run;
  const { facts } = words;
  const speed = tallies.activeMs > 0 ? (tallies.bytesTransferred * 1000) / tallies.activeMs : 0;
  const size = (count: number): readonly [string, string] | readonly [""] =>
    count > 0 ? [bytes(count), exactBytes(count)] : [""];
  const rows: readonly (readonly [label: string, value: string, exact?: string])[] = [
    [facts.images, imagesText(run)],
    [facts.moved, ...size(tallies.bytesTransferred)],
    [facts.present, ...size(tallies.bytesPresent)],
    [facts.mounted, ...size(tallies.bytesMounted)],
    [facts.resumed, ...size(tallies.bytesResumed)],
    [facts.attachments, tallies.attachmentsCopied > 0 ? String(tallies.attachmentsCopied) : ""],
    [facts.retries, tallies.retries > 0 ? String(tallies.retries) : ""],
    [facts.time, tallies.activeMs > 0 ? formatDuration(tallies.activeMs) : ""],
    [facts.average, speed > 0 ? perSecond(speed) : ""],
  ];
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs">
      {rows
        .filter(([, value]) => value !== "")
        .map(([label, value, exact]) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="text-right" title={exact}>
              {value}
            </dd>
          </div>
        ))}
    </dl>
  );
}
