// What the palette offers for a pasted image reference: look at it, open it in a pane, or copy from there.
import { type Endpoint, endpointAddress } from "../../../shared/endpoint.ts";
import { type ImageReference, parseImageReference } from "../../../shared/reference.ts";
import { openDrawer, showScreen } from "../../state/navigation.ts";
import {
  filterTags,
  otherSide,
  type Side,
  showEndpoint,
  showRepository,
  usePanes,
} from "../../state/panes.ts";
import { planTransfer } from "../../state/plan.ts";
import { openRegistryDialog } from "../../state/registry-dialogs.ts";
import { paletteText } from "../../text/commands.ts";
import type { PaletteItem } from "./palette-item.ts";

/** Only what has a host: a bare word is a search. */
export function readReference(text: string): ImageReference | undefined {
  const trimmed = text.trim();
  if (!/^(?:docker:\/\/)?[^\s/]+[.:][^\s]*\/\S+$|^localhost\/\S+$/.test(trimmed)) return undefined;
  try {
    return parseImageReference(trimmed);
  } catch {
    // What cannot be read as a reference is searched for as it is.
    return undefined;
  }
}

/** Docker Hub has several names. */
const hubHosts = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);

function isAt(endpoint: Endpoint, host: string): boolean {
  const address = endpointAddress(endpoint.settings);
  return address === host || (hubHosts.has(address) && hubHosts.has(host));
}

export function referenceItems(
  reference: ImageReference,
  endpoints: readonly Endpoint[],
): readonly PaletteItem[] {
  const endpoint = endpoints.find((candidate) => isAt(candidate, reference.host));
  const group = paletteText.groups.reference;
  if (endpoint === undefined)
    return [
      {
        id: "reference.add",
        title: paletteText.addRegistry(reference.host),
        group,
        run: () =>
          openRegistryDialog({
            kind: "add",
            address: reference.host,
            onAdded: ({ id }) => openInPane("left", id, reference),
          }),
      },
    ];
  const shown = reference.digest ?? reference.tag ?? "latest";
  const image = { endpointId: endpoint.id, repository: reference.repository, reference: shown };
  const open = (side: Side) => (): void => openInPane(side, endpoint.id, reference);
  return [
    { id: "reference.left", title: paletteText.openLeft, group, detail: endpoint.name, run: open("left") },
    { id: "reference.right", title: paletteText.openRight, group, detail: endpoint.name, run: open("right") },
    {
      id: "reference.inspect",
      title: paletteText.inspect,
      group,
      detail: shown,
      run: () => openDrawer({ kind: "inspect", image }),
    },
    {
      id: "reference.copy",
      title: paletteText.copyFrom,
      group,
      detail: `${reference.repository}`,
      run: () => copyFrom(endpoint.id, reference),
    },
  ];
}

export function openInPane(
  side: Side,
  endpointId: string,
  reference?: Pick<ImageReference, "repository" | "tag">,
): void {
  showScreen("transfer");
  showEndpoint(side, endpointId);
  if (reference === undefined) return;
  showRepository(side, reference.repository);
  if (reference.tag !== undefined) filterTags(side, reference.tag);
}

/** Plans a copy of it to the registry in the other pane; the plan shows what would happen before anything does. */
function copyFrom(endpointId: string, reference: ImageReference): void {
  const panes = usePanes.getState();
  const side: Side = panes.right.endpointId === endpointId ? "right" : "left";
  openInPane(side, endpointId, reference);
  const destinationId = usePanes.getState()[otherSide(side)].endpointId;
  if (destinationId === undefined || destinationId === endpointId) return;
  const wanted = reference.digest ?? reference.tag;
  void planTransfer({
    sourceId: endpointId,
    destinationId,
    selection: [
      wanted === undefined
        ? { kind: "repositories", names: [reference.repository], tags: {} }
        : { kind: "image", repository: reference.repository, reference: wanted },
    ],
  });
}
