// The configuration of an image: JSON as its registry holds it, proven by its digest.
import type { MethodResult } from "../../shared/contract.ts";
import { type Descriptor, parseManifest } from "../../shared/descriptor.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { EndpointSide } from "../engine/endpoint-side.ts";
import { readSmallBlob } from "../engine/small-blob.ts";

/** Bytes; what is larger was not made to be read. */
const largest = 4 * 1024 * 1024;
/** Indexes inside indexes that are followed. */
const deepest = 4;

interface Place {
  readonly repository: string;
  readonly reference: string;
}

/** Of an index the first image's. @throws `not-found` where there is none, `too-large`, and what reading throws. */
export async function readImageConfig(
  side: EndpointSide,
  place: Place,
  signal: AbortSignal,
): Promise<MethodResult<"image.config">> {
  const { repository } = place;
  const config = await configOf(side, place, { signal, depth: 0 });
  const { digest, mediaType, size } = config;
  if (size > largest)
    throw problem("too-large", `The configuration ${digest} has ${size} bytes; at most ${largest} are read.`);
  const bytes = await readSmallBlob(side, { repository, blob: config }, signal);
  return { digest, mediaType, size, text: new TextDecoder().decode(bytes) };
}

async function configOf(
  side: EndpointSide,
  { repository, reference }: Place,
  { signal, depth }: { readonly signal: AbortSignal; readonly depth: number },
): Promise<Descriptor> {
  const name = `${side.endpoint.host}/${repository} ${reference}`;
  const manifest = await side.ask("get-manifest", signal, (endpoint, options) =>
    endpoint.getManifest(repository, reference, options),
  );
  const parsed = parseManifest(new TextDecoder().decode(manifest.bytes), manifest.mediaType, name);
  const child = parsed.kind === "index" ? parsed.manifests[0] : undefined;
  if (child !== undefined && depth < deepest)
    return configOf(side, { repository, reference: child.digest }, { signal, depth: depth + 1 });
  const config = parsed.kind === "image" ? parsed.config : undefined;
  if (config !== undefined) return config;
  throw problem("not-found", `${name} has no configuration.`);
}

function problem(code: "not-found" | "too-large", message: string): FreightlinerError {
  return new FreightlinerError({ code, operation: "image.config", message });
}
