// What the big registry holds: names, manifests, configurations and layers, all computed from their place, nothing stored.
import { createHash } from "node:crypto";

export interface BigShape {
  readonly repositories: number;
  /** Tags of each repository. */
  readonly tags: number;
  /** Every so many-th image (counted over all) depends on `variant`; 0 = all registries hold the same. */
  readonly differsEvery: number;
  readonly variant: string;
}

export interface BigImage {
  readonly digest: string;
  readonly manifest: Buffer;
}

interface Content {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export const manifestType = "application/vnd.oci.image.manifest.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const layerType = "application/vnd.oci.image.layer.v1.tar";
const firstDay = Date.UTC(2024, 0, 1);

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export class BigContent {
  /** In ASCII order: `group-000/app-00000`, a hundred to a group. */
  readonly repositories: readonly string[];
  /** In ASCII order; each is a full version. */
  readonly tags: readonly string[];
  readonly #shape: BigShape;
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #tagIndexOf: ReadonlyMap<string, number>;
  /** Of each repository that was asked by digest. */
  readonly #byDigest = new Map<number, ReadonlyMap<string, Content>>();

  constructor(shape: BigShape) {
    this.#shape = shape;
    this.repositories = Array.from({ length: shape.repositories }, (_, index) => {
      const group = String(Math.floor(index / 100)).padStart(3, "0");
      return `group-${group}/app-${String(index).padStart(5, "0")}`;
    });
    const versions = Array.from(
      { length: shape.tags },
      (_, index) => `${1 + Math.floor(index / 100)}.${Math.floor(index / 10) % 10}.${index % 10}`,
    );
    this.tags = versions.toSorted();
    this.#indexOf = new Map(this.repositories.map((name, index) => [name, index]));
    this.#tagIndexOf = new Map(versions.map((tag, index) => [tag, index]));
  }

  has(repository: string): boolean {
    return this.#indexOf.has(repository);
  }

  /** The image of a tag, or undefined where there is none. */
  image(repository: string, tag: string): BigImage | undefined {
    const place = this.#indexOf.get(repository);
    const tagIndex = this.#tagIndexOf.get(tag);
    if (place === undefined || tagIndex === undefined) return undefined;
    const { bytes } = this.#parts(place, tagIndex).manifest;
    return { digest: sha256(bytes), manifest: bytes };
  }

  /** A manifest, configuration or layer of the repository. */
  content(repository: string, digest: string): Content | undefined {
    const place = this.#indexOf.get(repository);
    if (place === undefined) return undefined;
    let known = this.#byDigest.get(place);
    if (known === undefined) {
      known = this.#all(place);
      this.#byDigest.set(place, known);
    }
    return known.get(digest);
  }

  #all(place: number): ReadonlyMap<string, Content> {
    const found = new Map<string, Content>();
    for (let tagIndex = 0; tagIndex < this.#shape.tags; tagIndex += 1) {
      const { manifest, config, layers } = this.#parts(place, tagIndex);
      for (const content of [manifest, config, ...layers]) found.set(sha256(content.bytes), content);
    }
    return found;
  }

  #parts(
    place: number,
    tagIndex: number,
  ): { readonly manifest: Content; readonly config: Content; readonly layers: readonly Content[] } {
    const { differsEvery, variant, tags } = this.#shape;
    const number = place * tags + tagIndex;
    const mark = differsEvery > 0 && number % differsEvery === 0 ? variant : "";
    const base = { mediaType: layerType, bytes: Buffer.from(`base layer of repository ${place}`) };
    const own = { mediaType: layerType, bytes: Buffer.from(`layer of image ${number} ${mark}`) };
    const layers = [base, own];
    const created = new Date(firstDay + number * 60_000).toISOString();
    const rootfs = { type: "layers", diff_ids: layers.map((layer) => sha256(layer.bytes)) };
    const config = {
      mediaType: configType,
      bytes: Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", created, rootfs })),
    };
    const describe = ({ mediaType, bytes }: Content): object => ({
      mediaType,
      digest: sha256(bytes),
      size: bytes.length,
    });
    const manifest = {
      schemaVersion: 2,
      mediaType: manifestType,
      config: describe(config),
      layers: layers.map(describe),
    };
    return {
      manifest: { mediaType: manifestType, bytes: Buffer.from(JSON.stringify(manifest)) },
      config,
      layers,
    };
  }
}
