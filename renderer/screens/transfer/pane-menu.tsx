// The context menu of a pane: made when it opens, from what is selected then.
import {
  ArrowLeft,
  ArrowRight,
  ClipboardPaste,
  Columns2,
  Copy,
  ExternalLink,
  Fingerprint,
  Forward,
  GitCompareArrows,
  Link,
  type LucideIcon,
  Pin,
  PinOff,
  RefreshCw,
  ScanSearch,
  SquareTerminal,
  Trash2,
} from "lucide-react";
import { displayKeys, isMac } from "../../commands/keys.ts";
import { runCommand, useCommandRegistry } from "../../commands/registry.ts";
import { keysFor } from "../../commands/shortcuts.ts";
import type { MenuGroups, MenuItem } from "../../components/menu.tsx";
import { useClipboard } from "../../state/clipboard.ts";
import { otherSide, type Side, showRepository, usePanes } from "../../state/panes.ts";
import { isFavourite, pinnedPlaces, placeOf, toggleFavourite } from "../../state/places.ts";
import { settingNow } from "../../state/settings.ts";
import { placesText } from "../../text/places.ts";
import { transferText } from "../../text/transfer.ts";
import { dropAt, paneSource, paste, webPageOf } from "./commands.ts";
import type { Target } from "./drop-spec.ts";
import { knownRepositories } from "./repositories.ts";

const icon = "size-4";

/** A command as an item, with the keys that it has now. */
function command(id: string, Icon: LucideIcon, danger = false): readonly MenuItem[] {
  const found = useCommandRegistry.getState().commands.get(id);
  if (found === undefined) return [];
  const keys = displayKeys(keysFor(found, settingNow("shortcuts")), isMac());
  return [
    {
      id,
      label: found.title,
      icon: <Icon aria-hidden className={icon} />,
      ...(keys === "" ? {} : { shortcut: keys }),
      disabled: found.isEnabled?.() === false,
      danger,
      onSelect: () => void runCommand(id),
    },
  ];
}

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
    payload === undefined || endpointId === undefined ? undefined : dropAt(payload, { endpointId, place });
  const label = transferText.commands.paste;
  return {
    id: "paste",
    label: drop?.allowed === true ? `${label}: ${drop.where}` : label,
    icon: <ClipboardPaste aria-hidden className={icon} />,
    shortcut: displayKeys("Mod+V", isMac()),
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

/** Pins what the menu was opened on: a repository of the tree, else the place that the pane shows. */
function pinItem(side: Side): readonly MenuItem[] {
  const payload = paneSource(side);
  const place =
    payload?.kind === "repository"
      ? { endpointId: payload.endpointId, repository: payload.repository }
      : placeOf(side);
  if (place === undefined) return [];
  const pinned = isFavourite(place, pinnedPlaces());
  const Icon = pinned ? PinOff : Pin;
  return [
    {
      id: "pin",
      label: pinned ? placesText.unpin : placesText.pin,
      icon: <Icon aria-hidden className={icon} />,
      onSelect: () => toggleFavourite(place),
    },
  ];
}

export function paneMenu(side: Side): MenuGroups {
  const Arrow = otherSide(side) === "left" ? ArrowLeft : ArrowRight;
  const ofTags = usePanes.getState()[side].source === "tags";
  const groups: MenuGroups = [
    [...command("panes.copyToOther", Arrow), ...command("panes.copyTo", Forward), ...showInOther(side)],
    ofTags ? [...command("panes.inspect", ScanSearch), ...command("panes.compareTag", GitCompareArrows)] : [],
    [...command("panes.copy", Copy), pasteItem(side)],
    [
      ...command("panes.copyReference", Link),
      ...command("panes.copyDigest", Fingerprint),
      ...(ofTags
        ? [...command("panes.copyPull", SquareTerminal), ...command("panes.copySkopeo", SquareTerminal)]
        : []),
    ],
    [
      ...(webPageOf(side) === undefined ? [] : command("panes.web", ExternalLink)),
      ...pinItem(side),
      ...command("panes.refresh", RefreshCw),
    ],
    ofTags ? command("panes.delete", Trash2, true) : [],
  ];
  return groups.filter((group) => group.length > 0);
}
