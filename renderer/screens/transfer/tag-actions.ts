// What can be done with one tag beside copying it: look into it, compare it, see it on the web, write its commands.
import { imageWord, shellWord } from "../../../shared/command-words.ts";
import type { Endpoint } from "../../../shared/endpoint.ts";
import { showToast } from "../../components/toast.tsx";
import { useEndpoints } from "../../state/endpoints.ts";
import { type ImageAt, openDrawer } from "../../state/navigation.ts";
import { otherSide, type Side, usePanes } from "../../state/panes.ts";
import { transferText } from "../../text/transfer.ts";

export function endpointOf(id: string | undefined): Endpoint | undefined {
  return useEndpoints.getState().endpoints.find((endpoint) => endpoint.id === id);
}

/** The tag that a command about one image means: the one that is selected, else the one with the focus in the grid. */
export function oneTag(side: Side): ImageAt | undefined {
  const { endpointId, repository, selection } = usePanes.getState()[side];
  if (endpointId === undefined || repository === undefined) return undefined;
  if (selection.mode !== "set" || selection.ids.size !== 1) return undefined;
  const [reference = ""] = selection.ids;
  return { endpointId, repository, reference };
}

export function inspectTag(side: Side, tag: string): void {
  const { endpointId, repository } = usePanes.getState()[side];
  if (endpointId === undefined || repository === undefined) return;
  openDrawer({ kind: "inspect", image: { endpointId, repository, reference: tag } });
}

export function inspectSelected(side: Side): void {
  const image = oneTag(side);
  if (image === undefined) showToast({ title: transferText.oneTagOnly });
  else openDrawer({ kind: "inspect", image });
}

/** The same tag in the other pane's registry: in its repository, where it shows one. */
export function counterpart(side: Side, image: ImageAt): ImageAt | undefined {
  const other = usePanes.getState()[otherSide(side)];
  if (other.endpointId === undefined) return undefined;
  const repository =
    other.endpointId === image.endpointId ? (other.repository ?? image.repository) : image.repository;
  return { endpointId: other.endpointId, repository, reference: image.reference };
}

export function compareSelected(side: Side): void {
  const source = oneTag(side);
  const destination = source === undefined ? undefined : counterpart(side, source);
  if (source === undefined) showToast({ title: transferText.oneTagOnly });
  else if (destination === undefined) showToast({ title: transferText.drop.noTarget });
  else openDrawer({ kind: "compare", source, destination });
}

/** The page of a repository at registries whose addresses are known. */
export function webPage(endpoint: Endpoint | undefined, repository: string): string | undefined {
  if (endpoint === undefined || endpoint.settings.kind !== "registry") return undefined;
  const path = repository.split("/").map(encodeURIComponent).join("/");
  switch (endpoint.settings.host.toLowerCase()) {
    case "docker.io":
    case "index.docker.io":
    case "registry-1.docker.io":
      return path.startsWith("library/")
        ? `https://hub.docker.com/_/${path.slice("library/".length)}`
        : `https://hub.docker.com/r/${path}/tags`;
    case "ghcr.io":
      return `https://ghcr.io/${path}`;
    case "quay.io":
      return `https://quay.io/repository/${path}?tab=tags`;
    case "registry.gitlab.com":
      return `https://gitlab.com/${path.split("/").slice(0, 2).join("/")}/container_registry`;
    default:
      return undefined;
  }
}

/** Follows a link as a click on it would: in a tab of its own that knows nothing of this window. */
export function openWebPage(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.click();
}

/** `host/repository:tag` as other tools take it; a layout's for skopeo alone. */
export function commandLine(tool: "docker" | "skopeo", image: ImageAt): string | undefined {
  const endpoint = endpointOf(image.endpointId);
  if (endpoint === undefined) return undefined;
  const { settings } = endpoint;
  const word = shellWord(imageWord(settings, image.repository, image.reference));
  if (settings.kind !== "registry") return tool === "docker" ? undefined : `skopeo inspect ${word}`;
  if (tool === "docker") return `docker pull ${word}`;
  const tls = settings.plainHttp === "always" ? " --tls-verify=false" : "";
  return `skopeo inspect${tls} docker://${word}`;
}
