// The Transfer screen: two registries side by side, and the one place where a drag becomes a command.

import { monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { monitorForExternal } from "@atlaskit/pragmatic-drag-and-drop/external/adapter";
import { preventUnhandled } from "@atlaskit/pragmatic-drag-and-drop/prevent-unhandled";
import { useEffect, useRef, useState } from "react";
import { RememberedSplit } from "../../components/remembered-split.tsx";
import { SplitPanel, Splitter } from "../../components/splitter.tsx";
import { noDrag, useDrag } from "../../state/drag.ts";
import { useEndpoints } from "../../state/endpoints.ts";
import { fillPanes, type Side, showEndpoint, updatePane } from "../../state/panes.ts";
import { followPlaces } from "../../state/places.ts";
import { useSettings } from "../../state/settings.ts";
import { say } from "../../state/spoken.ts";
import { restoreTabs, tabsAreOpen } from "../../state/tabs.ts";
import { transferText } from "../../text/transfer.ts";
import { AddRegistryDialog } from "../registries/add-registry-dialog.tsx";
import { dropOn } from "./commands.ts";
import { TransferBar } from "./compare/transfer-bar.tsx";
import { TransferDialogs } from "./dialogs/transfer-dialogs.tsx";
import { payloadText } from "./drop-spec.ts";
import { followCopies } from "./follow-copies.ts";
import { followEndpoints } from "./follow-endpoints.ts";
import { RegistryPane } from "./registry-pane.tsx";
import { dragDataOf, dropHere, targetOf } from "./use-drag-row.ts";
import { useTransferCommands } from "./use-transfer-commands.ts";

export function TransferScreen() {
  const endpoints = useEndpoints((state) => state.endpoints);
  const settingsLoaded = useSettings((state) => state.loaded);
  const [adding, setAdding] = useState<Side | undefined>(undefined);

  const restored = useRef(false);
  useEffect(() => {
    if (!settingsLoaded) return;
    const ids = endpoints.map((endpoint) => endpoint.id);
    if (!restored.current && !tabsAreOpen()) restoreTabs(ids);
    restored.current = true;
    fillPanes(ids);
  }, [endpoints, settingsLoaded]);
  useTransferCommands();
  useEffect(followPlaces, []);
  useEffect(followCopies, []);
  useEffect(followEndpoints, []);
  useEffect(watchDrags, []);

  return (
    <>
      <TransferBar />
      <RememberedSplit name="panes" orientation="horizontal" className="min-h-0 flex-1">
        <SplitPanel id="left" minSize={320}>
          <RegistryPane side="left" onAddRegistry={() => setAdding("left")} />
        </SplitPanel>
        <Splitter label={transferText.splitPanes} direction="vertical" />
        <SplitPanel id="right" minSize={320}>
          <RegistryPane side="right" onAddRegistry={() => setAdding("right")} />
        </SplitPanel>
      </RememberedSplit>
      <TransferDialogs />
      <AddRegistryDialog
        open={adding !== undefined}
        onOpenChange={(open) => !open && setAdding(undefined)}
        onAdded={(endpoint) => {
          if (adding !== undefined) showEndpoint(adding, endpoint.id);
        }}
      />
    </>
  );
}

/** Of a drag only what holds now is said. */
const drag = "drag";

/** Follows every drag in the window; returns the way to stop. */
function watchDrags(): () => void {
  // A file that misses the panes must not be opened by the browser in place of the window.
  const stopFiles = monitorForExternal({
    onDragStart: () => preventUnhandled.start(),
    onDrop: () => preventUnhandled.stop(),
  });
  const stopElements = monitorForElements({
    canMonitor: ({ source }) => dragDataOf(source.data) !== undefined,
    onDragStart: ({ source }) => {
      const data = dragDataOf(source.data);
      if (data === undefined) return;
      useDrag.setState({ payload: data.payload, from: data.from, over: undefined });
      updatePane(data.from, { source: data.payload.kind === "tags" ? "tags" : "tree" });
      say(transferText.drag.picked(payloadText(data.payload)), drag);
    },
    onDropTargetChange: ({ source, location }) => {
      const data = dragDataOf(source.data);
      const at = location.current.dropTargets[0];
      const place = at === undefined ? undefined : targetOf(at.data);
      const over =
        data === undefined || place === undefined
          ? undefined
          : { ...place, drop: dropHere(data, place.target) };
      useDrag.setState({ over });
      if (over !== undefined)
        say(over.drop.allowed ? transferText.drag.over(over.drop.where) : over.drop.why, drag);
    },
    onDrop: ({ source, location }) => {
      useDrag.setState(noDrag);
      const data = dragDataOf(source.data);
      const at = location.current.dropTargets[0];
      const place = at === undefined ? undefined : targetOf(at.data);
      if (data === undefined) return;
      if (place === undefined) say(transferText.drag.nowhere, drag);
      else dropOn(data.payload, place.target);
    },
  });
  return () => {
    stopFiles();
    stopElements();
  };
}
