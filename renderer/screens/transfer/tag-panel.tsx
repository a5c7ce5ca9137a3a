// The tags of the pane's repository: heading, filter with its live count, and the table or what stands in its place.
import { ChevronRight, PackageSearch, SearchX, Tag } from "lucide-react";
import { Fragment, useDeferredValue, useMemo, useState } from "react";
import { Button } from "../../components/button.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { EmptyState, LoadingRows } from "../../components/states.tsx";
import { Tooltip } from "../../components/tooltip.tsx";
import { filterTags, type Side, usePane } from "../../state/panes.ts";
import { countText, transferText } from "../../text/transfer.ts";
import { PaneError } from "./pane-error.tsx";
import { readTagFilter } from "./tag-filter.ts";
import { type TagList, type TagPages, useTagPages } from "./tag-pages.ts";
import { TagTable } from "./tag-table.tsx";

const all: readonly string[] = [];

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
  return (
    <Tags key={`${endpointId} ${repository}`} side={side} endpointId={endpointId} repository={repository} />
  );
}

function Tags({
  side,
  endpointId,
  repository,
}: {
  readonly side: Side;
  readonly endpointId: string;
  readonly repository: string;
}) {
  const pane = usePane(side);
  const [pages, setPages] = useState<readonly number[]>([0]);
  const filter = readTagFilter(useDeferredValue(pane.tagFilter));
  const include = filter.kind === "globs" ? filter.include : all;
  const includeText = include.join(" ");
  const list = useMemo<TagList>(
    () => ({
      endpointId,
      repository,
      include: includeText === "" ? all : includeText.split(" "),
      sort: pane.tagSort,
    }),
    [endpointId, repository, includeText, pane.tagSort],
  );
  const tags = useTagPages(list, pages);
  return (
    <div data-list="tags" className="flex h-full min-h-0 flex-col">
      <TagBar side={side} repository={repository} tags={tags} unreadable={filter.kind === "unreadable"} />
      <TagBody side={side} list={list} tags={tags} onPages={setPages} />
    </div>
  );
}

function TagBar({
  side,
  repository,
  tags,
  unreadable,
}: {
  readonly side: Side;
  readonly repository: string;
  readonly tags: TagPages;
  readonly unreadable: boolean;
}) {
  const pane = usePane(side);
  const text = transferText.tags;
  const count = tags.loading ? "" : countText(tags.matched, tags.total, pane.tagFilter.trim() !== "");
  return (
    <div className="flex h-9 shrink-0 items-center gap-3 px-2">
      <h2 className="flex min-w-0 items-center gap-0.5 px-1 text-xs" data-selectable>
        {repository.split("/").map((segment, index, parts) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a path may hold the same segment twice
          <Fragment key={index}>
            {index > 0 && <ChevronRight aria-hidden className="size-3 shrink-0 text-muted" />}
            <span className={index === parts.length - 1 ? "truncate font-semibold" : "truncate text-muted"}>
              {segment}
            </span>
          </Fragment>
        ))}
      </h2>
      <span
        role="status"
        className={`min-w-0 flex-1 truncate text-right text-xs ${unreadable ? "text-bad" : "text-muted"}`}
      >
        {unreadable ? text.badFilter : count}
      </span>
      <Tooltip text={text.filterHelp}>
        <div className="w-48 shrink-0">
          <SearchField
            label={text.filter}
            placeholder={text.filterHint}
            value={pane.tagFilter}
            invalid={unreadable}
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
  onPages,
}: {
  readonly side: Side;
  readonly list: TagList;
  readonly tags: TagPages;
  readonly onPages: (pages: readonly number[]) => void;
}) {
  const text = transferText.tags;
  if (tags.error !== null) {
    return <PaneError side={side} error={tags.error} />;
  }
  if (tags.loading) return <LoadingRows label={text.loading} />;
  if (tags.total === 0) {
    return (
      <EmptyState icon={<Tag aria-hidden className="size-5" />} title={text.empty} text={text.emptyText} />
    );
  }
  if (tags.matched === 0) {
    return (
      <EmptyState icon={<SearchX aria-hidden className="size-5" />} title={text.noMatch}>
        <Button size="small" onClick={() => filterTags(side, "")}>
          {transferText.tree.clear}
        </Button>
      </EmptyState>
    );
  }
  return <TagTable side={side} list={list} tags={tags} onPages={onPages} />;
}
