// The contract's methods for what belongs to an image, as `inspect` shows it: attachments, configuration, where blobs lie.
import type { Api, MethodResult } from "../../../shared/contract.ts";
import { parseManifest } from "../../../shared/descriptor.ts";
import { isDigest } from "../../../shared/digest.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { Attachment } from "../../engine/attachment-search.ts";
import { EndpointSide } from "../../engine/endpoint-side.ts";
import { attachmentsAt } from "../../engine/verify-attachments.ts";
import type { CallContext } from "../dispatch.ts";
import { readImageConfig } from "../image-config.ts";
import { inspectImage } from "../inspect.ts";
import type { Services } from "../services.ts";

type Shown = MethodResult<"image.attachments">["attachments"][number];

/** More than a person looks at; the rest is left out. */
const mostShown = 200;

type AttachmentMethods = Pick<Api<CallContext>, "image.attachments" | "image.config" | "blobs.locations">;

export function attachmentMethods({ pool, engine, store }: Services): AttachmentMethods {
  const { hosts, clock, journal } = engine;
  return {
    "image.attachments": async ({ endpointId, repository, reference }, { signal }) => {
      const endpoint = await pool.get(endpointId);
      const side = new EndpointSide({ side: "source", endpoint, hosts, clock });
      const { root, children } = await inspectImage(endpoint, repository, reference, signal);
      const manifests = [root, ...children].map(({ digest }) => digest).filter(isDigest);
      const found = await attachmentsAt(side, repository, { knowledge: journal, manifests }, signal);
      const attachments: Shown[] = [];
      for (const one of found.slice(0, mostShown)) {
        const shown = await look(side, repository, one, signal);
        if (shown !== undefined) attachments.push(shown);
      }
      return { attachments };
    },
    "image.config": async ({ endpointId, repository, reference }, { signal }) => {
      const endpoint = await pool.get(endpointId);
      const side = new EndpointSide({ side: "source", endpoint, hosts, clock });
      return readImageConfig(side, { repository, reference }, signal);
    },
    "blobs.locations": async ({ digests }) => ({ locations: [...store.blobLocations(digests)] }),
  };
}

/** Undefined for one that a list names and that is not there. */
async function look(
  side: EndpointSide,
  repository: string,
  { digest, subject, tag }: Attachment,
  signal: AbortSignal,
): Promise<Shown | undefined> {
  const place = { digest, subject, tag: tag ?? null };
  try {
    const { bytes, mediaType } = await side.ask("get-manifest", signal, (endpoint, options) =>
      endpoint.getManifest(repository, digest, options),
    );
    const text = new TextDecoder().decode(bytes);
    return { ...place, mediaType, size: bytes.byteLength, artifactType: artifactType(text, mediaType) };
  } catch (thrown) {
    if (thrown instanceof FreightlinerError && thrown.code === "manifest-unknown") return undefined;
    throw thrown;
  }
}

function artifactType(text: string, mediaType: string): string | null {
  try {
    const parsed = parseManifest(text, mediaType, "attachment");
    return ("artifactType" in parsed ? parsed.artifactType : undefined) ?? null;
  } catch (thrown) {
    // Whatever somebody attached: its media type is shown all the same.
    if (thrown instanceof FreightlinerError) return null;
    throw thrown;
  }
}
