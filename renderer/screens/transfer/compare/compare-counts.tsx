// How the repository of both panes stands: how many tags are only here, only there, different and the same.
import { useQuery } from "@tanstack/react-query";
import { CircleDashed, Equal, EqualNot } from "lucide-react";
import type { ReactNode } from "react";
import type { MethodResult } from "../../../../shared/contract.ts";
import type { FreightlinerError } from "../../../../shared/errors.ts";
import { call } from "../../../api/client.ts";
import { usePanes } from "../../../state/panes.ts";
import { transferText } from "../../../text/transfer.ts";
import { knownMatched } from "../tag-pages.ts";

/** Every tag is asked for on both sides; of more than this many only when they are filtered. */
const mostCounted = 5000;

export function CompareCounts() {
  const text = transferText.compare;
  const leftId = usePanes((state) => state.left.endpointId);
  const rightId = usePanes((state) => state.right.endpointId);
  const repository = usePanes((state) => state[state.active].repository);
  const total =
    leftId === undefined || repository === undefined
      ? 0
      : (knownMatched({ endpointId: leftId, repository, sort: "name" }) ?? 0);
  const enabled =
    leftId !== undefined &&
    rightId !== undefined &&
    leftId !== rightId &&
    repository !== undefined &&
    total <= mostCounted;
  const { data, isFetching } = useQuery<MethodResult<"compare.tags">, FreightlinerError>({
    queryKey: ["compare.tags", leftId, rightId, repository],
    queryFn: ({ signal }) =>
      call(
        "compare.tags",
        {
          sourceId: leftId ?? "",
          sourceRepository: repository ?? "",
          destinationId: rightId ?? "",
          destinationRepository: repository ?? "",
          most: 0,
        },
        signal,
      ),
    enabled,
  });
  return (
    <span role="status" className="flex min-w-0 flex-1 items-center gap-3 truncate px-1 text-xs">
      {repository === undefined ? (
        <span className="truncate text-muted">{text.pick}</span>
      ) : total > mostCounted ? (
        <span className="truncate text-muted">{text.many}</span>
      ) : data === undefined ? (
        isFetching && <span className="text-muted">{text.counting}</span>
      ) : (
        <>
          <Count look="text-info" icon={<CircleDashed aria-hidden className="size-3.5 shrink-0" />}>
            {text.onlyHere(data.counts.missing, "left")}
          </Count>
          <Count look="text-info" icon={<CircleDashed aria-hidden className="size-3.5 shrink-0" />}>
            {text.onlyHere(data.counts.extra, "right")}
          </Count>
          <Count look="text-warn" icon={<EqualNot aria-hidden className="size-3.5 shrink-0" />}>
            {text.differ(data.counts.different)}
          </Count>
          <Count look="text-ok" icon={<Equal aria-hidden className="size-3.5 shrink-0" />}>
            {text.same(data.same)}
          </Count>
        </>
      )}
    </span>
  );
}

function Count({
  look,
  icon,
  children,
}: {
  readonly look: string;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <span className={`flex min-w-0 items-center gap-1 ${look}`}>
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
