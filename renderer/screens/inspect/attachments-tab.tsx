// Signatures, SBOMs and attestations of an image as a tree below what each belongs to; every one can be opened.
import { BadgeCheck, ChevronRight, FileText, Paperclip } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import type { InspectedManifest } from "../../../shared/contract.ts";
import { shortDigest } from "../../../shared/digest.ts";
import { toFreightlinerError } from "../../../shared/errors.ts";
import { Bytes } from "../../components/bytes.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../components/states.tsx";
import { moveByKey, useVirtualRows } from "../../components/virtual-rows.ts";
import type { ImageAt } from "../../state/navigation.ts";
import { commonText } from "../../text/common.ts";
import { inspectText } from "../../text/inspect.ts";
import { attachmentKind } from "../../text/media-types.ts";
import { type Attachment, type AttachmentRow, attachmentRows } from "./attachment-tree.ts";
import { useAttachments } from "./read-image.ts";

const text = inspectText.attachments;

export function AttachmentsTab(props: {
  readonly image: ImageAt;
  readonly manifests: readonly InspectedManifest[];
  readonly onOpen: (image: ImageAt) => void;
}) {
  const query = useAttachments(props.image);
  if (query.isError)
    return (
      <ErrorState
        error={toFreightlinerError(query.error, "image.attachments")}
        action={{ label: commonText.retry, onSelect: () => void query.refetch() }}
      />
    );
  if (query.data === undefined) return <LoadingRows label={text.loading} />;
  const { attachments } = query.data;
  if (attachments.length === 0)
    return (
      <EmptyState
        icon={<Paperclip aria-hidden className="size-5" />}
        title={text.none}
        text={text.noneHint}
      />
    );
  const names = new Map(
    props.manifests.map(({ digest, platform }, index) => [
      digest,
      index === 0 ? text.image : (platform ?? shortDigest(digest)),
    ]),
  );
  const rows = attachmentRows(
    attachments,
    props.manifests.map(({ digest }) => digest),
  );
  const open = ({ digest }: Attachment): void => props.onOpen({ ...props.image, reference: digest });
  return <AttachmentTree rows={rows} nameOf={(digest) => names.get(digest)} onOpen={open} />;
}

function AttachmentTree({
  rows,
  nameOf,
  onOpen,
}: {
  readonly rows: readonly AttachmentRow[];
  /** What a manifest of the image is called; undefined for an attachment. */
  readonly nameOf: (digest: string) => string | undefined;
  readonly onOpen: (attachment: Attachment) => void;
}) {
  const [focus, setFocus] = useState(0);
  const list = useVirtualRows({ count: rows.length, focus });
  const keyDown = (event: KeyboardEvent): void => {
    const row = rows[focus];
    if ((event.key === "Enter" || event.key === " ") && row !== undefined) onOpen(row.attachment);
    else {
      const to = moveByKey(event.key, focus, rows.length, list.pageRows);
      if (to === undefined) return;
      list.wantFocus();
      setFocus(to);
    }
    event.preventDefault();
  };
  return (
    <div
      role="tree"
      aria-label={text.list}
      ref={list.scroller}
      onKeyDown={keyDown}
      className="min-h-0 flex-1 overflow-y-auto rounded-md border border-line"
    >
      <div role="presentation" className="relative" style={{ height: list.height }}>
        {list.items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const { attachment, level } = row;
          const kind = attachmentKind(attachment);
          const Icon = kind === "Signature" ? BadgeCheck : FileText;
          const subject = nameOf(attachment.subject);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the tree
            <div
              key={`${attachment.subject} ${attachment.digest} ${attachment.tag ?? ""}`}
              role="treeitem"
              aria-level={level}
              aria-posinset={row.place}
              aria-setsize={row.siblings}
              aria-selected={item.index === focus}
              data-index={item.index}
              tabIndex={item.index === focus ? 0 : -1}
              onFocus={() => setFocus(item.index)}
              onClick={() => onOpen(attachment)}
              title={`${attachment.artifactType ?? attachment.mediaType}\n${attachment.digest}`}
              className="absolute inset-x-0 grid h-(--row) grid-cols-[9rem_minmax(0,1fr)_minmax(0,1.2fr)_4.5rem_6rem_1rem] items-center gap-x-3 px-2 text-xs -outline-offset-2 hover:bg-hover"
              style={{ top: list.top(item) }}
            >
              <span
                className="flex min-w-0 items-center gap-1.5"
                style={{ paddingLeft: `${(level - 1) * 20}px` }}
              >
                <Icon aria-hidden className="size-3.5 shrink-0 text-muted" />
                <span className="truncate font-medium">{kind}</span>
              </span>
              <span className="truncate text-muted">{text.of(subject ?? text.above)}</span>
              <span className="truncate text-muted">
                {attachment.tag === null
                  ? (attachment.artifactType ?? text.unknownType)
                  : text.byTag(attachment.tag)}
              </span>
              <Bytes className="text-right" value={attachment.size} />
              <code className="truncate font-mono text-2xs text-muted">
                {shortDigest(attachment.digest).replace("sha256:", "")}
              </code>
              <ChevronRight aria-hidden className="size-3.5 text-muted" />
            </div>
          );
        })}
      </div>
    </div>
  );
}
