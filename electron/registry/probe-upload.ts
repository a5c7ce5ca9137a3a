// The part of a probe that begins an upload in parts, asks how far it came, and gives it back.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-a-blob-in-chunks
import { Readable } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import type { FreightlinerError } from "../../shared/errors.ts";
import type { ImageDestination, UploadSession } from "../engine/ports.ts";
import type { ProbeStep } from "./probe-step.ts";
import { notTested, type Told, unclear } from "./probe-told.ts";

export interface UploadContext {
  readonly host: string;
  readonly registry: ImageDestination;
  readonly repository: string;
  readonly step: ProbeStep;
}

export interface UploadFindings {
  readonly told: { readonly "chunked-upload": Told; readonly "upload-status": Told };
  /** Undefined where the upload did not show it. */
  readonly parts?: boolean | undefined;
  /** False where the state of an upload cannot be asked for: then no upload is gone on with. */
  readonly status?: false | undefined;
}

/** Bytes; small, and more than nothing. */
const partSize = 1024;
/** A least size of parts above that is not sent for a probe. */
const largestProbedPart = 8 * 1024 * 1024;
const untold = notTested("The state of an upload is asked for only where uploads go in parts.");

/** @param like whose digest the upload has: it never becomes whole, so that nothing is ever committed. */
export async function probeUpload(context: UploadContext, like: Descriptor): Promise<UploadFindings> {
  const { host, registry, repository, step } = context;
  if (!registry.parts)
    return told({ answer: "no", text: `${host} is known to take blobs whole only.` }, untold);
  const blob = { ...like, size: 2 * largestProbedPart };
  const begun = await step.run((signal) => registry.beginUpload(repository, blob, { signal }));
  if ("error" in begun) return told(unclear(begun.error), notTested("No upload could be begun."));
  const session = begun.value;
  try {
    return await probeSession(context, blob, session);
  } finally {
    const given = session.cancel();
    await step.run(() => given);
  }
}

async function probeSession(
  { host, registry, repository, step }: UploadContext,
  blob: Descriptor,
  session: UploadSession,
): Promise<UploadFindings> {
  const size = Math.max(partSize, session.leastPart);
  if (size > largestProbedPart) {
    const text = `${host} asks for parts of at least ${size} bytes, which is too much for a probe.`;
    return told({ answer: "unknown", text }, untold);
  }
  const part = Readable.from([Buffer.alloc(size)], { objectMode: false });
  const sent = await step.run((signal) => session.append(part, size, { signal }));
  if ("error" in sent) {
    if (!refusesParts(sent.error)) return told(unclear(sent.error), untold);
    return { ...told({ answer: "no", text: sent.error.message }, untold), parts: false };
  }
  const asked = await step.run((signal) =>
    registry.continueUpload(repository, blob, session.token, { signal }),
  );
  const taken: Told = { answer: "yes", text: `${host} took a part of ${size} bytes by itself.` };
  if ("error" in asked) return { ...told(taken, unclear(asked.error)), parts: true };
  if (asked.value?.offset === size) {
    const text = `${host} said rightly how far the upload had come.`;
    return { ...told(taken, { answer: "yes", text }), parts: true };
  }
  const text = `${host} did not say reliably how far the upload had come; a broken upload begins again.`;
  return { ...told(taken, { answer: "no", text }), parts: true, status: false };
}

function told(parts: Told, status: Told): UploadFindings {
  return { told: { "chunked-upload": parts, "upload-status": status } };
}

/** As the engine judges the first part of an upload. */
function refusesParts({ code, status }: FreightlinerError): boolean {
  return (
    code === "unsupported" || code === "refused-by-registry" || (code === "upload-lost" && status === 416)
  );
}
