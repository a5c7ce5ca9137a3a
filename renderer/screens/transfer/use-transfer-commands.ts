// The commands of the Transfer screen, for keys, palette and native menus; they act on the pane that has the focus.
import { useCommands } from "../../commands/registry.ts";
import { showError } from "../../components/toast.tsx";
import {
  mirrorPath,
  otherSide,
  type Side,
  setCompare,
  swapPanes,
  updatePane,
  usePanes,
} from "../../state/panes.ts";
import { placeOf, toggleFavourite } from "../../state/places.ts";
import { everythingSelected, inverted, nothingSelected } from "../../state/selection.ts";
import { closeTab, newTab, reopenTab, stepTab, swapTabs, useTabs } from "../../state/tabs.ts";
import { placesText } from "../../text/places.ts";
import { transferText } from "../../text/transfer.ts";
import {
  askToDelete,
  copyCommandLine,
  copyDigest,
  copyReference,
  copyToAny,
  copyToClipboard,
  copyToOther,
  paneSource,
  refreshPane,
  selectedDigest,
  selectMissing,
  showOnWeb,
  webPageOf,
} from "./commands.ts";
import { openTransferDialog } from "./dialogs/open.ts";
import { focusFilter, focusPane, isInPane } from "./focus.ts";
import { editPath } from "./path/breadcrumb.tsx";
import { compareSelected, inspectSelected, oneTag } from "./tag-actions.ts";

const side = (): Side => usePanes.getState().active;
const hasSource = (): boolean => paneSource(side()) !== undefined;
const hasTag = (): boolean => oneTag(side()) !== undefined;
const hasTags = (): boolean => usePanes.getState()[side()].repository !== undefined;

export function useTransferCommands(): void {
  useCommands(() => [...copying(), ...looking(), ...selecting(), ...going()], []);
}

function copying() {
  const text = transferText.commands;
  const { group } = text;
  return [
    {
      id: "panes.copyToOther",
      title: text.copyToOther,
      group,
      keys: "F5",
      isEnabled: hasSource,
      run: () => copyToOther(side()),
    },
    {
      id: "panes.copyTo",
      title: text.copyToAny,
      group,
      keys: "Shift+F5",
      isEnabled: hasSource,
      run: () => copyToAny(side()),
    },
    // Text that is selected somewhere is copied as text.
    {
      id: "panes.copy",
      title: text.copy,
      group,
      keys: "Mod+C",
      isEnabled: () => isInPane() && (window.getSelection()?.isCollapsed ?? true) && hasSource(),
      run: () => copyToClipboard(side()),
    },
    {
      id: "panes.copyReference",
      title: text.copyReference,
      group,
      keys: "Mod+Shift+C",
      isEnabled: hasSource,
      run: () => copyReference(side()),
    },
    {
      id: "panes.copyDigest",
      title: text.copyDigest,
      group,
      isEnabled: () => selectedDigest(side()) !== undefined,
      run: () => copyDigest(side()),
    },
    {
      id: "panes.copyPull",
      title: text.copyPull,
      group,
      isEnabled: hasTag,
      run: () => copyCommandLine(side(), "docker"),
    },
    {
      id: "panes.copySkopeo",
      title: text.copySkopeo,
      group,
      isEnabled: hasTag,
      run: () => copyCommandLine(side(), "skopeo"),
    },
    {
      id: "panes.delete",
      title: text.deleteTag,
      group,
      keys: "Delete",
      isEnabled: () => isInPane() && usePanes.getState()[side()].source === "tags" && hasSource(),
      run: () => askToDelete(side()),
    },
  ];
}

function looking() {
  const text = transferText.commands;
  const { group } = text;
  return [
    {
      id: "panes.inspect",
      title: text.inspect,
      group,
      keys: "F3",
      isEnabled: hasTag,
      run: () => inspectSelected(side()),
    },
    {
      id: "panes.compareTag",
      title: text.compare,
      group,
      keys: "Shift+F3",
      isEnabled: hasTag,
      run: () => compareSelected(side()),
    },
    {
      id: "panes.web",
      title: text.web,
      group,
      isEnabled: () => webPageOf(side()) !== undefined,
      run: () => showOnWeb(side()),
    },
    {
      id: "panes.refresh",
      title: text.refresh,
      group,
      keys: "Mod+R",
      run: () => void refreshPane(side()).catch((thrown: unknown) => showError(text.refresh, thrown)),
    },
    {
      id: "panes.compareMode",
      title: text.compareMode,
      group,
      keys: "Alt+C",
      run: () => setCompare({ on: !usePanes.getState().compare.on, only: "all" }),
    },
  ];
}

function selecting() {
  const text = transferText.commands;
  const group = text.selection;
  return [
    {
      id: "panes.selectAll",
      title: text.selectAll,
      group,
      isEnabled: hasTags,
      run: () => updatePane(side(), { selection: everythingSelected, source: "tags" }),
    },
    {
      id: "panes.selectNone",
      title: text.selectNone,
      group,
      isEnabled: hasTags,
      run: () => updatePane(side(), { selection: nothingSelected }),
    },
    {
      id: "panes.invert",
      title: text.invert,
      group,
      keys: "Mod+I",
      isEnabled: hasTags,
      run: () =>
        updatePane(side(), { selection: inverted(usePanes.getState()[side()].selection), source: "tags" }),
    },
    {
      id: "panes.byPattern",
      title: text.byPattern,
      group,
      keys: "Alt+P",
      isEnabled: hasTags,
      run: () => openTransferDialog({ kind: "pattern", side: side() }),
    },
    {
      id: "panes.selectMissing",
      title: text.selectMissing,
      group,
      isEnabled: hasTags,
      run: () => selectMissing(side()),
    },
  ];
}

function going() {
  const text = transferText.commands;
  const { group } = text;
  return [
    { id: "panes.other", title: text.otherPane, group, keys: "F6", run: () => focusPane(otherSide(side())) },
    { id: "panes.filter", title: text.focusFilter, group, keys: "Mod+F", run: () => focusFilter(side()) },
    { id: "panes.editPath", title: placesText.editPath, group, keys: "Mod+L", run: () => editPath(side()) },
    {
      id: "panes.swap",
      title: placesText.swap,
      group,
      keys: "Mod+U",
      run: swapSides,
    },
    {
      id: "panes.mirror",
      title: placesText.mirror,
      group,
      keys: "Alt+M",
      isEnabled: hasTags,
      run: () => mirrorPath(side()),
    },
    {
      id: "panes.pin",
      title: placesText.pin,
      group,
      keys: "Mod+D",
      run: () => {
        const place = placeOf(side());
        if (place !== undefined) toggleFavourite(place);
      },
    },
    { id: "panes.newTab", title: placesText.newTab, group, keys: "Alt+T", run: () => newTab(side()) },
    {
      id: "panes.closeTab",
      title: placesText.closeTab,
      group,
      keys: "Alt+W",
      run: () => closeTab(side(), useTabs.getState()[side()].active),
    },
    {
      id: "panes.reopenTab",
      title: placesText.reopenTab,
      group,
      keys: "Alt+Shift+T",
      run: () => reopenTab(side()),
    },
    {
      id: "panes.nextTab",
      title: placesText.nextTab,
      group,
      keys: "Alt+PageDown",
      run: () => stepTab(side(), 1),
    },
    {
      id: "panes.previousTab",
      title: placesText.previousTab,
      group,
      keys: "Alt+PageUp",
      run: () => stepTab(side(), -1),
    },
  ];
}

export function swapSides(): void {
  swapPanes();
  swapTabs();
}
