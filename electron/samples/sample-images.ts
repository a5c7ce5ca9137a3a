// Makes the sample images and writes them straight into a registry's store.
import { open, writeFile } from "node:fs/promises";
import type { Descriptor, Platform } from "../../shared/descriptor.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import type { DiskStore } from "./disk-store.ts";
import { imageConfig, imageManifest, indexManifest, type JsonContent, jsonContent } from "./image-json.ts";
import { type LayerSpec, type MeasuredLayer, makeLayer } from "./layer.ts";
import {
  type SampleLayer,
  type SampleRepository,
  type SampleVersion,
  samplePlatforms,
} from "./sample-plan.ts";

const layerType = "application/vnd.oci.image.layer.v1.tar+gzip";

/** Writes all repositories, each layer once. About half a second for 80 MB. */
export async function writeSampleImages(
  store: DiskStore,
  repositories: readonly SampleRepository[],
): Promise<void> {
  const writer = new SampleWriter(store);
  for (const repository of repositories) {
    for (const version of repository.versions) await writer.writeVersion(repository, version);
  }
}

class SampleWriter {
  readonly #store: DiskStore;
  readonly #layers = new Map<string, MeasuredLayer>();

  constructor(store: DiskStore) {
    this.#store = store;
  }

  async writeVersion(repository: SampleRepository, version: SampleVersion): Promise<void> {
    const children: Descriptor[] = [];
    for (const platform of samplePlatforms) {
      children.push(await this.#writeImage(repository, version, platform));
    }
    const [tag = "latest"] = version.tags;
    const index = indexManifest({
      manifests: children,
      annotations: {
        "org.opencontainers.image.title": repository.name,
        "org.opencontainers.image.version": tag,
        "org.opencontainers.image.created": version.created,
      },
    });
    await this.#writeManifest(repository.name, index);
    for (const each of version.tags) {
      await this.#store.setTag(repository.name, each, index.descriptor.digest);
    }
    if (version.attachment === true) await this.#writeAttachment(repository.name, index.descriptor);
  }

  async #writeImage(
    repository: SampleRepository,
    version: SampleVersion,
    platform: Platform,
  ): Promise<Descriptor> {
    const measured: MeasuredLayer[] = [];
    for (const layer of version.layers) {
      measured.push(await this.#writeLayer(repository.name, layer, platform));
    }
    const value = imageConfig({
      platform,
      created: version.created,
      diffIds: measured.map((layer) => layer.diffId),
      command: [repository.command],
      labels: { "org.opencontainers.image.version": version.tags[0] ?? "" },
    });
    const config = jsonContent(value, mediaTypes.ociConfig);
    await this.#writeJsonBlob(repository.name, config);
    const manifest = imageManifest({
      mediaType: mediaTypes.ociManifest,
      config: config.descriptor,
      layers: measured.map(({ digest, size }) => ({ mediaType: layerType, digest, size })),
    });
    await this.#writeManifest(repository.name, manifest);
    return { ...manifest.descriptor, platform };
  }

  async #writeLayer(repository: string, layer: SampleLayer, platform: Platform): Promise<MeasuredLayer> {
    const seed = `${layer.name}/${platform.os}/${platform.architecture}`;
    const known = this.#layers.get(seed);
    if (known !== undefined) {
      await this.#store.linkBlob(repository, known.digest);
      return known;
    }
    const path = `opt/${layer.name}.bin`;
    const spec: LayerSpec = { seed, size: layer.size, path, compression: "gzip" };
    const file = await this.#store.temporaryFile();
    const made = await makeLayerFile(spec, file);
    await this.#store.commitBlob(repository, made.digest, file);
    this.#layers.set(seed, made);
    return made;
  }

  async #writeJsonBlob(repository: string, content: JsonContent): Promise<void> {
    const file = await this.#store.temporaryFile();
    await writeFile(file, content.bytes);
    await this.#store.commitBlob(repository, content.descriptor.digest, file);
  }

  async #writeManifest(
    repository: string,
    content: JsonContent,
    more: { readonly subject?: string; readonly artifactType?: string } = {},
  ): Promise<void> {
    const { mediaType, digest, size } = content.descriptor;
    await this.#store.putManifest(repository, {
      digest,
      bytes: content.bytes,
      record: { mediaType, size, ...more },
    });
  }

  /** A bill of materials as OCI 1.1 keeps it: a manifest whose subject is the image. */
  async #writeAttachment(repository: string, subject: Descriptor): Promise<void> {
    const artifactType = "application/spdx+json";
    const config = jsonContent({}, mediaTypes.ociEmpty);
    const document = jsonContent(
      { spdxVersion: "SPDX-2.3", SPDXID: "SPDXRef-DOCUMENT", name: repository, packages: [] },
      artifactType,
    );
    await this.#writeJsonBlob(repository, config);
    await this.#writeJsonBlob(repository, document);
    const manifest = imageManifest({
      mediaType: mediaTypes.ociManifest,
      artifactType,
      config: config.descriptor,
      layers: [document.descriptor],
      subject,
    });
    await this.#writeManifest(repository, manifest, { subject: subject.digest, artifactType });
  }
}

/** Writes the layer to a file while its digests are taken. */
async function makeLayerFile(spec: LayerSpec, file: string): Promise<MeasuredLayer> {
  const out = await open(file, "wx");
  try {
    return await makeLayer(spec, async (chunk) => {
      await out.write(chunk);
    });
  } finally {
    await out.close();
  }
}
