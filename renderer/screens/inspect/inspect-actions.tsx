// The buttons of the Inspect drawer and its commands: copy digest, reference and pull commands, compare.
import { Copy, ExternalLink, GitCompareArrows } from "lucide-react";
import { endpointAddress } from "../../../shared/endpoint.ts";
import { useCommands } from "../../commands/registry.ts";
import { Button } from "../../components/button.tsx";
import { Menu, type MenuItem } from "../../components/menu.tsx";
import { showError, showToast } from "../../components/toast.tsx";
import { writeText } from "../../state/clipboard.ts";
import { useEndpoint } from "../../state/endpoints.ts";
import { type ImageAt, openDrawer, useNavigation } from "../../state/navigation.ts";
import { copyOwnCommand, inspectCommand } from "../../state/own-commands.ts";
import { commandsText } from "../../text/commands.ts";
import { inspectText, nameOf, pullCommands } from "../../text/inspect.ts";
import { counterpart } from "./counterpart.ts";
import { useImage } from "./read-image.ts";
import { webPage } from "./web-page.ts";

export function InspectActions({ image }: { readonly image: ImageAt }) {
  const open = useNavigation((state) => state.drawer?.kind === "inspect");
  const endpoint = useEndpoint(image.endpointId);
  const digest = useImage(image).data?.root.digest;
  const address = endpoint === undefined ? undefined : endpointAddress(endpoint.settings);
  const reference =
    address === undefined ? undefined : `${address}/${nameOf(image.repository, image.reference)}`;
  const items: readonly MenuItem[] = [
    ...(digest === undefined ? [] : [copyItem("digest", inspectText.copyDigest, digest)]),
    ...(reference === undefined ? [] : [copyItem("reference", inspectText.copyReference, reference)]),
  ];
  const pulls =
    address === undefined || endpoint?.settings.kind !== "registry"
      ? []
      : pullCommands(address, image.repository, image.reference).map(({ tool, command }) =>
          copyItem(tool, inspectText.copyPull(tool), command),
        );
  const own: readonly MenuItem[] =
    endpoint === undefined
      ? []
      : [
          {
            id: "command",
            label: commandsText.copyAsCommand,
            onSelect: () => void copyOwnCommand(() => inspectCommand(image)),
          },
        ];
  const page =
    endpoint?.settings.kind === "registry" ? webPage(endpoint.settings.host, image.repository) : undefined;
  const compare = (): void => openDrawer({ kind: "compare", source: image, destination: counterpart(image) });
  useCommands(
    () =>
      open
        ? {
            ...Object.fromEntries(items.map(({ id, onSelect }) => [`inspect.copy-${id}`, { run: onSelect }])),
            "inspect.compare": { run: compare },
          }
        : {},
    [open, digest, reference],
  );
  return (
    <div className="flex items-center gap-2">
      {page !== undefined && (
        <Button
          size="small"
          variant="quiet"
          icon={<ExternalLink aria-hidden className="size-3.5" />}
          title={page}
          onClick={() => window.open(page, "_blank", "noopener,noreferrer")}
        >
          {inspectText.openWeb}
        </Button>
      )}
      <Menu
        trigger={
          <Button size="small" icon={<Copy aria-hidden className="size-3.5" />}>
            {inspectText.copy}
          </Button>
        }
        groups={[items, pulls, own].filter((group) => group.length > 0)}
      />
      <Button
        size="small"
        icon={<GitCompareArrows aria-hidden className="size-3.5" />}
        title={inspectText.compareWith}
        onClick={compare}
      >
        {inspectText.compare}
      </Button>
    </div>
  );
}

function copyItem(id: string, label: string, text: string): MenuItem {
  return {
    id,
    label,
    hint: text.length > 60 ? `${text.slice(0, 60)}…` : text,
    onSelect: () =>
      void writeText(text).then(
        () => showToast({ title: inspectText.copied(text), tone: "ok" }),
        (thrown: unknown) => showError(label, thrown),
      ),
  };
}
