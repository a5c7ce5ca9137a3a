// The tree of a pane's repositories, with its filter and what stands in its place while there is none.
import { FolderSearch, PackageOpen } from "lucide-react";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { Button } from "../../components/button.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { EmptyState, LoadingRows } from "../../components/states.tsx";
import { showError } from "../../components/toast.tsx";
import { useEndpoint } from "../../state/endpoints.ts";
import { otherSide, type Side, updatePane, usePane } from "../../state/panes.ts";
import { formatCount } from "../../text/common.ts";
import { transferText } from "../../text/transfer.ts";
import { PaneError } from "./pane-error.tsx";
import { readAllRepositories, useRepositories } from "./repositories.ts";
import { RepositoryNameEntry } from "./repository-name-entry.tsx";
import { TreeList } from "./tree-list.tsx";
import { buildTree, filterNames, treeRows } from "./tree-rows.ts";

const none: readonly string[] = [];

export function RepositoryTree({ side }: { readonly side: Side }) {
  const pane = usePane(side);
  const { data, error } = useRepositories(pane.endpointId);
  const filter = useDeferredValue(pane.treeFilter);
  const listed = data?.names ?? none;
  const names = useMemo(() => [...new Set([...listed, ...pane.typed])], [listed, pane.typed]);
  const matching = useMemo(() => filterNames(names, filter), [names, filter]);
  const tree = useMemo(() => buildTree(matching), [matching]);
  const rows = useMemo(
    () => treeRows(tree, pane.expanded, { rootLabel: transferText.tree.all, openAll: filter !== "" }),
    [tree, pane.expanded, filter],
  );

  const missingIn = useMissing(side);
  const text = transferText.tree;
  const unlisted = data !== undefined && !data.complete;
  return (
    <div data-list="tree" className="flex h-full min-h-0 flex-col">
      <div className="flex h-9 shrink-0 items-center gap-2 px-2">
        <h2 className="shrink-0 px-1 text-xs font-semibold">{text.label}</h2>
        <span className="shrink-0 text-xs text-muted" aria-live="polite">
          {data === undefined
            ? ""
            : filter === ""
              ? formatCount(names.length)
              : `${formatCount(matching.length)} of ${formatCount(names.length)}`}
        </span>
        <SearchField
          className="ml-auto w-48 min-w-20 shrink"
          label={text.filter}
          placeholder={text.filterHint}
          title={text.filterHelp}
          value={pane.treeFilter}
          onValueChange={(treeFilter) => updatePane(side, { treeFilter })}
        />
      </div>
      {unlisted && <RepositoryNameEntry side={side} />}
      {data !== undefined && data.names.length < data.total && (
        <LoadAll endpointId={pane.endpointId ?? ""} shown={data.names.length} total={data.total} />
      )}
      {error !== null && names.length === 0 ? (
        <PaneError side={side} error={error} />
      ) : data === undefined && error === null ? (
        <LoadingRows label={text.loading} rows={4} />
      ) : names.length === 0 ? (
        unlisted ? null : (
          <EmptyState
            icon={<PackageOpen aria-hidden className="size-5" />}
            title={text.empty}
            text={text.emptyText}
          />
        )
      ) : matching.length === 0 ? (
        <EmptyState icon={<FolderSearch aria-hidden className="size-5" />} title={text.noMatch}>
          <Button size="small" onClick={() => updatePane(side, { treeFilter: "" })}>
            {text.clear}
          </Button>
        </EmptyState>
      ) : (
        <TreeList side={side} rows={rows} missingIn={missingIn} />
      )}
    </div>
  );
}

/** Not all names were read: says how many, and reads the rest. */
function LoadAll({
  endpointId,
  shown,
  total,
}: {
  readonly endpointId: string;
  readonly shown: number;
  readonly total: number;
}) {
  const [reading, setReading] = useState<AbortController | undefined>(undefined);
  const text = transferText.tree;
  useEffect(() => () => reading?.abort(), [reading]);
  const start = (): void => {
    const mine = new AbortController();
    setReading(mine);
    readAllRepositories(endpointId, mine.signal)
      .catch((thrown: unknown) => {
        if (!mine.signal.aborted) showError(text.loadAll, thrown);
      })
      .finally(() => setReading(undefined));
  };
  return (
    <div className="flex h-8 shrink-0 items-center gap-2 border-y border-line bg-sunken px-3 text-xs text-muted">
      <span role="status" className="min-w-0 flex-1 truncate">
        {text.more(shown, total)}
      </span>
      <Button size="small" onClick={() => (reading === undefined ? start() : reading.abort())}>
        {reading === undefined ? text.loadAll : text.stop}
      </Button>
    </div>
  );
}

/** Says of a repository in which registry it is missing: the other pane's, where that lists all it has. */
function useMissing(side: Side): (repository: string) => string | undefined {
  const { endpointId } = usePane(side);
  const otherId = usePane(otherSide(side)).endpointId;
  const other = useEndpoint(otherId);
  const { data } = useRepositories(otherId);
  return useMemo(() => {
    if (
      otherId === endpointId ||
      other === undefined ||
      data === undefined ||
      !data.complete ||
      data.names.length < data.total
    )
      return () => undefined;
    const known = new Set(data.names);
    return (repository: string) => (known.has(repository) ? undefined : other.name);
  }, [endpointId, otherId, other, data]);
}
