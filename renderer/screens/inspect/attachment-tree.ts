// Attachments below what they belong to: a signature of an SBOM of a platform's image is a row under that SBOM.
import type { MethodResult } from "../../../shared/contract.ts";

export type Attachment = MethodResult<"image.attachments">["attachments"][number];
export interface AttachmentRow {
  readonly attachment: Attachment;
  /** From 1. */
  readonly level: number;
  /** Of its subject's attachments, from 1. */
  readonly place: number;
  readonly siblings: number;
}

/** Depth first; an attachment whose subject is neither a manifest nor another attachment stands at the top. */
export function attachmentRows(
  attachments: readonly Attachment[],
  manifests: readonly string[],
): readonly AttachmentRow[] {
  const digests = new Set(attachments.map(({ digest }) => digest));
  const bySubject = Map.groupBy(attachments, ({ subject }) => subject);
  const rows: AttachmentRow[] = [];
  const seen = new Set<Attachment>();
  const add = (children: readonly Attachment[], level: number): void => {
    children.forEach((attachment, index) => {
      // A manifest cannot be below itself, whatever a registry says.
      if (seen.has(attachment)) return;
      seen.add(attachment);
      rows.push({ attachment, level, place: index + 1, siblings: children.length });
      add(bySubject.get(attachment.digest) ?? [], level + 1);
    });
  };
  const top = attachments.filter(({ subject }) => manifests.includes(subject) || !digests.has(subject));
  const order = new Map(manifests.map((digest, index) => [digest, index]));
  add(
    top.toSorted((a, b) => (order.get(a.subject) ?? 0) - (order.get(b.subject) ?? 0)),
    1,
  );
  return rows;
}
