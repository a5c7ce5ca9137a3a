// What the layout's tests are made of: small images, and the way they are written and read.
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { ImageEndpoint, Manifest } from "../../electron/engine/ports.ts";
import { type BuiltBlob, type BuiltImage, blobsOf, manifestsOf } from "../support/image-builder.ts";

export const options = { signal: new AbortController().signal };

export function bodyOf(blob: BuiltBlob): Readable {
  return blob.body instanceof Uint8Array ? Readable.from([Buffer.from(blob.body)]) : blob.body();
}

export function manifestOf({ digest, mediaType, size, bytes }: BuiltImage): Manifest {
  return { digest, mediaType, size, bytes };
}

export async function writeBlobs(
  layout: ImageEndpoint,
  repository: string,
  image: BuiltImage,
): Promise<void> {
  for (const blob of blobsOf(image)) await layout.putBlob(repository, blob.descriptor, bodyOf(blob), options);
}

/** Blobs, children by digest, then the tag: as a copy does it. */
export async function writeImage(
  layout: ImageEndpoint,
  repository: string,
  tag: string,
  image: BuiltImage,
): Promise<void> {
  await writeBlobs(layout, repository, image);
  for (const manifest of manifestsOf(image)) {
    const reference = manifest.digest === image.digest ? tag : manifest.digest;
    await layout.putManifest(repository, reference, manifestOf(manifest), options);
  }
}

export async function listed(pages: AsyncIterable<readonly string[]>): Promise<string[]> {
  const all: string[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

export async function readBlob(layout: ImageEndpoint, blob: BuiltBlob): Promise<Buffer> {
  return buffer((await layout.openBlob("any/repository", blob.descriptor, options)).body);
}
