// The contract's endpoint methods: add, change, sign in, check, remove.
import type { Api } from "../../../shared/contract.ts";
import type {
  CheckStep,
  CredentialInput,
  Endpoint,
  EndpointHealth,
  EndpointSettings,
  RegistrySettings,
} from "../../../shared/endpoint.ts";
import { endpointAddress } from "../../../shared/endpoint.ts";
import { FreightlinerError, toFreightlinerError } from "../../../shared/errors.ts";
import { isHost } from "../../../shared/reference.ts";
import type { CredentialProvider } from "../../engine/credential.ts";
import type { StoredEndpoint } from "../../store/store.ts";
import type { CallContext } from "../dispatch.ts";
import { newEndpointId } from "../endpoint-id.ts";
import { credentialOwner } from "../endpoint-pool.ts";
import type { Services } from "../services.ts";

type EndpointMethods = Pick<
  Api<CallContext>,
  | "endpoints.list"
  | "endpoints.add"
  | "endpoints.update"
  | "endpoints.signIn"
  | "endpoints.signInChanged"
  | "endpoints.remove"
  | "endpoints.check"
  | "endpoints.try"
  | "endpoints.importable"
>;

const unknownHealth: EndpointHealth = { state: "unknown", checkedAt: null, steps: [] };

function assertSettings(settings: EndpointSettings): void {
  const message = settings.kind === "registry" ? problemWith(settings) : undefined;
  if (message !== undefined)
    throw new FreightlinerError({ code: "usage", operation: "add-endpoint", message });
}

/** Settings lie in the database in clear, and are shown: a password is none of them, and no message repeats one. */
function problemWith({ host, apiUrl, proxy }: RegistrySettings): string | undefined {
  if (!isHost(host))
    return `"${host}" is not a registry's address; expected host or host:port, such as registry.example.com or localhost:5000.`;
  if (holdsUser(apiUrl))
    return "The address of the API holds a user name or password; the registry's own sign-in is used.";
  return holdsUser(proxy)
    ? "The proxy's address holds a user name or password; these belong into the proxy's sign-in."
    : undefined;
}

function holdsUser(address: string | undefined): boolean {
  if (address === undefined || !URL.canParse(address)) return false;
  const { username, password } = new URL(address);
  return username !== "" || password !== "";
}

function limitsText(settings: EndpointSettings): string {
  if (settings.kind !== "registry") return "";
  const { connections, adaptive, bandwidth } = settings;
  return JSON.stringify([connections, adaptive, bandwidth]);
}

/** What a list of check steps says about an endpoint as a whole. */
export function healthOf(steps: readonly CheckStep[], now: number): EndpointHealth {
  const failed = steps.find((step) => step.outcome === "failed");
  const needsSignIn = failed?.error?.code === "unauthorized" || failed?.name === "sign-in";
  return {
    state: failed === undefined ? "ok" : needsSignIn ? "needs-sign-in" : "failing",
    checkedAt: now,
    steps: [...steps],
  };
}

export function endpointMethods(services: Services): EndpointMethods {
  const { store, pool, hub, credentials, listings, clock, limitsOfHosts, log, signedIn, signInsElsewhere } =
    services;
  const publish = (stored: StoredEndpoint): Endpoint => {
    const endpoint = pool.describe(stored);
    hub.emit("endpoint.changed", endpoint);
    return endpoint;
  };
  /** @throws FreightlinerError `locked`, `io` or `store` where it cannot be saved; then nothing has changed. */
  const keep = async (
    { id, settings, temporary }: StoredEndpoint,
    credential: CredentialInput,
    remember: boolean,
    signal: AbortSignal,
  ): Promise<void> => {
    const owner = credentialOwner(id, settings);
    if (owner === undefined)
      throw new FreightlinerError({
        code: "usage",
        operation: "sign-in",
        message: "A folder asks for no sign-in.",
      });
    // What is gone with the command leaves nothing behind.
    if (remember && !temporary) await credentials.save(owner, credential, signal);
    else credentials.enter(owner, credential);
  };
  const teller = (attempt: string | undefined) => (step: CheckStep) => {
    if (attempt !== undefined) hub.emit("check.step", { attempt, step });
  };

  return {
    "endpoints.importable": async () => services.importable.list(),

    "endpoints.list": async ({ includeTemporary }) => ({
      endpoints: store.endpoints
        .list()
        .filter((stored) => includeTemporary || !stored.temporary)
        .map((stored) => pool.describe(stored)),
    }),

    "endpoints.add": async ({ name, settings, credential, remember, temporary }, { signal }) => {
      assertSettings(settings);
      const same = store.endpoints
        .list()
        .find((stored) => stored.temporary && JSON.stringify(stored.settings) === JSON.stringify(settings));
      if (same !== undefined && temporary) {
        if (credential !== undefined) await keep(same, credential, false, signal);
        return pool.describe(same);
      }
      const stored: StoredEndpoint = {
        id: newEndpointId(),
        name: name ?? endpointAddress(settings),
        settings,
        sample: false,
        temporary,
        username: credential?.username ?? null,
        health: unknownHealth,
        capabilities: null,
      };
      if (credential !== undefined) await keep(stored, credential, remember, signal);
      try {
        store.endpoints.insert(stored);
      } catch (thrown) {
        // What belongs to nothing would lie there for ever.
        await credentials.forget(stored.id, signal);
        throw thrown;
      }
      return publish(stored);
    },

    "endpoints.update": async ({ id, name, settings }) => {
      const before = store.endpoints.get(id);
      if (settings !== undefined) assertSettings(settings);
      const stored = {
        ...before,
        name: name ?? before.name,
        settings: settings ?? before.settings,
        capabilities:
          settings === undefined || isSameRegistry(before.settings, settings) ? before.capabilities : null,
      };
      store.endpoints.update(settings === undefined ? stored : { ...stored, health: unknownHealth });
      if (settings !== undefined) {
        // What was set by hand while it was worked with gives way to what is set here, and to nothing else that is.
        if (settings.kind === "registry" && limitsText(before.settings) !== limitsText(settings))
          limitsOfHosts.forget(settings.host);
        // Another place was chosen for its credential: what is only in memory would stand in its way until the end.
        if (credentialPlace(before.settings) !== credentialPlace(settings)) credentials.forgetEntered(id);
        pool.retire(id);
        listings.forget(id);
      }
      return publish(store.endpoints.get(id));
    },

    "endpoints.signIn": async ({ id, credential, remember }, { signal }) => {
      const stored = store.endpoints.get(id);
      if (credential === null) {
        await credentials.forget(id, signal);
        pool.forgetPasswords();
      } else await keep(stored, credential, remember, signal);
      // New work signs in anew at once; what runs asks again when its old sign-in is refused.
      pool.retire(id);
      // What is for this process alone does not take the place of the name that is saved.
      const passing = credential !== null && !remember && stored.username !== null && !stored.temporary;
      const username = passing ? stored.username : (credential?.username ?? null);
      // What was found out was found for whoever was signed in then.
      store.endpoints.update({ ...stored, username, health: unknownHealth, capabilities: null });
      log.info(
        { audit: "credentials", endpointId: id, username, saved: remember && credential !== null },
        credential === null ? "a sign-in was forgotten" : "a sign-in was entered",
      );
      listings.forget(id);
      // What is for this process alone is no news for others.
      if (credential === null || (remember && !stored.temporary)) signInsElsewhere.tell(id);
      const published = publish(store.endpoints.get(id));
      if (credential !== null) signedIn.changed(id);
      return published;
    },

    "endpoints.signInChanged": async ({ id }) => {
      // Whose it is now is not known; what was found out was found for whoever it was.
      store.endpoints.update({ ...store.endpoints.get(id), health: unknownHealth, capabilities: null });
      signInsElsewhere.changedOutside(id);
      log.info({ audit: "credentials", endpointId: id }, "a sign-in was changed outside");
      return pool.describe(store.endpoints.get(id));
    },

    "endpoints.remove": async ({ id }) => {
      const { name } = store.endpoints.get(id);
      store.endpoints.remove(id);
      listings.forget(id);
      hub.emit("endpoint.removed", { id });
      await pool.discard(id);
      await forgetAll(services, id, name);
      return {};
    },

    "endpoints.check": async ({ id, attempt, repository }, { signal }) => {
      const endpoint = await pool.get(id);
      const steps = await endpoint.check(signal, { onStep: teller(attempt), repository });
      store.endpoints.update({ ...store.endpoints.get(id), health: healthOf(steps, clock.now()) });
      return publish(store.endpoints.get(id));
    },

    "endpoints.try": async ({ settings, credential, id, attempt, repository }, { signal }) => {
      assertSettings(settings);
      const saved = id === undefined ? undefined : store.endpoints.get(id);
      const endpoint = await pool.openUnsaved(
        settings,
        credentialsToTry(services, settings, credential, saved),
        false,
        { id: saved?.id },
      );
      try {
        return { steps: await endpoint.check(signal, { onStep: teller(attempt), repository }) };
      } finally {
        await endpoint.close();
      }
    },
  };
}

/** Milliseconds; a vault's file may be another process's for a moment. */
const forgetMs = 30_000;

/**
 * What was kept for a registry that is gone. It is finished though whoever asked has left meanwhile: nobody would look for it
 * there any more.
 */
async function forgetAll(
  { credentials, proxySignIns, pool }: Services,
  id: string,
  name: string,
): Promise<void> {
  const signal = AbortSignal.timeout(forgetMs);
  pool.forgetPasswords();
  credentials.forgetEntered(id);
  try {
    await credentials.forget(id, signal);
    await proxySignIns.forget(id, signal);
  } catch (thrown) {
    const { code, message } = toFreightlinerError(thrown, "remove-endpoint");
    throw new FreightlinerError({
      code,
      operation: "remove-endpoint",
      message: `"${name}" was removed, but its saved password was not: ${message}`,
      cause: thrown,
    });
  }
}

/** Where what a probe found still holds. */
function isSameRegistry(before: EndpointSettings, after: EndpointSettings): boolean {
  if (before.kind !== "registry" || after.kind !== "registry") return false;
  const place = ({ host, provider, apiUrl, anonymous, credential }: typeof before): string =>
    JSON.stringify([host, provider, apiUrl, anonymous === true, credential]);
  return place(before) === place(after);
}

/** What was typed in, else what the saved endpoint there has, else what this machine knows of the host. */
function credentialsToTry(
  { pool }: Services,
  settings: EndpointSettings,
  credential: CredentialInput | undefined,
  saved: StoredEndpoint | undefined,
): CredentialProvider {
  if (credential !== undefined) return { get: async () => ({ kind: "password", ...credential }) };
  // A password is never sent to another address than the one that it was entered for.
  const same =
    saved?.settings.kind === "registry" &&
    settings.kind === "registry" &&
    saved.settings.host === settings.host;
  return pool.credentialsOf(same ? saved.id : "unsaved", settings);
}

/** What decides where a registry's credential is looked for. */
function credentialPlace(settings: EndpointSettings): string {
  return settings.kind === "registry" ? (settings.credential?.from ?? "automatic") : "";
}
