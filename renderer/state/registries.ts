// What the registry screens ask the engine for: trying settings, adding, checking, renaming, signing out, removing.

import type { MethodInput, MethodResult } from "../../shared/contract.ts";
import type { CredentialInput, Endpoint, EndpointSettings } from "../../shared/endpoint.ts";
import { toFreightlinerError } from "../../shared/errors.ts";
import { call } from "../api/client.ts";
import { showError, showToast } from "../components/toast.tsx";
import { registriesText } from "../text/registries.ts";
import { forgetEndpoint, rememberEndpoint } from "./endpoints.ts";

export type EndpointInput = MethodInput<"endpoints.add">["settings"];

/** Goes through the steps of a check for settings that are not saved. */
export function tryEndpoint(
  settings: EndpointInput,
  credential: CredentialInput | undefined,
  signal: AbortSignal,
): Promise<MethodResult<"endpoints.try">> {
  return call("endpoints.try", { settings, ...(credential === undefined ? {} : { credential }) }, signal);
}

/** Saves an endpoint and lets the engine check it; the check's outcome comes as an event. */
export async function addEndpoint(input: {
  readonly settings: EndpointInput;
  readonly name: string;
  readonly credential: CredentialInput | undefined;
}): Promise<Endpoint> {
  const endpoint = await call("endpoints.add", {
    settings: input.settings,
    ...(input.name === "" ? {} : { name: input.name }),
    ...(input.credential === undefined ? {} : { credential: input.credential }),
  });
  rememberEndpoint(endpoint);
  void checkEndpoint(endpoint);
  return endpoint;
}

/** Checks a saved endpoint again; what was found is shown at the endpoint itself. */
export async function checkEndpoint(endpoint: Pick<Endpoint, "id">): Promise<void> {
  try {
    rememberEndpoint(await call("endpoints.check", { id: endpoint.id }));
  } catch (thrown) {
    showError(registriesText.checkAgain, thrown);
  }
}

export async function renameEndpoint(endpoint: Endpoint, name: string): Promise<void> {
  try {
    rememberEndpoint(await call("endpoints.update", { id: endpoint.id, name }));
  } catch (thrown) {
    showError(registriesText.renameButton, thrown);
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
  } catch (thrown) {
    const error = toFreightlinerError(thrown, "endpoints.remove");
    if (error.code !== "busy") showError(registriesText.removeButton, error);
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
