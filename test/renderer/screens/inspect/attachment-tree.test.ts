// Attachments below what they belong to, also where a registry lies about it.
import { expect, it } from "vitest";
import { type Attachment, attachmentRows } from "../../../../renderer/screens/inspect/attachment-tree.ts";
import { attachmentKind, mediaTypeText } from "../../../../renderer/text/media-types.ts";

const one = (digest: string, subject: string): Attachment => ({
  digest,
  subject,
  mediaType: "m",
  artifactType: null,
  size: 1,
  tag: null,
});
const shape = (attachments: readonly Attachment[]) =>
  attachmentRows(attachments, ["index", "child"]).map(
    ({ attachment, level }) => `${level} ${attachment.digest}`,
  );

it("nests signatures of SBOMs, the index's own first", () => {
  expect(shape([one("c", "child"), one("sig", "sbom"), one("sbom", "index")])).toEqual([
    "1 sbom",
    "2 sig",
    "1 c",
  ]);
});

it("shows every one once, also those in a circle of their own below a manifest", () => {
  expect(shape([one("a", "index"), one("index", "a")])).toEqual(["1 a", "2 index"]);
});

it("says in words what an attachment is", () => {
  expect(attachmentKind({ artifactType: "application/spdx+json", tag: null })).toBe("SBOM");
  expect(attachmentKind({ artifactType: null, tag: "sha256-0.sig" })).toBe("Signature");
  expect(attachmentKind({ artifactType: "application/vnd.unheard-of", tag: null })).toBe("Attachment");
  expect(mediaTypeText("application/vnd.oci.image.layer.v1.tar+zstd")).toBe("OCI layer, packed with zstd");
  expect(mediaTypeText("application/vnd.unheard-of.v1")).toBe("application/vnd.unheard-of.v1");
});
