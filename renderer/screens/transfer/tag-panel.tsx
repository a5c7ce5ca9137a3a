// The tags of the pane's repository: filter with its live count, and the table or what stands in its place.
import { CircleDashed, PackageSearch, SearchX, Tag } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { EmptyState, LoadingRows } from "../../components/states.tsx";
import { Tooltip } from "../../components/tooltip.tsx";
import { useEndpoint } from "../../state/endpoints.ts";
import {
  filterTags,
  type Side,
  setChips,
  setCompare,
  updatePane,
  usePane,
  usePanes,
} from "../../state/panes.ts";
import { type ChipKind, noChips } from "../../state/tag-chips.ts";
import { filterText } from "../../text/tag-filter.ts";
import { countText, missingText, transferText } from "../../text/transfer.ts";
import { refreshPane } from "./commands.ts";
import { FilterChips, FilterMenu } from "./filter/filter-bar.tsx";
import { PaneError } from "./pane-error.tsx";
import { readQuery } from "./tag-filter.ts";
import { isFiltered, listKey, slowPart, type TagList, tagListOf } from "./tag-list.ts";
import { type TagPages, useFirstPage, useTagPages } from "./tag-pages.ts";
import { TagTable } from "./tag-table.tsx";
import { TagViewMenu } from "./tag-view-menu.tsx";

export function TagPanel({ side }: { readonly side: Side }) {
  const { endpointId, repository } = usePane(side);
  const text = transferText.tags;
  if (endpointId === undefined || repository === undefined) {
    return (
      <div className="flex h-full flex-col bg-sunken">
        <EmptyState
          icon={<PackageSearch aria-hidden className="size-5" />}
          title={text.choose}
          text={text.chooseText}
        />
      </div>
    );
  }
  return <Tags key={`${endpointId} ${repository}`} side={side} />;
}

/** Time without a key until what was typed is asked for. */
const settleMs = 150;

function Tags({ side }: { readonly side: Side }) {
  const [pages, setPages] = useState<readonly number[]>([0]);
  const [editing, setEditing] = useState<ChipKind | undefined>(undefined);
  const { wanted, shown, reading } = useLists(side);
  const tags = useTagPages(shown, pages);
  return (
    <div data-list="tags" className="flex h-full min-h-0 flex-col">
      <TagBar side={side} list={shown} tags={tags} onEditing={setEditing} />
      <FilterChips side={side} editing={editing} onEditing={setEditing} />
      {reading !== undefined && <Reading {...reading} />}
      <TagBody side={side} list={shown} tags={tags} busy={wanted !== shown} onPages={setPages} />
    </div>
  );
}

interface ReadingState {
  readonly text: string;
  readonly onCancel: () => void;
}

/** The list that is asked for, and the last one that was answered, which stays in sight until then. */
function useLists(side: Side): {
  readonly wanted: TagList;
  readonly shown: TagList;
  readonly reading: ReadingState | undefined;
} {
  const key = usePanes((state) => {
    const list = tagListOf(state, side);
    return list === undefined ? "" : `${list.sort} ${listKey(list)}`;
  });
  const settled = useSettled(key);
  // biome-ignore lint/correctness/useExhaustiveDependencies(settled): says when the list is another one
  const wanted = useMemo(() => tagListOf(usePanes.getState(), side), [side, settled]) as TagList;
  const answered = useRef(wanted);
  const before = useRef(filterOf(side));
  const first = useFirstPage(wanted);
  if (first.isThere || first.error !== null) answered.current = wanted;
  useEffect(() => {
    if (first.isThere && key === settled) before.current = filterOf(side);
  });
  const busy = !first.isThere && first.error === null;
  const late = useLate(busy, settled);
  const slow = slowPart(wanted);
  const cancel = (): void => {
    first.cancel();
    const { only, ...filter } = before.current;
    updatePane(side, filter);
    if (usePanes.getState().compare.only !== only) setCompare({ only });
  };
  return {
    wanted,
    shown: answered.current,
    reading: busy && late ? { text: filterText.reading[slow ?? "names"], onCancel: cancel } : undefined,
  };
}

/** What decides which tags are shown. */
function filterOf(side: Side) {
  const { compare, ...panes } = usePanes.getState();
  const { tagFilter, chips, tagSort } = panes[side];
  return { tagFilter, chips, tagSort, only: compare.only };
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** True where something is under way for longer than a person would not notice. */
function useLate(busy: boolean, what: string): boolean {
  const [late, setLate] = useState("");
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(() => setLate(what), 400);
    return () => clearTimeout(timer);
  }, [busy, what]);
  return busy && late === what;
}

function Reading({ text, onCancel }: ReadingState) {
  return (
    <div className="flex h-7 shrink-0 items-center gap-2 border-t border-line bg-info-soft px-3 text-xs text-info">
      <span role="status" className="min-w-0 flex-1 truncate">
        {text}
      </span>
      <Button size="small" variant="quiet" onClick={onCancel}>
        {filterText.reading.cancel}
      </Button>
    </div>
  );
}

function TagBar({
  side,
  list,
  tags,
  onEditing,
}: {
  readonly side: Side;
  readonly list: TagList;
  readonly tags: TagPages;
  readonly onEditing: (kind: ChipKind | undefined) => void;
}) {
  const pane = usePane(side);
  const text = transferText.tags;
  const read = readQuery(pane.tagFilter, pane.chips);
  const why = read.kind === "unreadable" ? read.why : undefined;
  const count =
    tags.loading || tags.error !== null ? "" : countText(tags.matched, tags.total, isFiltered(list));
  return (
    <div className="flex h-9 shrink-0 items-center gap-1 px-2">
      <h2 className="shrink-0 px-1 text-xs font-semibold">{text.label}</h2>
      <span
        role="status"
        title={why}
        className={`min-w-0 flex-1 truncate px-1 text-xs ${why === undefined ? "text-muted" : "text-bad"}`}
      >
        {why ?? count}
      </span>
      <TagViewMenu side={side} />
      <FilterMenu side={side} onEditing={onEditing} />
      <Tooltip text={text.filterHelp}>
        <div className="ml-1 w-44 min-w-24 shrink">
          <SearchField
            label={text.filter}
            placeholder={text.filterHint}
            value={pane.tagFilter}
            invalid={why !== undefined}
            onValueChange={(value) => filterTags(side, value)}
          />
        </div>
      </Tooltip>
    </div>
  );
}

function TagBody({
  side,
  list,
  tags,
  busy,
  onPages,
}: {
  readonly side: Side;
  readonly list: TagList;
  readonly tags: TagPages;
  readonly busy: boolean;
  readonly onPages: (pages: readonly number[]) => void;
}) {
  const text = transferText.tags;
  if (tags.error?.code === "repository-unknown") return <NotHere side={side} repository={list.repository} />;
  if (tags.error !== null) return <PaneError side={side} error={tags.error} />;
  if (tags.loading) return <LoadingRows label={text.loading} />;
  if (tags.total === 0) {
    return (
      <EmptyState icon={<Tag aria-hidden className="size-5" />} title={text.empty} text={text.emptyText} />
    );
  }
  if (tags.matched === 0) {
    return (
      <EmptyState icon={<SearchX aria-hidden className="size-5" />} title={text.noMatch}>
        <Button size="small" onClick={() => showAll(side)}>
          {transferText.tree.clear}
        </Button>
      </EmptyState>
    );
  }
  return (
    <div className={`flex min-h-0 flex-1 flex-col ${busy ? "opacity-60" : ""}`}>
      <TagTable side={side} list={list} tags={tags} onPages={onPages} />
    </div>
  );
}

/** While both panes are compared, the other one may go to a repository that its registry does not have. */
function NotHere({ side, repository }: { readonly side: Side; readonly repository: string }) {
  const registry = useEndpoint(usePane(side).endpointId)?.name ?? "";
  return (
    <EmptyState
      icon={<CircleDashed aria-hidden className="size-5" />}
      title={missingText(registry)}
      text={transferText.tags.notHere(repository)}
    >
      <Button size="small" onClick={() => void refreshPane(side)}>
        {transferText.commands.refresh}
      </Button>
    </EmptyState>
  );
}

function showAll(side: Side): void {
  filterTags(side, "");
  setChips(side, noChips);
  if (usePanes.getState().compare.only !== "all") setCompare({ only: "all" });
}
