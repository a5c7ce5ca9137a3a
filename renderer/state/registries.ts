// What the registry screens ask the engine for: trying settings, adding, changing, checking, signing out, removing.
import type { MethodInput, MethodResult } from "../../shared/contract.ts";
import type { CheckStep, CredentialInput, Endpoint, EndpointSettings } from "../../shared/endpoint.ts";
import { toFreightlinerError } from "../../shared/errors.ts";
import { call } from "../api/client.ts";
import { showError, showToast } from "../components/toast.tsx";
import { registriesText } from "../text/registries.ts";
import { chooseRegistry } from "./chosen-registry.ts";
import { forgetEndpoint, rememberEndpoint } from "./endpoints.ts";
import { type CheckState, cancelCheck, runCheck } from "./registry-checks.ts";

export type EndpointInput = MethodInput<"endpoints.add">["settings"];
export type Importable = MethodResult<"endpoints.importable">["found"][number];

interface NewEndpoint {
  readonly settings: EndpointInput;
  readonly name: string;
  readonly credential: CredentialInput | undefined;
  /** Keeps it in the place of secrets; else it is gone with the process. */
  readonly remember?: boolean;
  /** Entered anew for the proxy that the settings name. */
  readonly proxyCredential?: CredentialInput | undefined;
}

/** Goes through the steps of a check for settings that are not saved, under a key of the caller. */
export function tryEndpoint(
  key: string,
  settings: EndpointInput,
  credential: CredentialInput | undefined,
  /** The saved endpoint that these are new settings of. */
  id?: string,
): Promise<void> {
  return runCheck(key, async (attempt, signal): Promise<readonly CheckStep[]> => {
    const params = {
      settings,
      attempt,
      ...(credential === undefined ? {} : { credential }),
      ...(id === undefined ? {} : { id }),
    };
    return (await call("endpoints.try", params, signal)).steps;
  });
}

/** Saves an endpoint and lets the engine check it; the check's outcome comes as an event. */
export async function addEndpoint(input: NewEndpoint): Promise<Endpoint> {
  const { settings, name, credential, remember = true } = input;
  const added = await call("endpoints.add", {
    settings,
    remember,
    ...(name === "" ? {} : { name }),
    ...(credential === undefined ? {} : { credential }),
  });
  rememberEndpoint(added);
  const endpoint = await signInAtProxy(added, input);
  chooseRegistry(endpoint.id);
  void checkEndpoint(endpoint);
  return endpoint;
}

/** Unpacks an archive into a folder of the program's own. */
export async function openArchive(path: string, name: string): Promise<Endpoint> {
  const opened = await call("archives.open", { path });
  const endpoint = name === "" ? opened : await call("endpoints.update", { id: opened.id, name });
  rememberEndpoint(endpoint);
  return endpoint;
}

/** Adds one after the other; what cannot be added is said and the rest goes on. */
export async function importEndpoints(chosen: readonly Importable[]): Promise<readonly Endpoint[]> {
  const added: Endpoint[] = [];
  for (const { address } of chosen) {
    try {
      const settings = { kind: "registry", host: address } as const;
      added.push(await addEndpoint({ settings, name: "", credential: undefined }));
    } catch (thrown) {
      showError(registriesText.import.add(address), thrown);
    }
  }
  return added;
}

/** Checks a saved endpoint again, step by step; what was found is shown at the endpoint itself. */
export async function checkEndpoint({ id }: Pick<Endpoint, "id">): Promise<void> {
  await runCheck(id, async (attempt, signal) => {
    const endpoint = await call("endpoints.check", { id, attempt }, signal);
    rememberEndpoint(endpoint);
    return endpoint.health.steps;
  });
}

/** Finds out what it can do; the report stands at the endpoint. @throws FreightlinerError as the engine sent it. */
export async function probeEndpoint(
  { id }: Pick<Endpoint, "id">,
  options: { readonly repository?: string; readonly write: boolean },
  signal: AbortSignal,
): Promise<void> {
  rememberEndpoint(await call("endpoints.probe", { id, ...options }, signal));
}

export function stopCheck({ id }: Pick<Endpoint, "id">): void {
  cancelCheck(id);
}

export function isChecking(check: CheckState | undefined): boolean {
  return check?.state === "running";
}

/** After the settings, which name the proxy; a kept sign-in that the new ones leave out is forgotten. */
async function signInAtProxy(
  endpoint: Endpoint,
  { settings, proxyCredential, remember = true }: NewEndpoint,
  before?: EndpointSettings,
): Promise<Endpoint> {
  const kept = before?.kind === "registry" && before.proxySignIn === true;
  const dropped = kept && settings.kind === "registry" && settings.proxySignIn !== true;
  if (proxyCredential === undefined && !dropped) return endpoint;
  const credential = proxyCredential ?? null;
  const changed = await call("endpoints.signInProxy", { id: endpoint.id, credential, remember });
  rememberEndpoint(changed);
  return changed;
}

/** Changes its settings; new sign-ins go with them. */
export async function changeEndpoint(endpoint: Endpoint, input: NewEndpoint): Promise<void> {
  const { settings, name, credential, remember = true } = input;
  const changed = await call("endpoints.update", {
    id: endpoint.id,
    settings,
    ...(name === "" ? {} : { name }),
  });
  rememberEndpoint(changed);
  await signInAtProxy(changed, input, endpoint.settings);
  if (credential !== undefined)
    rememberEndpoint(await call("endpoints.signIn", { id: endpoint.id, credential, remember }));
  void checkEndpoint(endpoint);
}

export async function renameEndpoint(endpoint: Endpoint, name: string): Promise<void> {
  try {
    rememberEndpoint(await call("endpoints.update", { id: endpoint.id, name }));
  } catch (thrown) {
    showError(registriesText.renameButton, thrown);
  }
}

export async function setReadOnly(endpoint: Endpoint, readOnly: boolean): Promise<void> {
  try {
    const settings = { ...endpoint.settings, readOnly };
    rememberEndpoint(await call("endpoints.update", { id: endpoint.id, settings }));
    // Changed settings make its health unknown, and a dot without an answer tells nothing.
    void checkEndpoint(endpoint);
  } catch (thrown) {
    showError(registriesText.readOnly, thrown);
  }
}

export async function forgetSignIn(endpoint: Endpoint): Promise<void> {
  try {
    rememberEndpoint(await call("endpoints.signIn", { id: endpoint.id, credential: null }));
    await checkEndpoint(endpoint);
  } catch (thrown) {
    showError(registriesText.forget, thrown);
  }
}

export async function removeEndpoint(endpoint: Endpoint): Promise<void> {
  try {
    await call("endpoints.remove", { id: endpoint.id });
    forgetEndpoint(endpoint.id);
    showToast({ title: registriesText.removed(endpoint.name) });
  } catch (thrown) {
    const error = toFreightlinerError(thrown, "endpoints.remove");
    if (error.code !== "busy") showError(registriesText.removeButton(endpoint.name), error);
    else
      showToast({
        title: registriesText.notRemoved(endpoint.name),
        text: registriesText.inUse,
        tone: "bad",
      });
  }
}

/** True where images and passwords travel unencrypted because the person said so. */
export function isPlainHttp(settings: EndpointSettings): boolean {
  return settings.kind === "registry" && settings.plainHttp === "always";
}
