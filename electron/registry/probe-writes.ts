// The part of a probe that writes: an upload in parts that is given back, a tiny image that is deleted again.
import { Readable } from "node:stream";
import type { RegistryCapability } from "../../shared/endpoint.ts";
import type { FreightlinerError } from "../../shared/errors.ts";
import { joinReference } from "../../shared/reference.ts";
import type { ImageDestination } from "../engine/ports.ts";
import { type ProbeBlob, type ProbeImage, probeImage } from "./probe-image.ts";
import type { ProbeStep } from "./probe-step.ts";

type Name = RegistryCapability["name"];
type Told = Pick<RegistryCapability, "answer" | "text">;

export interface WriteContext {
  readonly host: string;
  readonly registry: ImageDestination;
  readonly repository: string;
  /** Mounting as such, whatever an earlier probe found. */
  readonly mounts: boolean;
  /** By the registry itself, whatever an earlier probe found. */
  readonly deleteManifest: (reference: string, signal: AbortSignal) => Promise<void>;
  readonly step: ProbeStep;
}

export interface WriteFindings {
  readonly told: Partial<Record<Name, Told>>;
  /** Undefined where the upload did not show it. */
  readonly parts: boolean | undefined;
  /** False where the state of an upload cannot be asked for: then no upload is gone on with. */
  readonly status: false | undefined;
}

/** Bytes; small, and more than nothing. */
const partSize = 1024;
/** A least size of parts above that is not sent for a probe. */
const largestProbedPart = 8 * 1024 * 1024;
/** Milliseconds for cleaning up where the probe was stopped. */
const hurriedMs = 900;

const notTested = (text: string): Told => ({ answer: "not-tested", text });

export class ProbeWrites {
  readonly #context: WriteContext;
  readonly #image: ProbeImage = probeImage();
  readonly #told: Partial<Record<Name, Told>> = {};
  #parts: boolean | undefined;
  #status: false | undefined;
  /** True from the first PUT of the manifest until it was deleted. */
  #lies = false;

  constructor(context: WriteContext) {
    this.#context = context;
  }

  /** @throws only the reason of the probe's signal; what lay there is taken away first, or `leftover` says so. */
  async run(): Promise<WriteFindings> {
    await this.#all();
    return { told: this.#told, parts: this.#parts, status: this.#status };
  }

  /** Where a probe was stopped in the middle: one quick try. A sentence on what stays; undefined where nothing does. */
  async hurry(): Promise<string | undefined> {
    if (!this.#lies) return undefined;
    try {
      await this.#context.deleteManifest(this.#image.manifest.digest, AbortSignal.timeout(hurriedMs));
      return undefined;
    } catch (error) {
      return `${this.#name} was pushed by a probe that was stopped, and could not be deleted again (${error instanceof Error ? error.message : "no reason"}).`;
    }
  }

  get #name(): string {
    return joinReference(this.#context.repository, this.#image.tag);
  }

  async #all(): Promise<void> {
    const { registry, repository, step, host } = this.#context;
    const lacked = await step.run((signal) => registry.lacksRepository(repository, { signal }));
    const missing = "value" in lacked ? lacked.value : undefined;
    await this.#parted();
    const pushed = await step.run((signal) => this.#push(signal));
    if ("error" in pushed) {
      this.#tell("push", refusal(pushed.error));
      this.#tell("create-repository", this.#creation(missing, pushed.error));
      const text = `Not looked at, as nothing could be pushed to ${repository}.`;
      for (const name of ["mount", "referrers", "delete"] as const) this.#tell(name, notTested(text));
    } else {
      this.#tell("push", { answer: "yes", text: `An image was pushed to ${repository} at ${host}.` });
      this.#tell("create-repository", this.#creation(missing, undefined));
      this.#tell("mount", await this.#mount());
      this.#tell("referrers", await this.#referrers());
    }
    if (this.#lies) this.#tell("delete", await this.#delete(!("error" in pushed)));
  }

  #tell(name: Name, told: Told): void {
    this.#told[name] = told;
  }

  /** POST, PATCH, the state, DELETE: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-a-blob-in-chunks */
  async #parted(): Promise<void> {
    const { registry, repository, step, host } = this.#context;
    const untold = "The state of an upload is asked for only where uploads go in parts.";
    if (!registry.parts) {
      const text = `${host} is known to take blobs whole only.`;
      this.#tell("chunked-upload", { answer: "no", text });
      this.#tell("upload-status", notTested(untold));
      return;
    }
    // Never whole, so that nothing is ever committed: the digest is that of nothing that exists.
    const { blob } = this.#image.layer;
    const begun = await step.run((signal) =>
      registry.beginUpload(repository, { ...blob, size: 2 * largestProbedPart }, { signal }),
    );
    if ("error" in begun) {
      this.#tell("chunked-upload", unclear(begun.error));
      this.#tell("upload-status", notTested("No upload could be begun."));
      return;
    }
    const session = begun.value;
    try {
      const size = Math.max(partSize, session.leastPart);
      if (size > largestProbedPart) {
        const text = `${host} asks for parts of at least ${size} bytes, which is too much for a probe.`;
        this.#tell("chunked-upload", { answer: "unknown", text });
        this.#tell("upload-status", notTested(untold));
        return;
      }
      const sent = await step.run((signal) =>
        session.append(Readable.from([Buffer.alloc(size)], { objectMode: false }), size, { signal }),
      );
      if ("error" in sent) {
        const refused = refusesParts(sent.error);
        if (refused) this.#parts = false;
        this.#tell(
          "chunked-upload",
          refused ? { answer: "no", text: sent.error.message } : unclear(sent.error),
        );
        this.#tell("upload-status", notTested(untold));
        return;
      }
      this.#parts = true;
      this.#tell("chunked-upload", {
        answer: "yes",
        text: `${host} took a part of ${size} bytes by itself.`,
      });
      const asked = await step.run((signal) =>
        registry.continueUpload(repository, { ...blob, size: 2 * largestProbedPart }, session.token, {
          signal,
        }),
      );
      this.#tell("upload-status", this.#statusOf(asked, size));
    } finally {
      const given = session.cancel();
      await step.run(() => given);
    }
  }

  #statusOf(
    asked:
      | { readonly value: { readonly offset: number } | undefined }
      | { readonly error: FreightlinerError },
    size: number,
  ): Told {
    const { host } = this.#context;
    if ("error" in asked) return unclear(asked.error);
    if (asked.value?.offset === size)
      return { answer: "yes", text: `${host} said rightly how far the upload had come.` };
    this.#status = false;
    const text = `${host} did not say reliably how far the upload had come; a broken upload begins again.`;
    return { answer: "no", text };
  }

  async #push(signal: AbortSignal): Promise<void> {
    const { registry, repository } = this.#context;
    const { config, layer, manifest, tag } = this.#image;
    for (const one of [config, layer]) await this.#put(one, signal);
    // From here on it may lie there, even where the answer does not arrive.
    this.#lies = true;
    await registry.putManifest(repository, tag, manifest, { signal });
  }

  #put({ blob, bytes }: ProbeBlob, signal: AbortSignal): Promise<void> {
    const { registry, repository } = this.#context;
    return registry.putBlob(repository, blob, Readable.from([bytes], { objectMode: false }), { signal });
  }

  #creation(missing: boolean | undefined, error: FreightlinerError | undefined): Told {
    const { repository, host } = this.#context;
    if (missing === undefined) {
      const unsaid = `${host} did not say whether ${repository} was there before`;
      const text = error === undefined ? `${unsaid}; if it was not, it stays there, empty.` : `${unsaid}.`;
      return { answer: "unknown", text };
    }
    if (!missing) {
      const text = `${repository} was there before; with the name of one that is missing it would show.`;
      return notTested(text);
    }
    if (error !== undefined) return refusal(error);
    const text = `${repository} was missing and has come to be by the push; it stays there, empty.`;
    return { answer: "yes", text };
  }

  /** Inside the one repository that may be written to: linking asks for no other, and leaves nothing elsewhere. */
  async #mount(): Promise<Told> {
    const { registry, repository, mounts, step, host } = this.#context;
    if (!mounts) return { answer: "no", text: `${host} is known to link no blobs between repositories.` };
    const { blob } = this.#image.layer;
    const mounted = await step.run((signal) => registry.mountBlob(repository, blob, repository, { signal }));
    if ("error" in mounted) return unclear(mounted.error);
    return mounted.value
      ? { answer: "yes", text: `${host} links a blob that it has already; it need not be sent again.` }
      : { answer: "no", text: `${host} would rather have a blob sent again than link it.` };
  }

  async #referrers(): Promise<Told> {
    const { registry, repository, step, host } = this.#context;
    const { digest } = this.#image.manifest;
    const listed = await step.run((signal) => registry.listReferrers(repository, digest, { signal }));
    return "error" in listed ? unclear(listed.error) : referrersTold(host, listed.value !== undefined);
  }

  /**
   * The tag, then the digest: some delete only the one, some only the other, and some the digest only without tags.
   * @param pushed false where the push failed, and only the cleaning up counts.
   */
  async #delete(pushed: boolean): Promise<Told> {
    const { host, step, registry, repository } = this.#context;
    const byTag = await this.#deleteBy(this.#image.tag);
    const byDigest = await this.#deleteBy(this.#image.manifest.digest);
    const left = await step.run((signal) => registry.headManifest(repository, this.#image.tag, { signal }));
    if ("value" in left && left.value === undefined) {
      this.#lies = false;
      if (!pushed) return notTested(`Nothing was pushed to ${repository} that could be deleted.`);
      const way = deletes(byTag, byDigest);
      return {
        answer: way === undefined ? "unknown" : "yes",
        text: `${host} ${way ?? "has lost the image of the probe by itself"}.`,
      };
    }
    const stays = `${this.#name} (${this.#image.manifest.size} bytes) stays there and should be deleted by hand.`;
    const errors = [byTag, byDigest].filter((outcome) => typeof outcome !== "string");
    const refused = errors.at(-1);
    if (refused === undefined) {
      const text = `${host} said that it deleted the image of the probe, and still has it: ${stays}`;
      return { answer: "unknown", text };
    }
    // Rights differ by repository; only what the registry does not do at all is a no for all of it.
    const never = errors.length === 2 && errors.every(({ code }) => code === "unsupported");
    return { answer: never ? "no" : "unknown", text: `${refused.message} ${stays}` };
  }

  async #deleteBy(reference: string): Promise<Deletion> {
    const { step, deleteManifest } = this.#context;
    const done = await step.run((signal) => deleteManifest(reference, signal));
    if (!("error" in done)) return "done";
    return done.error.code === "manifest-unknown" ? "absent" : done.error;
  }
}

/** `absent`: nothing was there any more; a manifest may go with its last tag. */
type Deletion = "done" | "absent" | FreightlinerError;

/** What of the probe's image went, in words; undefined where neither was deleted by us. */
function deletes(byTag: Deletion, byDigest: Deletion): string | undefined {
  const gone = "the image of the probe is gone";
  if (byTag === "done" && byDigest === "done") return `deletes tags and digests; ${gone}`;
  if (byTag === "done" && byDigest === "absent")
    return `deletes tags, and with the last one its manifest; ${gone}`;
  if (byTag === "done")
    return "deletes tags, no digests; the manifest without a tag is the registry's own to clean up";
  if (byDigest === "done") return `deletes digests, no tags; ${gone}`;
  return undefined;
}

const refusals: ReadonlySet<string> = new Set([
  "unsupported",
  "forbidden",
  "unauthorized",
  "repository-unknown",
  "refused-by-registry",
  "tag-immutable",
]);

function isRefusal(error: FreightlinerError): boolean {
  return refusals.has(error.code);
}

/** As the engine judges the first part of an upload. */
function refusesParts({ code, status }: FreightlinerError): boolean {
  return (
    code === "unsupported" || code === "refused-by-registry" || (code === "upload-lost" && status === 416)
  );
}

function refusal(error: FreightlinerError): Told {
  return { answer: isRefusal(error) ? "no" : "unknown", text: error.message };
}

function unclear(error: FreightlinerError): Told {
  return { answer: "unknown", text: error.message };
}

export function referrersTold(host: string, listed: boolean): Told {
  return listed
    ? { answer: "yes", text: `${host} lists signatures and other attachments of an image.` }
    : {
        answer: "no",
        text: `${host} keeps no list of attachments; signatures and others are found by their tags.`,
      };
}
