// One image of a plan: from where, to where, what happens to it and what it costs.
import { memo } from "react";
import type { RunImage } from "../../../shared/run.ts";
import { Badge, type Tone } from "../../components/badge.tsx";
import { Bytes } from "../../components/bytes.tsx";
import { kindWords, planText } from "../../text/plan.ts";
import { destinationText, isTickable, type RowKind, rowKind, sourceText } from "./plan-image.ts";

/** The grid's columns, also of its head. */
export const planColumns =
  "grid grid-cols-[2rem_minmax(0,1.1fr)_minmax(0,1.1fr)_minmax(0,1.3fr)_7rem_4.75rem] items-center gap-x-3";

const tones: Readonly<Record<RowKind, Tone>> = {
  copy: "accent",
  overwrite: "warn",
  skip: "neutral",
  conflict: "bad",
  delete: "bad",
  unreadable: "bad",
};

interface PlanRowProps {
  readonly image: RunImage | undefined;
  readonly index: number;
  readonly top: number;
  readonly ticked: boolean;
  /** Many rows are being ticked: none can be by itself. */
  readonly busy: boolean;
  readonly focused: boolean;
  readonly chosen: boolean;
  readonly onFocus: (index: number) => void;
  readonly onTick: (index: number, ticked: boolean, range: boolean) => void;
}

export const PlanRow = memo(function PlanRow(props: PlanRowProps) {
  const { image, index, top, ticked, focused, chosen, onFocus } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of a virtual grid
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={chosen}
      data-index={index}
      tabIndex={focused ? 0 : -1}
      onFocus={() => onFocus(index)}
      className={`${planColumns} absolute inset-x-0 h-(--row) pr-2 text-sm -outline-offset-2 hover:bg-hover aria-selected:bg-accent-soft ${ticked ? "" : "text-muted"}`}
      style={{ top }}
    >
      {image === undefined ? <Missing /> : <Cells {...props} image={image} />}
    </div>
  );
});

function Missing() {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a cell of a virtual grid
    <span role="gridcell" tabIndex={-1} aria-label={planText.loading} className="col-start-2">
      <span className="skeleton block w-3/5" />
    </span>
  );
}

function Cells({ image, index, ticked, busy, onTick }: PlanRowProps & { readonly image: RunImage }) {
  const isDelete = image.action === "delete";
  const source = isDelete ? "–" : sourceText(image);
  const destination = destinationText(image);
  const kind = rowKind(image);
  const why = image.error?.message ?? image.reason;
  return (
    <>
      {/* biome-ignore-start lint/a11y/useSemanticElements: cells of a virtual grid */}
      <span role="gridcell" tabIndex={-1} className="flex justify-center pl-2">
        {isTickable(image) && (
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={isDelete ? planText.deleteCheckbox(destination) : planText.rowCheckbox(source)}
            checked={ticked}
            aria-disabled={busy}
            onChange={() => undefined}
            onClick={(event) => onTick(index, !ticked, event.shiftKey)}
            className="size-4 accent-accent aria-disabled:opacity-50"
          />
        )}
      </span>
      <span role="gridcell" tabIndex={-1} title={source} className="truncate font-mono text-xs">
        {source}
      </span>
      <span role="gridcell" tabIndex={-1} title={destination} className="truncate font-mono text-xs">
        {destination === source ? (
          <span className="font-sans text-muted">{planText.sameName}</span>
        ) : (
          destination
        )}
      </span>
      <span role="gridcell" tabIndex={-1} className="flex min-w-0 items-center gap-2" title={why}>
        <Badge tone={tones[kind]}>{kindWords[kind]}</Badge>
        <span className="truncate text-xs text-muted">{why}</span>
      </span>
      <span
        role="gridcell"
        tabIndex={-1}
        title={image.platforms.join(", ")}
        className="truncate text-xs text-muted"
      >
        {platformsText(image.platforms)}
      </span>
      <span role="gridcell" tabIndex={-1} className="text-right text-xs">
        {isTickable(image) && !isDelete ? <Bytes value={image.bytesToTransfer} /> : "–"}
      </span>
      {/* biome-ignore-end lint/a11y/useSemanticElements: cells of a virtual grid */}
    </>
  );
}

/** `linux/amd64 +2`. */
function platformsText(platforms: readonly string[]): string {
  const [first, ...others] = platforms;
  if (first === undefined) return "–";
  return others.length === 0 ? first : `${first} +${others.length}`;
}
