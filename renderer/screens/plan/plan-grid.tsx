// The images of a plan as a virtual grid: pages are read as they come into sight; ticks by mouse, Space and Ctrl+A.
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useRef } from "react";
import type { Run, RunImage } from "../../../shared/run.ts";
import { ContextMenu } from "../../components/context-menu.tsx";
import { isTyped, TypeAhead } from "../../components/type-ahead.ts";
import { moveByKey, useVirtualRows } from "../../components/virtual-rows.ts";
import { planRowAt, readPlanRow, usePlanRows } from "../../state/plan-rows.ts";
import { setTicked, tickAll, usePlanTicks } from "../../state/plan-ticks.ts";
import { planText } from "../../text/plan.ts";
import { destinationText, isTickable, sourceText } from "./plan-image.ts";
import { PlanRow, planColumns } from "./plan-row.tsx";
import { planRowMenu } from "./plan-row-menu.tsx";

export function PlanGrid({
  run,
  focus,
  chosen,
  onFocus,
  onOpen,
}: {
  readonly run: Run;
  readonly focus: number;
  /** The row whose details are shown. */
  readonly chosen: number | undefined;
  readonly onFocus: (index: number) => void;
  /** Enter on a row. */
  readonly onOpen: (image: RunImage) => void;
}) {
  const { runId, filter, total, pages } = usePlanRows();
  const { out, busy } = usePlanTicks();
  const list = useVirtualRows({ count: total, focus });
  const typeAhead = useRef(new TypeAhead());
  const lastTicked = useRef<number>(undefined);
  const [first, last] = [list.items[0]?.index ?? 0, list.items.at(-1)?.index ?? 0];
  useEffect(() => {
    if (total === 0) return;
    void readPlanRow(first);
    void readPlanRow(last);
  }, [first, last, total]);

  const onTick = useCallback((index: number, ticked: boolean, range: boolean): void => {
    const from = range ? (lastTicked.current ?? index) : index;
    lastTicked.current = index;
    const { pages: now } = usePlanRows.getState();
    const images: RunImage[] = [];
    for (let at = Math.min(from, index); at <= Math.max(from, index); at++) {
      const image = planRowAt(now, at);
      if (image !== undefined) images.push(image);
    }
    setTicked(images, ticked);
  }, []);

  const goTo = (index: number | undefined): void => {
    if (index === undefined) return;
    onFocus(index);
    list.wantFocus();
  };
  const keyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const image = planRowAt(pages, focus);
    if (isTyped(event)) {
      const label = (index: number): string | undefined => nameOf(planRowAt(pages, index));
      goTo(typeAhead.current.next(event.key, { now: event.timeStamp, from: focus, count: total, label }));
      return;
    }
    typeAhead.current.reset();
    const isAll = event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey);
    const to = moveByKey(event.key, focus, total, list.pageRows);
    if (event.key === " " && image !== undefined) onTick(focus, out.has(image.id), event.shiftKey);
    else if (isAll && runId !== undefined) void tickAll(runId, filter, !event.shiftKey);
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && image !== undefined) onOpen(image);
    else if (to !== undefined) goTo(to);
    else return;
    event.preventDefault();
  };

  const menu = (event: MouseEvent<HTMLElement>): void => {
    const row = event.target instanceof Element ? event.target.closest("[data-index]") : null;
    const index = row?.getAttribute("data-index");
    if (index !== null && index !== undefined) onFocus(Number(index));
  };
  const meant = planRowAt(pages, focus);
  const grid = (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid has no table element
    <div
      role="grid"
      onContextMenu={menu}
      aria-label={planText.rows}
      aria-rowcount={total + 1}
      tabIndex={-1}
      onKeyDown={keyDown}
      className="flex min-h-28 flex-1 flex-col overflow-hidden rounded-md border border-line"
    >
      <GridHead />
      <div ref={list.scroller} className="min-h-0 flex-1 overflow-y-auto">
        {total === 0 && <p className="p-6 text-center text-sm text-muted">{planText.noMatch}</p>}
        <div role="presentation" className="relative" style={{ height: list.height }}>
          {list.drawn.map(({ item, slot }) => {
            const image = planRowAt(pages, item.index);
            return (
              <PlanRow
                key={slot}
                image={image}
                index={item.index}
                top={item.start}
                ticked={image !== undefined && isTickable(image) && !out.has(image.id)}
                busy={busy}
                focused={item.index === focus}
                chosen={item.index === chosen}
                onFocus={onFocus}
                onTick={onTick}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
  return (
    <ContextMenu
      region={grid}
      disabled={meant === undefined}
      groups={meant === undefined ? [] : planRowMenu(run, meant, { ticked: !out.has(meant.id), busy })}
    />
  );
}

function nameOf(image: RunImage | undefined): string | undefined {
  if (image === undefined) return undefined;
  return image.action === "delete" ? destinationText(image) : sourceText(image);
}

const heads = planText.columns;

function GridHead() {
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: the head of a virtual grid
    // biome-ignore-start lint/a11y/useFocusableInteractive: a head without commands is not gone to
    <div
      role="row"
      aria-rowindex={1}
      className={`${planColumns} h-7 shrink-0 border-b border-line bg-sunken pr-2 text-xs text-muted`}
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
