// Finds out what a registry can do. Changes nothing there, unless it may write: then it cleans up and says what it could not.
import { type CheckStep, capabilityNames, type RegistryCapability } from "../../shared/endpoint.ts";
import type { ProviderId } from "../../shared/provider.ts";
import type { CredentialProvider } from "../engine/credential.ts";
import type { ImageDestination } from "../engine/ports.ts";
import type { Authenticator } from "./auth.ts";
import { discard, parseJson, readBody } from "./body.ts";
import { checkCatalog, checkPush, checkSignIn } from "./check.ts";
import { checkPull } from "./check-steps.ts";
import type { RegistryClient } from "./client.ts";
import { caps } from "./limits.ts";
import { type ProbeLimits, ProbeStep } from "./probe-step.ts";
import { type CapabilityName, referrersTold, type Told } from "./probe-told.ts";
import { ProbeWrites } from "./probe-writes.ts";
import { productNames, seemsToBe } from "./product.ts";

export interface ProbeOptions {
  /** Looked at and, with `write`, written to; the first that is listed is looked at where it is not said. */
  readonly repository?: string | undefined;
  /** True = a small image is pushed to `repository` and deleted again. */
  readonly write: boolean;
  /** Told what stays at the registry where a probe was stopped in the middle. */
  readonly onLeftover?: ((text: string) => void) | undefined;
}

export interface ProbeFindings {
  /** The repository that was written to; null where nothing was written. */
  readonly repository: string | null;
  /** All of `capabilityNames`, in their order. */
  readonly capabilities: readonly RegistryCapability[];
  /** What the engine need not find out again; undefined where the probe did not show it for certain. */
  readonly parts: boolean | undefined;
  readonly status: false | undefined;
  readonly referrers: boolean | undefined;
}

export interface ProbeContext {
  readonly host: string;
  /** Chosen by hand or by the host's name. */
  readonly provider: ProviderId | undefined;
  readonly client: RegistryClient;
  readonly auth: Authenticator;
  readonly credentials: CredentialProvider;
  readonly registry: ImageDestination;
  readonly deadlineMs: number;
  /** False where a token to push makes the repository that is asked for. */
  readonly looksWithPush: boolean;
  readonly mounts: boolean;
  readonly listRepositories: (signal: AbortSignal) => AsyncIterable<readonly string[]>;
  readonly deleteManifest: (repository: string, reference: string, signal: AbortSignal) => Promise<void>;
  readonly limits?: ProbeLimits;
}

const defaultLimits: ProbeLimits = { stepMs: 20_000, totalMs: 90_000 };

/**
 * Every question has a deadline; one that fails is an answer of its own.
 * @throws FreightlinerError where the registry is not reached or is none, the reason
 * of the signal, after a quick try to take away what was pushed.
 */
export async function probeRegistry(
  context: ProbeContext,
  options: ProbeOptions,
  signal: AbortSignal,
): Promise<ProbeFindings> {
  await context.client.home(signal);
  return new Probe(context, options, signal).run();
}

class Probe {
  readonly #context: ProbeContext;
  readonly #options: ProbeOptions;
  readonly #signal: AbortSignal;
  readonly #step: ProbeStep;
  readonly #told: Partial<Record<CapabilityName, Told>> = {};

  constructor(context: ProbeContext, options: ProbeOptions, signal: AbortSignal) {
    this.#context = context;
    this.#options = options;
    this.#signal = signal;
    this.#step = new ProbeStep(signal, context.limits ?? defaultLimits);
  }

  async run(): Promise<ProbeFindings> {
    const { host } = this.#context;
    const signedIn = await this.#signIn();
    if (!signedIn) return this.#report("The sign-in did not succeed.");
    const repository = await this.#reads();
    if (!this.#options.write || this.#options.repository === undefined) {
      const referrers = repository === undefined ? undefined : await this.#referrers(repository);
      return this.#report(`Would have to write to ${host}.`, { referrers });
    }
    const found = await this.#writes(this.#options.repository);
    return this.#report("Was not looked at.", found, this.#options.repository);
  }

  /** In the order of the names; what nobody looked at says why. */
  #report(
    otherwise: string,
    found: Partial<Pick<ProbeFindings, "parts" | "status" | "referrers">> = {},
    repository: string | null = null,
  ): ProbeFindings {
    const untold: Told = { answer: "not-tested", text: otherwise };
    return {
      repository,
      capabilities: capabilityNames.map((name) => ({ name, ...(this.#told[name] ?? untold) })),
      parts: found.parts,
      status: found.status,
      referrers: found.referrers,
    };
  }

  async #signIn(): Promise<boolean> {
    const step = await this.#checked("sign-in", (signal) => checkSignIn(this.#context, signal));
    const product = await this.#step.run((signal) => this.#product(signal));
    const told = "value" in product && product.value !== undefined ? ` ${product.value}` : "";
    // Strangers are let in, which is a warning to a check and an answer here.
    const answer = step.outcome === "failed" ? noOrUnknown(step) : "yes";
    this.#told["sign-in"] = { answer, text: `${step.text}${told}` };
    return step.outcome !== "failed";
  }

  /** A sentence on which product it seems to be; undefined where nothing tells. */
  async #product(signal: AbortSignal): Promise<string | undefined> {
    const { client, provider } = this.#context;
    const operation = "probe";
    const { challenges } = await client.home(signal);
    const response = await client.call({ method: "GET", target: "/v2/", scopes: [], operation, signal });
    discard(response.body);
    const { headers } = response;
    const zotExtensions =
      seemsToBe({ headers, challenges, zotExtensions: false }) === undefined && (await this.#isZot(signal));
    const product = seemsToBe({ headers, challenges, zotExtensions });
    if (product === undefined) return undefined;
    if (provider === undefined) return `By its answers it is ${product.name}.`;
    if (provider === product.id) return `It answers as ${product.name} does.`;
    return `By its answers it is ${product.name}, not ${productNames[provider]} as its settings or its name say.`;
  }

  /** https://github.com/opencontainers/distribution-spec/blob/main/extensions/_oci.md */
  async #isZot(signal: AbortSignal): Promise<boolean> {
    const { client, deadlineMs } = this.#context;
    const operation = "probe";
    const target = "/v2/_oci/ext/discover";
    const response = await client.call({ method: "GET", target, scopes: [], operation, signal });
    if (response.status !== 200) {
      discard(response.body);
      return false;
    }
    const what = "its extensions";
    const bytes = await readBody(response, { limit: caps.error, what, operation, deadlineMs });
    const json = parseJson(bytes);
    return typeof json === "object" && json !== null && /"name":"_zot"/.test(JSON.stringify(json));
  }

  /** @returns the repository that was looked at. */
  async #reads(): Promise<string | undefined> {
    const listed = await this.#step.run((signal) =>
      checkCatalog({ listRepositories: this.#context.listRepositories }, signal),
    );
    const catalog = "value" in listed ? listed.value.step : failedStep("catalog", listed.error.message);
    this.#told.catalog = asAnswer(catalog, "no");
    const first = "value" in listed ? listed.value.first : undefined;
    const repository = this.#options.repository ?? first;
    const { registry } = this.#context;
    const pull = await this.#checked("pull", (signal) =>
      checkPull(repository, (name, inner) => registry.listTags(name, { signal: inner }), signal),
    );
    // A repository that is not there says nothing of what may be read.
    const absent = pull.error?.code === "repository-unknown";
    this.#told.pull = absent ? { answer: "unknown", text: pull.text } : asAnswer(pull, "no");
    if (!this.#options.write) this.#told.push = await this.#mayPush(repository);
    return absent ? undefined : repository;
  }

  async #mayPush(repository: string | undefined): Promise<Told> {
    const { host, looksWithPush } = this.#context;
    if (!looksWithPush) {
      const text = `A token to write to ${host} makes the repository; it was not asked for.`;
      return { answer: "not-tested", text };
    }
    const step = await this.#checked("push", (signal) => checkPush(this.#context, repository, signal));
    const asked = repository !== undefined && this.#context.auth.kind === "bearer";
    // A token that does not say what it is for is an answer that says nothing.
    if (asked && step.outcome === "skipped") return { answer: "unknown", text: step.text };
    return asAnswer(step, "no");
  }

  /** Asked of a manifest that is there where there is one: some say of others as if they had no such list. */
  async #referrers(repository: string): Promise<boolean | undefined> {
    const { registry, host } = this.#context;
    const asked = await this.#step.run(async (signal) => {
      for await (const page of registry.listTags(repository, { signal })) {
        const head = await registry.headManifest(repository, page[0] ?? "", { signal });
        return head && { listed: await registry.listReferrers(repository, head.digest, { signal }) };
      }
      return undefined;
    });
    if ("error" in asked) this.#told.referrers = { answer: "unknown", text: asked.error.message };
    else if (asked.value === undefined)
      this.#told.referrers = { answer: "not-tested", text: `${repository} has no image to ask it of.` };
    else {
      const there = asked.value.listed !== undefined;
      this.#told.referrers = referrersTold(host, there);
      return there;
    }
    return undefined;
  }

  async #writes(repository: string): Promise<Pick<ProbeFindings, "parts" | "status" | "referrers">> {
    const { host, registry, mounts, deleteManifest } = this.#context;
    const writes = new ProbeWrites({
      ...{ host, registry, repository, mounts, step: this.#step },
      deleteManifest: (reference, inner) => deleteManifest(repository, reference, inner),
    });
    try {
      const { told, parts, status } = await writes.run();
      const before = this.#told.pull;
      Object.assign(this.#told, told);
      // What was there before tells more than what was brought.
      if (before?.answer === "yes") this.#told.pull = before;
      const listed = told.referrers?.answer;
      return { parts, status, referrers: listed === "yes" ? true : listed === "no" ? false : undefined };
    } catch (error) {
      const leftover = await writes.hurry();
      if (leftover !== undefined) this.#options.onLeftover?.(leftover);
      this.#signal.throwIfAborted();
      throw error;
    }
  }

  async #checked(
    name: CheckStep["name"],
    check: (signal: AbortSignal) => Promise<CheckStep>,
  ): Promise<CheckStep> {
    const done = await this.#step.run(check);
    return "value" in done ? done.value : failedStep(name, done.error.message);
  }
}

function failedStep(name: CheckStep["name"], text: string): CheckStep {
  return { name, outcome: "failed", text };
}

const clear: ReadonlySet<string> = new Set([
  "unauthorized",
  "forbidden",
  "unsupported",
  "refused-by-registry",
]);

/** What a registry refuses is a no; what went wrong says nothing of it. */
function noOrUnknown({ error }: CheckStep): RegistryCapability["answer"] {
  return error !== undefined && clear.has(error.code) ? "no" : "unknown";
}

function asAnswer(step: CheckStep, warned: "yes" | "no"): Told {
  const { outcome, text, error } = step;
  if (outcome === "passed") return { answer: "yes", text };
  if (outcome === "skipped") return { answer: "not-tested", text };
  if (outcome === "warning" && error === undefined) return { answer: warned, text };
  return { answer: noOrUnknown(step), text };
}
