// The context menu of a pane: made when it opens, from what is selected then.
import {
  ArrowLeft,
  ArrowRight,
  ClipboardPaste,
  Columns2,
  Copy,
  Fingerprint,
  Link,
  RefreshCw,
} from "lucide-react";
import type { MenuGroups, MenuItem } from "../../components/menu.tsx";
import { showError } from "../../components/toast.tsx";
import { useClipboard } from "../../state/clipboard.ts";
import { otherSide, type Side, showRepository, usePanes } from "../../state/panes.ts";
import { transferText } from "../../text/transfer.ts";
import {
  copyDigest,
  copyReference,
  copyToClipboard,
  copyToOther,
  paneSource,
  paste,
  refreshPane,
  selectedDigest,
} from "./commands.ts";
import { dropOf, type Target } from "./drop-spec.ts";
import { knownRepositories } from "./repositories.ts";

const mac = navigator.platform.startsWith("Mac");
const ctrl = (key: string): string => (mac ? `⌘${key}` : `Ctrl+${key}`);
const icon = "size-4";

/** Where a paste from the menu lands: on the row that it was opened on. */
function pastePlace(side: Side): Target["place"] {
  const pane = usePanes.getState()[side];
  const payload = paneSource(side);
  if (pane.source !== "tree" || payload === undefined) return { kind: "registry" };
  if (payload.kind === "repository") return { kind: "repository", repository: payload.repository };
  return payload.kind === "folder" ? { kind: "folder", path: payload.path } : { kind: "registry" };
}

function pasteItem(side: Side): MenuItem {
  const { payload } = useClipboard.getState();
  const { endpointId } = usePanes.getState()[side];
  const place = pastePlace(side);
  const drop =
    payload === undefined || endpointId === undefined ? undefined : dropOf(payload, { endpointId, place });
  const label = transferText.commands.paste;
  return {
    id: "paste",
    label: drop?.allowed === true ? `${label}: ${drop.where}` : label,
    icon: <ClipboardPaste aria-hidden className={icon} />,
    shortcut: ctrl("V"),
    disabled: drop?.allowed !== true,
    onSelect: () => paste(side, place),
  };
}

/** The same repository beside this one, where the other registry has it. */
function showInOther(side: Side): readonly MenuItem[] {
  const panes = usePanes.getState();
  const to = otherSide(side);
  const payload = paneSource(side);
  const repository =
    payload?.kind === "tags" || payload?.kind === "repository" ? payload.repository : undefined;
  const otherId = panes[to].endpointId;
  if (repository === undefined || otherId === undefined || otherId === panes[side].endpointId) return [];
  if (knownRepositories(otherId)?.names.includes(repository) !== true) return [];
  return [
    {
      id: "show-in-other",
      label: transferText.commands.useSame,
      icon: <Columns2 aria-hidden className={icon} />,
      onSelect: () => showRepository(to, repository),
    },
  ];
}

export function paneMenu(side: Side): MenuGroups {
  const text = transferText.commands;
  const nothing = paneSource(side) === undefined;
  const Arrow = otherSide(side) === "left" ? ArrowLeft : ArrowRight;
  return [
    [
      {
        id: "copy-to-other",
        label: text.copyToOther,
        icon: <Arrow aria-hidden className={icon} />,
        shortcut: "F5",
        disabled: nothing,
        onSelect: () => copyToOther(side),
      },
      ...showInOther(side),
    ],
    [
      {
        id: "copy",
        label: text.copy,
        icon: <Copy aria-hidden className={icon} />,
        shortcut: ctrl("C"),
        disabled: nothing,
        onSelect: () => copyToClipboard(side),
      },
      pasteItem(side),
    ],
    [
      {
        id: "reference",
        label: text.copyReference,
        icon: <Link aria-hidden className={icon} />,
        disabled: nothing,
        onSelect: () => copyReference(side),
      },
      {
        id: "digest",
        label: text.copyDigest,
        icon: <Fingerprint aria-hidden className={icon} />,
        disabled: selectedDigest(side) === undefined,
        onSelect: () => copyDigest(side),
      },
    ],
    [
      {
        id: "refresh",
        label: text.refresh,
        icon: <RefreshCw aria-hidden className={icon} />,
        onSelect: () => {
          refreshPane(side).catch((thrown: unknown) => showError(text.refresh, thrown));
        },
      },
    ],
  ];
}
