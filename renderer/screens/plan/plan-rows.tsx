// The images of a plan as a virtual grid: filter, tick and untick by mouse or keyboard.

import type { KeyboardEvent } from "react";
import { useDeferredValue, useMemo, useState } from "react";
import type { RunImage } from "../../../shared/run.ts";
import { SearchField } from "../../components/search-field.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { moveByKey, useVirtualRows } from "../../components/virtual-rows.ts";
import { setTicked, usePlan } from "../../state/plan.ts";
import { kindWords, planText } from "../../text/plan.ts";
import { PlanRow, planColumns } from "./plan-row.tsx";
import { endsText, filterRows, isTickable, type PlanSums, type RowKind, rowKinds } from "./plan-sums.ts";

export function PlanRows({ sums }: { readonly sums: PlanSums }) {
  const { images, unticked } = usePlan();
  const [kinds, setKinds] = useState<ReadonlySet<RowKind>>(new Set());
  const [text, setText] = useState("");
  const shownText = useDeferredValue(text);
  const rows = useMemo(() => filterRows(images, kinds, shownText), [images, kinds, shownText]);
  const tickable = useMemo(() => rows.filter(isTickable), [rows]);
  const ticked = useMemo(
    () => tickable.filter((image) => !unticked.has(image.id)).length,
    [tickable, unticked],
  );
  const [focusId, setFocusId] = useState<number>();
  const focused = rows.find((image) => image.id === focusId);

  const toggleKind = (kind: RowKind): void => {
    const next = new Set(kinds);
    if (!next.delete(kind)) next.add(kind);
    setKinds(next);
  };

  return (
    <section aria-label={planText.rows} className="flex min-h-0 flex-col gap-2">
      <div className="flex items-center gap-2">
        <Checkbox
          label={rows.length === images.length ? planText.selectAll : planText.selectShown}
          className="pl-2"
          checked={tickable.length > 0 && ticked === tickable.length}
          indeterminate={ticked > 0 && ticked < tickable.length}
          disabled={tickable.length === 0}
          onCheckedChange={() => setTicked(rows, ticked < tickable.length)}
        />
        <fieldset className="ml-auto flex gap-1 border-0 p-0">
          <legend className="hidden-text">{planText.filterByAction}</legend>
          {rowKinds.map((kind) => (
            <KindChip
              key={kind}
              kind={kind}
              count={sums.byKind[kind]}
              pressed={kinds.has(kind)}
              onPress={() => toggleKind(kind)}
            />
          ))}
        </fieldset>
        <SearchField
          label={planText.filter}
          placeholder={planText.filter}
          value={text}
          onValueChange={setText}
          className="w-52"
        />
      </div>
      <Grid rows={rows} unticked={unticked} focusId={focusId} onFocus={setFocusId} />
      <p data-selectable className="h-4.5 truncate text-xs text-muted">
        {focused === undefined ? (rows.length > 0 ? planText.rowHint : "") : rowText(focused)}
      </p>
    </section>
  );
}

/** The whole of a row, where its columns are too narrow. */
function rowText(image: RunImage): string {
  return `${endsText(image)}: ${image.error?.message ?? image.reason}`;
}

function KindChip({
  kind,
  count,
  pressed,
  onPress,
}: {
  readonly kind: RowKind;
  readonly count: number;
  readonly pressed: boolean;
  readonly onPress: () => void;
}) {
  // Kinds that do not occur are left out, except the two that everybody looks for.
  if (count === 0 && !pressed && kind !== "copy" && kind !== "skip") return null;
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className="h-7 rounded-md border border-line-strong px-2 text-xs text-muted hover:bg-hover hover:text-text aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-strong"
    >
      {kindWords[kind]} <span className="tabular-nums">{count}</span>
    </button>
  );
}

function Grid({
  rows,
  unticked,
  focusId,
  onFocus,
}: {
  readonly rows: readonly RunImage[];
  readonly unticked: ReadonlySet<number>;
  readonly focusId: number | undefined;
  readonly onFocus: (id: number) => void;
}) {
  const { images } = usePlan();
  const focus = Math.max(
    0,
    rows.findIndex((image) => image.id === focusId),
  );
  const list = useVirtualRows({ count: rows.length, focus });

  const keyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const image = rows[focus];
    if (image === undefined) return;
    if (event.key === " ") {
      event.preventDefault();
      setTicked([image], unticked.has(image.id));
      return;
    }
    if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      setTicked(rows, true);
      return;
    }
    const to = moveByKey(event.key, focus, rows.length, list.pageRows);
    const next = to === undefined ? undefined : rows[to];
    if (next === undefined) return;
    event.preventDefault();
    onFocus(next.id);
    list.wantFocus();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid has no table element
    <div
      role="grid"
      aria-label={planText.rows}
      aria-rowcount={rows.length + 1}
      aria-multiselectable
      tabIndex={-1}
      onKeyDown={keyDown}
      className="overflow-hidden rounded-md border border-line"
    >
      <GridHead />
      <div ref={list.scroller} className="h-(--plan-rows) overflow-y-auto">
        {rows.length === 0 && (
          <p className="p-6 text-center text-sm text-muted">
            {images.length === 0 ? planText.noRows : planText.noMatch}
          </p>
        )}
        <div role="presentation" className="relative" style={{ height: list.height }}>
          {list.items.map((item) => {
            const image = rows[item.index];
            return image === undefined ? null : (
              <PlanRow
                key={image.id}
                image={image}
                index={item.index}
                top={item.start}
                ticked={isTickable(image) && !unticked.has(image.id)}
                focused={item.index === focus}
                onFocus={onFocus}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

const heads = planText.columns;

function GridHead() {
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: the head of a virtual grid
    // biome-ignore-start lint/a11y/useFocusableInteractive: a head without commands is not gone to
    <div
      role="row"
      aria-rowindex={1}
      className={`${planColumns} h-7 border-b border-line bg-sunken pr-2 text-xs text-muted`}
    >
      <span role="columnheader">
        <span className="hidden-text">{heads.tick}</span>
      </span>
      <span role="columnheader">{heads.source}</span>
      <span role="columnheader">{heads.destination}</span>
      <span role="columnheader">{heads.action}</span>
      <span role="columnheader">{heads.platforms}</span>
      <span role="columnheader" className="text-right">
        {heads.size}
      </span>
    </div>
    // biome-ignore-end lint/a11y/useFocusableInteractive: a head without commands is not gone to
    // biome-ignore-end lint/a11y/useSemanticElements: the head of a virtual grid
  );
}
