// Looks at a registry step by step and says in plain words how far one gets. Changes nothing there.
import type { CheckStep } from "../../shared/endpoint.ts";
import { toFreightlinerError, toWire } from "../../shared/errors.ts";
import { type CredentialProvider, identityName } from "../engine/credential.ts";
import type { Authenticator } from "./auth.ts";
import { checkDns, checkPull, checkReferrers, checkTls, type Way } from "./check-steps.ts";
import type { RegistryClient } from "./client.ts";
import { signIn } from "./listings.ts";
import { pushScope } from "./scopes.ts";

export interface CheckContext {
  readonly client: RegistryClient;
  readonly auth: Authenticator;
  readonly credentials: CredentialProvider;
  /** As the registry's provider lists them. */
  readonly listRepositories: (signal: AbortSignal) => AsyncIterable<readonly string[]>;
  readonly listTags: (repository: string, signal: AbortSignal) => AsyncIterable<readonly string[]>;
  /** The host of the API, which may have another name than the registry. */
  readonly apiHost: string;
  /** How it is asked first. */
  readonly scheme: "https" | "http";
  readonly host: string;
  /** Rights are looked at there; the first that is listed where it is not said. */
  readonly repository?: string | undefined;
  readonly insecureSkipVerify: boolean;
  /** False where a token to push makes the repository that is asked for. */
  readonly looksWithPush: boolean;
  readonly deadlineMs: number;
  readonly way: Way;
  /** Told of each step when it ends. */
  readonly onStep?: ((step: CheckStep) => void) | undefined;
}

export interface CheckOptions {
  /** Told of each step when it ends. */
  readonly onStep?: ((step: CheckStep) => void) | undefined;
  /** Rights are looked at there; the first that is listed where it is not said. */
  readonly repository?: string | undefined;
}

type StepName = CheckStep["name"];

function failed(name: StepName, thrown: unknown, signal: AbortSignal): CheckStep {
  signal.throwIfAborted();
  const error = toFreightlinerError(thrown, "check");
  return { name, outcome: "failed", text: error.message, error: toWire(error) };
}

function skipped(names: readonly StepName[], text: string): CheckStep[] {
  return names.map((name) => ({ name, outcome: "skipped", text }));
}

/** Never throws but for the signal: what goes wrong is a step that says so. Each is told when it ends. */
export async function checkRegistry(context: CheckContext, signal: AbortSignal): Promise<CheckStep[]> {
  const steps: CheckStep[] = [];
  for await (const step of checkSteps(context, signal)) {
    steps.push(step);
    context.onStep?.(step);
  }
  return steps;
}

async function* checkSteps(context: CheckContext, signal: AbortSignal): AsyncGenerator<CheckStep> {
  const { client, host } = context;
  let base: URL;
  try {
    const proxy = context.way.proxyFor(new URL(`${context.scheme}://${context.apiHost}/`));
    yield await checkDns(context.apiHost, proxy, signal);
    base = (await client.home(signal)).base;
  } catch (thrown) {
    yield* notReached(host, failed("reachable", thrown, signal));
    yield* skipped(afterRegistry, "The registry was not reached.");
    return;
  }
  const scheme = base.protocol === "https:" ? "over https" : "over plain http";
  yield { name: "reachable", outcome: "passed", text: `${host} answers ${scheme}.` };
  yield await checkTls({ ...context, base, now: Date.now() }, signal);
  yield { name: "registry", outcome: "passed", text: `${host} speaks the registry protocol.` };
  const signedIn = await checkSignIn(context, signal);
  yield signedIn;
  if (signedIn.outcome === "failed") {
    yield* skipped(["catalog", "pull", "push", "referrers"], "The sign-in did not succeed.");
    return;
  }
  const { step, first } = await checkCatalog(context, signal);
  yield step;
  const repository = context.repository ?? first;
  yield await checkPull(repository, context.listTags, signal);
  yield await checkPush(context, repository, signal);
  yield await checkReferrers(client, repository, context, signal);
}

const afterRegistry = ["sign-in", "catalog", "pull", "push", "referrers"] as const;

/** Where it was there and answered, only not as wanted, the step that failed is a later one. */
function* notReached(host: string, step: CheckStep): Generator<CheckStep> {
  const answers: CheckStep = { name: "reachable", outcome: "passed", text: `${host} answers.` };
  switch (step.error?.code) {
    case "tls":
      yield answers;
      yield { ...step, name: "tls" };
      yield* skipped(["registry"], "Its certificate is not trusted.");
      return;
    case "protocol":
    case "registry-failure":
    case "rate-limited":
      yield answers;
      yield* skipped(["tls"], "No registry was found there.");
      yield { ...step, name: "registry" };
      return;
    default:
      yield step;
      yield* skipped(["tls", "registry"], "The host was not reached.");
  }
}

export async function checkSignIn(
  context: Pick<CheckContext, "client" | "auth" | "credentials" | "host">,
  signal: AbortSignal,
): Promise<CheckStep> {
  const name = "sign-in";
  const { client, auth, credentials, host } = context;
  try {
    const credential = await credentials.get(signal);
    const username = credential === undefined ? undefined : identityName(credential);
    if (auth.kind === "none") {
      const unused = username === undefined ? "" : `; "${username}" is not used`;
      return { name, outcome: "passed", text: `${host} asks for no sign-in${unused}.` };
    }
    await signIn(client, signal);
    if (username !== undefined) return { name, outcome: "passed", text: `Signed in as "${username}".` };
    return {
      name,
      outcome: "warning",
      text: `${host} lets strangers in; what they may do differs by repository.`,
    };
  } catch (thrown) {
    return failed(name, thrown, signal);
  }
}

export async function checkCatalog(
  context: Pick<CheckContext, "listRepositories">,
  signal: AbortSignal,
): Promise<{ readonly step: CheckStep; readonly first: string | undefined }> {
  const name = "catalog";
  try {
    for await (const page of context.listRepositories(signal)) {
      const text = `Repositories can be listed; the first is ${page[0]}.`;
      return { step: { name, outcome: "passed", text }, first: page[0] };
    }
    return {
      step: { name, outcome: "passed", text: "Repositories can be listed; there are none." },
      first: undefined,
    };
  } catch (thrown) {
    const step = failed(name, thrown, signal);
    const closed = step.error?.code === "unsupported";
    return { step: closed ? { ...step, outcome: "warning" } : step, first: undefined };
  }
}

const later = "Whether writing is allowed shows with the first transfer";

/** A token that allows writing is the only proof without a trace; who gives none is not asked to write. */
export async function checkPush(
  context: Pick<CheckContext, "auth" | "host" | "looksWithPush">,
  repository: string | undefined,
  signal: AbortSignal,
): Promise<CheckStep> {
  const name = "push";
  const { auth, host, looksWithPush } = context;
  if (!looksWithPush)
    return { name, outcome: "skipped", text: `${later}: ${host} makes the repository that is asked for.` };
  if (auth.kind !== "bearer") {
    return { name, outcome: "skipped", text: `${later}: ${host} cannot be asked without writing to it.` };
  }
  if (repository === undefined)
    return { name, outcome: "skipped", text: `${later}: it depends on the repository.` };
  try {
    const header = await auth.header([pushScope(repository)], signal);
    const granted = grantedActions(header ?? "", repository);
    if (granted === undefined)
      return { name, outcome: "skipped", text: `${later}: the token of ${host} does not say.` };
    if (granted.includes("push"))
      return { name, outcome: "passed", text: `${repository} may be written to.` };
    return { name, outcome: "warning", text: `${repository} may be read but not written to.` };
  } catch (thrown) {
    const step = failed(name, thrown, signal);
    return { ...step, outcome: "warning" };
  }
}

/** The actions that a JWT grants on a repository; undefined for a token that is none, or says nothing of access. */
function grantedActions(header: string, repository: string): readonly string[] | undefined {
  const payload = /^Bearer [^.]+\.([^.]+)\./.exec(header)?.[1];
  if (payload === undefined) return undefined;
  try {
    // Not verified, because nothing rests on it but a sentence.
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    const access: unknown =
      typeof claims === "object" && claims !== null ? Reflect.get(claims, "access") : undefined;
    if (!Array.isArray(access)) return undefined;
    const mine = access.find(
      (entry: unknown) => isObject(entry) && Reflect.get(entry, "name") === repository,
    );
    const actions: unknown = isObject(mine) ? Reflect.get(mine, "actions") : [];
    return Array.isArray(actions) ? actions.filter((action) => typeof action === "string") : [];
  } catch {
    // An opaque token that only looks like a JWT.
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
