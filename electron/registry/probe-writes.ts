// The part of a probe that writes: an upload in parts that is given back, a tiny image that is deleted again.
import { Readable } from "node:stream";
import { FreightlinerError } from "../../shared/errors.ts";
import { joinReference } from "../../shared/reference.ts";
import type { ImageDestination } from "../engine/ports.ts";
import { type ProbeBlob, type ProbeImage, probeImage } from "./probe-image.ts";
import type { ProbeStep } from "./probe-step.ts";
import { type CapabilityName, notTested, referrersTold, refusal, type Told, unclear } from "./probe-told.ts";
import { probeUpload, type UploadFindings } from "./probe-upload.ts";
import { untilAborted } from "./shared-work.ts";

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

export interface WriteFindings extends Pick<UploadFindings, "parts" | "status"> {
  readonly told: Partial<Record<CapabilityName, Told>>;
}

/** Milliseconds for cleaning up where the probe was stopped. */
const hurriedMs = 900;

export class ProbeWrites {
  readonly #context: WriteContext;
  readonly #image: ProbeImage = probeImage();
  readonly #told: Partial<Record<CapabilityName, Told>> = {};
  /** True from the first PUT of the manifest until it was deleted. */
  #lies = false;
  /** What is left in a repository that the probe made. */
  #leaves = "with the image of the probe in it";

  constructor(context: WriteContext) {
    this.#context = context;
  }

  /** @throws only the reason of the probe's signal; then `hurry` takes away what lies there. */
  async run(): Promise<WriteFindings> {
    const { registry, repository, step } = this.#context;
    const lacked = await step.run((signal) => registry.lacksRepository(repository, { signal }));
    const { told, parts, status } = await probeUpload(this.#context, this.#image.layer.blob);
    Object.assign(this.#told, told);
    await this.#images("value" in lacked ? lacked.value : undefined);
    return { told: this.#told, parts, status };
  }

  /** Where a probe was stopped in the middle: one quick try. A sentence on what stays; undefined where nothing does. */
  async hurry(): Promise<string | undefined> {
    if (!this.#lies) return undefined;
    const signal = AbortSignal.timeout(hurriedMs);
    const { deleteManifest } = this.#context;
    const references = [this.#image.tag, this.#image.manifest.digest];
    // One of the two is enough: some delete only tags, some only digests.
    const tried = await Promise.allSettled(
      references.map((reference) => untilAborted(deleteManifest(reference, signal), signal)),
    );
    const gone = (outcome: PromiseSettledResult<void>): boolean =>
      outcome.status === "fulfilled" ||
      (outcome.reason instanceof FreightlinerError && outcome.reason.code === "manifest-unknown");
    if (tried.some(gone)) return undefined;
    return `${this.#name} was pushed by a probe that was stopped, and could not be deleted again in a moment.`;
  }

  get #name(): string {
    return joinReference(this.#context.repository, this.#image.tag);
  }

  /** @param missing whether the repository was; undefined where that is not known. */
  async #images(missing: boolean | undefined): Promise<void> {
    const { repository, step, host } = this.#context;
    const pushed = await step.run((signal) => this.#push(signal));
    if ("error" in pushed) {
      this.#tell("push", refusal(pushed.error));
      const text = `Not looked at, as nothing could be pushed to ${repository}.`;
      for (const name of ["mount", "referrers", "delete"] as const) this.#tell(name, notTested(text));
    } else {
      this.#tell("push", { answer: "yes", text: `An image was pushed to ${repository} at ${host}.` });
      this.#tell("pull", await this.#pull());
      this.#tell("mount", await this.#mount());
      this.#tell("referrers", await this.#referrers());
    }
    if (this.#lies) this.#tell("delete", await this.#delete(!("error" in pushed)));
    // Last, as it says how the repository is left.
    this.#tell("create-repository", this.#creation(missing, "error" in pushed ? pushed.error : undefined));
  }

  #tell(name: CapabilityName, told: Told): void {
    this.#told[name] = told;
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
      const text =
        error === undefined ? `${unsaid}; if it was not, it stays there, ${this.#leaves}.` : `${unsaid}.`;
      return { answer: "unknown", text };
    }
    if (!missing) {
      const text = `${repository} was there before; with the name of one that is missing it would show.`;
      return notTested(text);
    }
    if (error !== undefined) return refusal(error);
    const text = `${repository} was missing and has come to be by the push; it stays there, ${this.#leaves}.`;
    return { answer: "yes", text };
  }

  async #pull(): Promise<Told> {
    const { registry, repository, step } = this.#context;
    const { digest } = this.#image.manifest;
    const read = await step.run((signal) => registry.getManifest(repository, digest, { signal }));
    if ("error" in read) return refusal(read.error);
    return { answer: "yes", text: `What was pushed to ${repository} can be read there.` };
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
      this.#leaves = byTag === "done" && typeof byDigest !== "string" ? "without a tag" : "empty";
      if (!pushed) return notTested(`Nothing was pushed to ${repository} that could be deleted.`);
      const way = deletes(byTag, byDigest);
      return {
        answer: way === undefined ? "unknown" : "yes",
        text: `${host} ${way ?? "has lost the image of the probe by itself"}.`,
      };
    }
    const stays = `${this.#name} (${this.#image.manifest.size} bytes) stays there and should be deleted by hand.`;
    if ("error" in left) {
      this.#leaves = "perhaps with the image of the probe in it";
      const text = `${host} did not say whether ${this.#name} is gone; where it is not, it should be deleted by hand. ${left.error.message}`;
      return { answer: "unknown", text };
    }
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
