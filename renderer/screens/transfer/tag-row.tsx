// One row of the tag table. It listens to its own facts, so that details arriving elsewhere do not draw it again.
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus is on rows; cells and heads are read with them
// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of rows at their own places cannot be a <table>
import { clsx } from "clsx";
import { CircleDashed, CircleHelp, Equal, EqualNot, Tag } from "lucide-react";
import { memo, type ReactNode, useRef } from "react";
import type { TagDetail } from "../../../shared/contract.ts";
import { useBytes } from "../../state/formats.ts";
import { type Side, updatePane, usePanes } from "../../state/panes.ts";
import { isSelected, selectOnly } from "../../state/selection.ts";
import { useSetting } from "../../state/settings.ts";
import type { SideColumn } from "../../state/tag-columns.ts";
import { plural } from "../../text/common.ts";
import { exactTime } from "../../text/times.ts";
import { agoText, transferText } from "../../text/transfer.ts";
import { columnLook, widthOf } from "./column-look.ts";
import { selectedTags } from "./commands.ts";
import type { Payload } from "./drop-spec.ts";
import { detailKey, markerKey, type Place, type ShownMarker, useTagFacts } from "./tag-details.ts";
import { useDragSource } from "./use-drag-row.ts";

export interface TagRowProps {
  readonly side: Side;
  readonly index: number;
  readonly top: number;
  /** Undefined while its page is on its way. */
  readonly tag: string | undefined;
  readonly endpointId: string;
  readonly repository: string;
  readonly otherEndpointId: string | undefined;
  readonly columns: readonly SideColumn[];
  readonly focused: boolean;
  readonly selected: boolean;
}

const rowLook = "row-base absolute inset-x-0 contain-strict gap-2.5 border-b border-line/50 px-3 text-sm";

/** The selection where the row belongs to it; else only this row, which is then selected. */
function dragged(side: Side, tag: string | undefined): Payload | undefined {
  if (tag === undefined) return undefined;
  const pane = usePanes.getState()[side];
  if (!isSelected(pane.selection, tag)) {
    updatePane(side, { selection: selectOnly([tag]), source: "tags" });
  }
  return selectedTags(side);
}

/** One element for both, a tag and the hole in its place, so that the focus stays when the tag arrives. */
export const TagRow = memo(function TagRow(props: TagRowProps) {
  const { side, index, top, tag, focused, selected } = props;
  const element = useRef<HTMLDivElement>(null);
  useDragSource(element, side, () => dragged(side, tag));
  return (
    <div
      ref={element}
      role="row"
      aria-rowindex={index + 2}
      tabIndex={focused ? 0 : -1}
      data-index={index}
      {...(tag === undefined
        ? { "aria-busy": true }
        : { "aria-label": tag, "aria-selected": selected, "data-tag": tag })}
      className={clsx(rowLook, selected ? "bg-accent-soft" : "hover:bg-hover")}
      style={{ top }}
    >
      {tag === undefined ? <Hole /> : <Cells {...props} tag={tag} />}
    </div>
  );
});

function Hole() {
  return (
    <span role="gridcell" className="flex-1">
      <span className="skeleton block w-1/3" />
      <span className="hidden-text">{transferText.tags.loading}</span>
    </span>
  );
}

function Cells({
  tag,
  endpointId,
  repository,
  otherEndpointId,
  columns,
  selected,
}: TagRowProps & { readonly tag: string }) {
  const place = { endpointId, repository };
  const detail = useTagFacts((state) => state.details.get(detailKey(place, tag)));
  const marker = useTagFacts((state) =>
    otherEndpointId === undefined
      ? undefined
      : state.markers.get(markerKey(place, { endpointId: otherEndpointId, repository }, tag)),
  );
  return (
    <>
      <span role="gridcell" className={clsx(columnLook.tag, "flex items-center gap-2")}>
        <Tag aria-hidden className={clsx("size-3.5 shrink-0", selected ? "text-accent" : "text-muted")} />
        <span className="truncate font-medium" title={tag}>
          {tag}
        </span>
      </span>
      {columns.includes("state") && (
        <span role="gridcell" className={clsx(columnLook.state, "flex items-center")}>
          {otherEndpointId === undefined ? null : <Marker marker={marker} />}
        </span>
      )}
      <Details detail={detail} columns={columns} />
      {columns.includes("attachments") && <AttachmentCount place={place} tag={tag} />}
    </>
  );
}

const markerLooks: Readonly<Record<ShownMarker, { readonly icon: typeof Equal; readonly look: string }>> = {
  same: { icon: Equal, look: "text-ok" },
  missing: { icon: CircleDashed, look: "text-info" },
  different: { icon: EqualNot, look: "text-warn" },
  unknown: { icon: CircleHelp, look: "text-muted" },
};

function Marker({ marker }: { readonly marker: ShownMarker | undefined }) {
  if (marker === undefined) return <span className="skeleton block w-12" />;
  const { icon: Icon, look } = markerLooks[marker];
  return (
    <span className={clsx("inline-flex items-center gap-1.5 text-xs", look)}>
      <Icon aria-hidden className="size-3.5" />
      {transferText.marker[marker]}
    </span>
  );
}

type DetailColumn = Exclude<SideColumn, "state" | "attachments">;

function Details({
  detail,
  columns,
}: {
  readonly detail: TagDetail | undefined;
  readonly columns: readonly SideColumn[];
}) {
  const shown = columns.filter(
    (column): column is DetailColumn => column !== "state" && column !== "attachments",
  );
  if (detail?.error !== undefined && detail.error !== null && shown.length > 0) {
    return (
      <span
        role="gridcell"
        className="shrink-0 truncate text-xs text-bad"
        style={{ width: widthOf(shown) }}
        title={detail.error}
      >
        {detail.error}
      </span>
    );
  }
  return shown.map((column) => <DetailCell key={column} column={column} detail={detail} />);
}

function DetailCell({
  column,
  detail,
}: {
  readonly column: DetailColumn;
  readonly detail: TagDetail | undefined;
}) {
  const formatBytes = useBytes();
  const exact = useSetting("times") === "exact";
  const loading = detail === undefined;
  const created = createdText(detail?.created ?? undefined, exact);
  switch (column) {
    case "digest":
      return (
        <Cell
          column={column}
          loading={loading}
          title={detail?.digest ?? undefined}
          className="font-mono text-xs text-muted"
        >
          {detail?.digest?.replace(/^sha\d+:/, "").slice(0, 12)}
        </Cell>
      );
    case "size":
      return (
        <Cell column={column} loading={loading} title={exactBytes(detail?.size)}>
          {detail === undefined || detail.size === null ? undefined : formatBytes(detail.size)}
        </Cell>
      );
    case "created":
      return (
        <Cell column={column} loading={loading} className="text-muted" title={created?.title}>
          {created?.text}
        </Cell>
      );
    case "platforms":
      return (
        <Cell
          column={column}
          loading={loading}
          className="text-xs text-muted"
          title={detail?.platforms.join("\n")}
        >
          {detail?.platforms.map(shortPlatform).join(", ")}
        </Cell>
      );
    case "kind":
      return (
        <Cell
          column={column}
          loading={loading}
          className="text-xs text-muted"
          title={detail?.mediaType ?? undefined}
        >
          {detail === undefined || detail.kind === null ? undefined : transferText.tags.kinds[detail.kind]}
        </Cell>
      );
  }
}

function AttachmentCount({ place, tag }: { readonly place: Place; readonly tag: string }) {
  const count = useTagFacts((state) => state.attachments.get(detailKey(place, tag)));
  return (
    <Cell column="attachments" loading={count === undefined}>
      {count === undefined || count === "unknown" ? undefined : count}
    </Cell>
  );
}

function exactBytes(size: number | null | undefined): string | undefined {
  return size === null || size === undefined ? undefined : plural(size, "byte", "bytes");
}

/** `linux/arm64/v8` → `arm64/v8`: nearly all are Linux; the whole name is in the title. */
function shortPlatform(platform: string): string {
  return platform.replace(/^linux\//, "");
}

/** Days matter here, not minutes: it need not follow the clock. */
function createdText(at: number | undefined, exact: boolean): { text: string; title: string } | undefined {
  if (at === undefined) return undefined;
  const ago = agoText(at, Date.now());
  return exact ? { text: exactTime(at), title: ago } : { text: ago, title: exactTime(at) };
}

function Cell({
  column,
  loading,
  children,
  className,
  title,
}: {
  readonly column: SideColumn;
  readonly loading: boolean;
  readonly children: ReactNode;
  readonly className?: string;
  readonly title?: string | undefined;
}) {
  return (
    <span
      role="gridcell"
      className={clsx(columnLook[column], className)}
      {...(title === undefined ? {} : { title })}
    >
      {loading ? <span className="skeleton inline-block w-3/5" /> : (children ?? "–")}
    </span>
  );
}
