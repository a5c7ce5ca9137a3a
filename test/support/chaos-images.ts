// What the chaos rounds copy: small and large images with attachments, and the look at everything that belongs to one.
import { createHash } from "node:crypto";
import {
  type BuiltImage,
  blobsOf,
  buildArtifact,
  buildLargeImage,
  buildMultiPlatform,
  manifestsOf,
  pushImage,
} from "./image-builder.ts";
import { hasBlob, headManifest, putManifest, type RawTarget, rawRequest } from "./raw-http.ts";

interface Attachment {
  /** The digest that its manifest names as subject. */
  readonly subject: string;
  readonly artifactType: string;
  readonly artifact: BuiltImage;
}

export interface ChaosImage {
  readonly repository: string;
  readonly tag: string;
  readonly image: BuiltImage;
  readonly attachments: readonly Attachment[];
  /** Signed the old way of cosign: the tag `sha256-<hex>.sig`. */
  readonly signature?: BuiltImage;
}

/** Small images of two platforms, two of three signed, and large ones of one platform whose layers go up in parts. */
export async function buildChaosImages(): Promise<readonly ChaosImage[]> {
  const images: ChaosImage[] = [];
  for (let index = 0; index < 10; index += 1) {
    const image = await buildMultiPlatform({
      seed: `small-${index}`,
      layerSize: 300_000 + index * 50_000,
      sharedLayerSize: 200_000,
    });
    const place = { repository: `team/app${index % 4}`, tag: `v${index}`, image };
    if (index % 3 === 0) images.push({ ...place, attachments: attachmentsOf(image, index) });
    else if (index % 3 === 1)
      images.push({ ...place, attachments: [], signature: buildArtifact({ seed: `cosign-${index}` }) });
    else images.push({ ...place, attachments: [] });
  }
  for (let index = 0; index < 2; index += 1) {
    const image = await buildLargeImage({ seed: `large-${index}`, totalSize: 80 * 1024 * 1024, layers: 3 });
    images.push({
      repository: `big/b${index}`,
      tag: "v1",
      image,
      attachments: [attach(image, `large-${index}`)],
    });
  }
  return images;
}

function attach(subject: BuiltImage, seed: string): Attachment {
  const artifactType = "application/vnd.example.chaos";
  const artifact = buildArtifact({ seed, artifactType, subject: subject.descriptor });
  return { subject: subject.digest, artifactType, artifact };
}

/** On the index, on its first image, and on the first attachment itself. */
function attachmentsOf(image: BuiltImage, index: number): readonly Attachment[] {
  const root = attach(image, `root-${index}`);
  const [child = image] = image.children;
  return [root, attach(child, `child-${index}`), attach(root.artifact, `nested-${index}`)];
}

/** `sha256-<hex>`: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema */
function tagOf(digest: string): string {
  return digest.replace(":", "-");
}

/** Pushes them; where the registry serves no referrers, their lists are written as tags, as clients have to. */
export async function pushChaosImages(source: RawTarget, images: readonly ChaosImage[]): Promise<void> {
  for (const { repository, tag, image, attachments, signature } of images) {
    await pushImage(source, image, repository, tag);
    if (signature !== undefined) await pushImage(source, signature, repository, `${tagOf(image.digest)}.sig`);
    for (const each of attachments) {
      await pushImage(source, each.artifact, repository);
      if (!(await listed(source, repository, each))) await writeReferrersTag(source, repository, each);
    }
  }
}

async function writeReferrersTag(target: RawTarget, repository: string, each: Attachment): Promise<void> {
  const { mediaType, digest, size } = each.artifact.descriptor;
  const manifests = [{ mediaType, digest, size, artifactType: each.artifactType }];
  const type = "application/vnd.oci.image.index.v1+json";
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, manifests }));
  await putManifest(target, { repository, reference: tagOf(each.subject) }, { bytes, mediaType: type });
}

/** True where the referrers API, or the referrers tag, names it. */
async function listed(target: RawTarget, repository: string, each: Attachment): Promise<boolean> {
  for (const path of [`referrers/${each.subject}`, `manifests/${tagOf(each.subject)}`]) {
    const headers = { accept: "application/vnd.oci.image.index.v1+json" };
    const reply = await rawRequest(target, `/v2/${repository}/${path}`, { headers });
    if (reply.status !== 200) continue;
    const { manifests } = JSON.parse(reply.body.toString()) as { manifests: { digest: string }[] };
    if (manifests.some(({ digest }) => digest === each.artifact.digest)) return true;
  }
  return false;
}

/** What of an image, or of what belongs to it, a registry lacks; each in words. Empty where nothing is missing. */
export async function missingParts(target: RawTarget, one: ChaosImage): Promise<readonly string[]> {
  const { repository, tag, image, attachments, signature } = one;
  const missing: string[] = [];
  const artifacts = [
    ...attachments.map((each) => each.artifact),
    ...(signature === undefined ? [] : [signature]),
  ];
  for (const whole of [image, ...artifacts]) missing.push(...(await lackedBy(target, repository, whole)));
  for (const each of attachments) {
    if (!(await listed(target, repository, each)))
      missing.push(`the referrer ${each.artifact.digest} in a list`);
  }
  if (signature !== undefined) {
    const { digest } = await headManifest(target, repository, `${tagOf(image.digest)}.sig`);
    if (digest !== signature.digest) missing.push(`the signature ${signature.digest} under its tag`);
  }
  return missing.map((what) => `${repository}:${tag} lacks ${what}`);
}

async function lackedBy(
  target: RawTarget,
  repository: string,
  image: BuiltImage,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const manifest of manifestsOf(image)) {
    const path = `/v2/${repository}/manifests/${manifest.digest}`;
    const reply = await rawRequest(target, path, { headers: { accept: manifest.mediaType } });
    if (reply.status === 404) missing.push(`the manifest ${manifest.digest}`);
    else if (!isIntact(reply.body, manifest.digest)) missing.push(`the right bytes of ${manifest.digest}`);
  }
  for (const blob of blobsOf(image)) {
    if (!(await hasBlob(target, repository, blob.digest))) missing.push(`the blob ${blob.digest}`);
  }
  return missing;
}

function isIntact(bytes: Buffer, digest: string): boolean {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}` === digest;
}
