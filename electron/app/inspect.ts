// An image's manifests as a person looks at them: the root, and an index's children.

import type { InspectedManifest, MethodResult } from "../../shared/contract.ts";
import { parseManifest, platformText } from "../../shared/descriptor.ts";
import type { ImageSource } from "../engine/ports.ts";

/** Children of an index that are read; a larger one is cut. */
const maxChildren = 100;

async function inspectOne(
  source: ImageSource,
  repository: string,
  reference: string,
  platform: string | null,
  signal: AbortSignal,
): Promise<{
  manifest: InspectedManifest;
  children: readonly { digest: string; platform: string | null }[];
}> {
  const { bytes, digest, mediaType } = await source.getManifest(repository, reference, { signal });
  const text = new TextDecoder().decode(bytes);
  const parsed = parseManifest(text, mediaType, `${repository}@${digest}`);
  const image = parsed.kind === "image" ? parsed : undefined;
  return {
    manifest: {
      digest,
      mediaType,
      kind: parsed.kind,
      platform,
      size: bytes.byteLength,
      config: image?.config
        ? { digest: image.config.digest, mediaType: image.config.mediaType, size: image.config.size }
        : null,
      layers: (image?.layers ?? []).map((layer) => ({
        digest: layer.digest,
        mediaType: layer.mediaType,
        size: layer.size,
      })),
      text,
    },
    children:
      parsed.kind === "index"
        ? parsed.manifests
            .slice(0, maxChildren)
            .map((child) => ({ digest: child.digest, platform: platformText(child.platform) ?? null }))
        : [],
  };
}

/** @throws FreightlinerError as reading manifests does. */
export async function inspectImage(
  source: ImageSource,
  repository: string,
  reference: string,
  signal: AbortSignal,
): Promise<MethodResult<"image.inspect">> {
  const root = await inspectOne(source, repository, reference, null, signal);
  const children: InspectedManifest[] = [];
  for (const child of root.children) {
    children.push((await inspectOne(source, repository, child.digest, child.platform, signal)).manifest);
  }
  return { root: root.manifest, children };
}
