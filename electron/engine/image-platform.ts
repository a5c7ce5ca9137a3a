// The platform of an image that comes without an index: its configuration says it.
import { z } from "zod";
import { type Platform, parseManifest } from "../../shared/descriptor.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { Manifest } from "./ports.ts";
import { readSmallBlob } from "./small-blob.ts";

/** Bytes; others read no more either (protocol.md 1.5). */
const largestConfig = 4 * 1024 * 1024;

/** https://github.com/opencontainers/image-spec/blob/main/config.md#properties */
const configSchema = z.object({
  os: z.string().max(100),
  architecture: z.string().max(100),
  variant: z.string().max(100).optional(),
});

/**
 * Undefined where it is no image of a platform but some other artifact.
 * @throws FreightlinerError `too-large`, `protocol`, and what the source throws.
 */
export async function platformOf(
  source: EndpointSide,
  { repository, manifest }: { readonly repository: string; readonly manifest: Manifest },
  signal: AbortSignal,
): Promise<Platform | undefined> {
  const what = `${source.endpoint.host}/${repository}@${manifest.digest}`;
  const parsed = parseManifest(new TextDecoder().decode(manifest.bytes), manifest.mediaType, what);
  const config = parsed.kind === "image" ? parsed.config : undefined;
  if (config?.mediaType !== mediaTypes.ociConfig && config?.mediaType !== mediaTypes.dockerConfig)
    return undefined;
  if (config.size > largestConfig)
    throw new FreightlinerError({
      code: "too-large",
      side: source.side,
      operation: "get-blob",
      message: `The configuration of ${what} has ${config.size} bytes; at most ${largestConfig} are read.`,
    });
  const bytes = await readSmallBlob(source, { repository, blob: config }, signal);
  try {
    return configSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new FreightlinerError({
      code: "protocol",
      side: source.side,
      operation: "parse-config",
      message: `The configuration of ${what} does not say its platform (os and architecture).`,
      cause,
    });
  }
}
