// Going to a reference that somebody typed, pasted or linked: at which known registry it lies, and showing it there.
import { create } from "zustand";
import { isDigest } from "../../shared/digest.ts";
import { type Endpoint, endpointAddress } from "../../shared/endpoint.ts";
import { isHost, isRepositoryName, parseImageReference } from "../../shared/reference.ts";
import { useEndpoints } from "./endpoints.ts";
import { type Side, showEndpoint, showRepository, updatePane, usePanes } from "./panes.ts";
import { selectOnly } from "./selection.ts";

export interface Spot {
  readonly repository: string | undefined;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}
export type Found =
  | ({ readonly kind: "known"; readonly endpointId: string } & Spot)
  /** A registry that is not among the saved ones. */
  | ({ readonly kind: "unknown"; readonly host: string } & Spot)
  | { readonly kind: "none" };

const hubNames: ReadonlySet<string> = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);

/** One name for each registry, however it is written. */
function normalised(host: string): string {
  const lower = host.toLowerCase();
  return hubNames.has(lower) ? "docker.io" : lower;
}

/** Reads `registry[/repository[:tag][@digest]]`; the address of a saved registry or folder may stand before it as it is. */
export function findReference(input: string, endpoints: readonly Endpoint[]): Found {
  const text = input
    .trim()
    .replace(/^(?:docker:\/\/|https?:\/\/)/, "")
    .replace(/\/$/, "");
  if (text === "" || /\s/.test(text) || text.length > 1024) return { kind: "none" };
  const known = byAddress(text, endpoints);
  if (known !== undefined) return known;
  const first = text.split("/")[0] ?? "";
  if (!text.includes("/")) {
    return isHost(first) && /[.:]|^localhost$/.test(first) && !/^[^:]+:(?!\d+$)/.test(first)
      ? { kind: "unknown", host: first, ...nowhere }
      : { kind: "none" };
  }
  // Without a host it might be anything; only what names its registry is followed.
  if (!/[.:]|^localhost$/.test(first)) return { kind: "none" };
  try {
    const { host, repository, tag, digest } = parseImageReference(text);
    const at = endpoints.find(
      ({ settings }) => settings.kind === "registry" && normalised(settings.host) === normalised(host),
    );
    const spot = { repository, tag, digest };
    return at === undefined
      ? { kind: "unknown", host, ...spot }
      : { kind: "known", endpointId: at.id, ...spot };
  } catch {
    // Any other text: not a reference.
    return { kind: "none" };
  }
}

const nowhere: Spot = { repository: undefined, tag: undefined, digest: undefined };

/** The address that is the longest beginning of the text, so that one folder may lie in another. */
function byAddress(text: string, endpoints: readonly Endpoint[]): Found | undefined {
  const matching = endpoints
    .map((endpoint) => ({ id: endpoint.id, address: endpointAddress(endpoint.settings).replace(/\/$/, "") }))
    .filter(({ address }) => text === address || text.startsWith(`${address}/`))
    .sort((one, other) => other.address.length - one.address.length)[0];
  if (matching === undefined) return undefined;
  const rest = text.slice(matching.address.length + 1);
  const spot = rest === "" ? nowhere : readSpot(rest);
  return spot === undefined ? undefined : { kind: "known", endpointId: matching.id, ...spot };
}

/** `repository[:tag][@digest]`. */
export function readSpot(text: string): Spot | undefined {
  const [name = "", digest] = text.split("@");
  const colon = name.lastIndexOf(":");
  const repository = colon < 0 ? name : name.slice(0, colon);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  if (!isRepositoryName(repository) || (digest !== undefined && !isDigest(digest))) return undefined;
  return { repository, tag, digest };
}

/** What waits for a registry to be added; the dialog of it asks first. */
export const useUnknownRegistry = create<{
  readonly host: string | undefined;
  readonly onAdded: (endpoint: Endpoint) => void;
}>(() => ({ host: undefined, onAdded: () => undefined }));

export function askToAdd(host: string, onAdded: (endpoint: Endpoint) => void): void {
  useUnknownRegistry.setState({ host, onAdded });
}

/** Shows a spot of a saved registry in a pane; its tag is selected and the filter shows it. */
export function showSpot(side: Side, endpointId: string, { repository, tag }: Spot): void {
  showEndpoint(side, endpointId);
  if (repository === undefined) return;
  const { typed } = usePanes.getState()[side];
  if (!typed.includes(repository)) updatePane(side, { typed: [...typed, repository].slice(-500) });
  showRepository(side, repository);
  if (tag !== undefined)
    updatePane(side, {
      tagFilter: tag,
      selection: selectOnly([tag]),
      source: "tags",
      tagFocus: 0,
      anchor: 0,
    });
}

/** Follows a reference; false where the text is none. Nothing is added without being asked for. */
export function jumpTo(side: Side, text: string): boolean {
  const found = findReference(text, useEndpoints.getState().endpoints);
  switch (found.kind) {
    case "none":
      return false;
    case "known":
      showSpot(side, found.endpointId, found);
      return true;
    case "unknown":
      askToAdd(found.host, (endpoint) => showSpot(side, endpoint.id, found));
      return true;
  }
}
