// What changed since a run: the tags of its repositories on both sides now, and the way to a plan of the difference.
import { useQueries, useQuery } from "@tanstack/react-query";
import { toFreightlinerError } from "../../../shared/errors.ts";
import { compileGlob } from "../../../shared/glob.ts";
import type { Run } from "../../../shared/run.ts";
import type { SelectionItem, TagRule } from "../../../shared/selection.ts";
import { call } from "../../api/client.ts";
import { StatusIcon } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../components/states.tsx";
import { planAgain } from "../../state/plan.ts";
import { commonText, formatCount } from "../../text/common.ts";
import { changesText } from "../../text/history.ts";
import { exactTime } from "../../text/times.ts";

/** Repositories that are asked about; the plan looks at all. */
const mostRepositories = 25;

export function ChangesDialog({
  run,
  onClose,
}: {
  readonly run: Run | undefined;
  readonly onClose: () => void;
}) {
  const plan = (): void => {
    if (run !== undefined) void planAgain(run);
    onClose();
  };
  return (
    <Dialog
      open={run !== undefined}
      onOpenChange={(next) => !next && onClose()}
      title={changesText.title}
      description={
        run === undefined ? undefined : changesText.description(exactTime(run.finishedAt ?? run.createdAt))
      }
      foot={
        <>
          <Button onClick={onClose}>{commonText.close}</Button>
          <Button variant="primary" onClick={plan}>
            {changesText.plan}
          </Button>
        </>
      }
    >
      {run !== undefined && <Changes key={run.id} run={run} />}
    </Dialog>
  );
}

interface Pair {
  readonly source: string;
  readonly destination: string;
}

function Changes({ run }: { readonly run: Run }) {
  const pairs = useQuery({
    queryKey: ["changes", run.id],
    queryFn: async ({ signal }) => {
      const [page, whole] = await Promise.all([
        call("runs.images", { runId: run.id, limit: 1000 }, signal),
        run.spec.namesLeft === undefined ? run : call("runs.get", { runId: run.id }, signal),
      ]);
      return { all: pairsOf(page), whole };
    },
  });
  if (pairs.isError) return <ErrorState error={toFreightlinerError(pairs.error, "runs.images")} />;
  if (pairs.data === undefined) return <LoadingRows label={changesText.reading} />;
  const { all, whole } = pairs.data;
  if (all.length === 0) return <EmptyState title={changesText.noRepositories} />;
  return <Compared run={whole} pairs={all.slice(0, mostRepositories)} all={all.length} />;
}

function pairsOf(page: {
  readonly images: readonly { readonly sourceRepository: string; readonly destinationRepository: string }[];
}): readonly Pair[] {
  const pairs = new Map(
    page.images.map(({ sourceRepository: source, destinationRepository: destination }) => [
      `${source} ${destination}`,
      { source, destination },
    ]),
  );
  return [...pairs.values()];
}

function Compared({
  run,
  pairs,
  all,
}: {
  readonly run: Run;
  readonly pairs: readonly Pair[];
  readonly all: number;
}) {
  const results = useQueries({
    queries: pairs.map((pair) => ({
      queryKey: ["compare.tags", run.id, pair],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        call(
          "compare.tags",
          {
            sourceId: run.spec.sourceId,
            destinationId: run.spec.destinationId,
            sourceRepository: pair.source,
            destinationRepository: pair.destination,
            tags: ruleFor(run, pair.source),
            most: 0,
          },
          signal,
        ),
      staleTime: 0,
    })),
  });
  const unchanged = results.every(
    ({ data }) => data !== undefined && data.counts.missing + data.counts.different + data.counts.extra === 0,
  );
  const number = "px-2 text-right tabular-nums";
  return (
    <div className="flex flex-col gap-2">
      <table className="w-full text-xs">
        <thead className="text-2xs text-muted">
          <tr>
            <th scope="col" className="h-6 text-left font-normal">
              {changesText.repository}
            </th>
            {(["missing", "different", "extra", "same"] as const).map((column) => (
              <th key={column} scope="col" className={`font-normal ${number}`}>
                {changesText[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair, at) => {
            const { data, error } = results[at] ?? {};
            return (
              <tr key={`${pair.source} ${pair.destination}`} className="h-(--row) border-t border-line">
                <th scope="row" className="max-w-80 truncate text-left font-normal" title={pair.source}>
                  {pair.source}
                </th>
                {error != null ? (
                  <td
                    colSpan={4}
                    className="text-right text-bad"
                    title={toFreightlinerError(error, "compare.tags").message}
                  >
                    <span className="inline-flex items-center gap-1">
                      <StatusIcon kind="bad" /> {changesText.failed}
                    </span>
                  </td>
                ) : data === undefined ? (
                  <td colSpan={4}>
                    <span className="hidden-text">{changesText.reading}</span>
                    <span aria-hidden className="skeleton ml-auto block w-40" />
                  </td>
                ) : (
                  <>
                    <td className={number}>{formatCount(data.counts.missing)}</td>
                    <td className={number}>{formatCount(data.counts.different)}</td>
                    <td className={number}>{formatCount(data.counts.extra)}</td>
                    <td className={`text-muted ${number}`}>{formatCount(data.same)}</td>
                  </>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      <p role="status" className="flex min-h-5 items-center gap-1.5 text-xs">
        {unchanged && (
          <>
            <StatusIcon kind="ok" /> {changesText.none}
          </>
        )}
      </p>
      {all > pairs.length && <p className="text-xs text-muted">{changesText.more(pairs.length)}</p>}
    </div>
  );
}

/** The rule by which the run chose this repository's tags; the named ones where it named them. */
function ruleFor(run: Run, repository: string): Partial<TagRule> {
  for (const item of run.spec.selection)
    if (item.kind === "repositories" && covers(item, repository)) return item.tags;
  const names = run.spec.selection.flatMap((item) =>
    item.kind === "image" && item.repository === repository && !item.reference.includes(":")
      ? [item.reference]
      : [],
  );
  return { names };
}

function covers(item: Extract<SelectionItem, { kind: "repositories" }>, repository: string): boolean {
  if (item.names.length + item.include.length === 0) return true;
  return (
    item.names.includes(repository) || item.include.some((glob) => compileGlob(glob).matches(repository))
  );
}
