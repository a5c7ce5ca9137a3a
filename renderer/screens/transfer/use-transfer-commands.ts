// The commands of the Transfer screen, for keys, palette and native menus; they act on the pane that has the focus.
import { type Action, useCommands } from "../../commands/registry.ts";
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
import type { PaneCommandId } from "./pane-catalogue.ts";
import { editPath } from "./path/breadcrumb.tsx";
import { compareSelected, inspectSelected, oneTag } from "./tag-actions.ts";

const side = (): Side => usePanes.getState().active;
const hasSource = (): boolean => paneSource(side()) !== undefined;
const hasTag = (): boolean => oneTag(side()) !== undefined;
const hasTags = (): boolean => usePanes.getState()[side()].repository !== undefined;

export function useTransferCommands(): void {
  useCommands(
    (): Readonly<Record<PaneCommandId, Action>> => ({
      ...copying(),
      ...looking(),
      ...selecting(),
      ...going(),
    }),
    [],
  );
}

function copying() {
  return {
    "panes.copyToOther": { isEnabled: hasSource, run: () => copyToOther(side()) },
    "panes.copyTo": { isEnabled: hasSource, run: () => copyToAny(side()) },
    // Text that is selected somewhere is copied as text.
    "panes.copy": {
      isEnabled: () => isInPane() && (window.getSelection()?.isCollapsed ?? true) && hasSource(),
      run: () => copyToClipboard(side()),
    },
    "panes.copyReference": { isEnabled: hasSource, run: () => copyReference(side()) },
    "panes.copyDigest": {
      isEnabled: () => selectedDigest(side()) !== undefined,
      run: () => copyDigest(side()),
    },
    "panes.copyPull": { isEnabled: hasTag, run: () => copyCommandLine(side(), "docker") },
    "panes.copySkopeo": { isEnabled: hasTag, run: () => copyCommandLine(side(), "skopeo") },
    "panes.delete": {
      isEnabled: () => isInPane() && usePanes.getState()[side()].source === "tags" && hasSource(),
      run: () => askToDelete(side()),
    },
  };
}

function looking() {
  return {
    "panes.inspect": { isEnabled: hasTag, run: () => inspectSelected(side()) },
    "panes.compareTag": { isEnabled: hasTag, run: () => compareSelected(side()) },
    "panes.web": { isEnabled: () => webPageOf(side()) !== undefined, run: () => showOnWeb(side()) },
    "panes.refresh": {
      run: () =>
        void refreshPane(side()).catch((thrown: unknown) => showError(transferText.commands.refresh, thrown)),
    },
    "panes.compareMode": {
      run: () => setCompare({ on: !usePanes.getState().compare.on, only: "all" }),
    },
  };
}

function selecting() {
  return {
    "panes.selectAll": {
      isEnabled: hasTags,
      run: () => updatePane(side(), { selection: everythingSelected, source: "tags" }),
    },
    "panes.selectNone": {
      isEnabled: hasTags,
      run: () => updatePane(side(), { selection: nothingSelected }),
    },
    "panes.invert": {
      isEnabled: hasTags,
      run: () =>
        updatePane(side(), { selection: inverted(usePanes.getState()[side()].selection), source: "tags" }),
    },
    "panes.byPattern": {
      isEnabled: hasTags,
      run: () => openTransferDialog({ kind: "pattern", side: side() }),
    },
    "panes.selectMissing": { isEnabled: hasTags, run: () => selectMissing(side()) },
  };
}

function going() {
  return {
    "panes.other": { run: () => focusPane(otherSide(side())) },
    "panes.filter": { run: () => focusFilter(side()) },
    "panes.editPath": { run: () => editPath(side()) },
    "panes.swap": { run: swapSides },
    "panes.mirror": { isEnabled: hasTags, run: () => mirrorPath(side()) },
    "panes.pin": {
      run: () => {
        const place = placeOf(side());
        if (place !== undefined) toggleFavourite(place);
      },
    },
    "panes.newTab": { run: () => newTab(side()) },
    "panes.closeTab": { run: () => closeTab(side(), useTabs.getState()[side()].active) },
    "panes.reopenTab": { run: () => reopenTab(side()) },
    "panes.nextTab": { run: () => stepTab(side(), 1) },
    "panes.previousTab": { run: () => stepTab(side(), -1) },
  };
}

export function swapSides(): void {
  swapPanes();
  swapTabs();
}
