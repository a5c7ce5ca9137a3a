// The Transfer screen: two registries side by side, and the one place where a drag becomes a command.

import { monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { announce } from "@atlaskit/pragmatic-drag-and-drop-live-region";
import { useEffect, useState } from "react";
import { RememberedSplit } from "../../components/remembered-split.tsx";
import { SplitPanel, Splitter } from "../../components/splitter.tsx";
import { noDrag, useDrag } from "../../state/drag.ts";
import { useEndpoints } from "../../state/endpoints.ts";
import { fillPanes, type Side, showEndpoint, updatePane } from "../../state/panes.ts";
import { useSettings } from "../../state/settings.ts";
import { transferText } from "../../text/transfer.ts";
import { AddRegistryDialog } from "../registries/add-registry-dialog.tsx";
import { dropOn } from "./commands.ts";
import { payloadText } from "./drop-spec.ts";
import { followCopies } from "./follow-copies.ts";
import { followEndpoints } from "./follow-endpoints.ts";
import { RegistryPane } from "./registry-pane.tsx";
import { dragDataOf, dropHere, targetOf } from "./use-drag-row.ts";

export function TransferScreen() {
  const endpoints = useEndpoints((state) => state.endpoints);
  const settingsLoaded = useSettings((state) => state.loaded);
  const [adding, setAdding] = useState<Side | undefined>(undefined);

  useEffect(() => {
    if (settingsLoaded) fillPanes(endpoints.map((endpoint) => endpoint.id));
  }, [endpoints, settingsLoaded]);
  useEffect(followCopies, []);
  useEffect(followEndpoints, []);
  useEffect(watchDrags, []);

  return (
    <>
      <RememberedSplit name="panes" orientation="horizontal" className="min-h-0 flex-1">
        <SplitPanel id="left" minSize={320}>
          <RegistryPane side="left" onAddRegistry={() => setAdding("left")} />
        </SplitPanel>
        <Splitter label={transferText.splitPanes} direction="vertical" />
        <SplitPanel id="right" minSize={320}>
          <RegistryPane side="right" onAddRegistry={() => setAdding("right")} />
        </SplitPanel>
      </RememberedSplit>
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

/** Follows every drag in the window; returns the way to stop. */
function watchDrags(): () => void {
  return monitorForElements({
    canMonitor: ({ source }) => dragDataOf(source.data) !== undefined,
    onDragStart: ({ source }) => {
      const data = dragDataOf(source.data);
      if (data === undefined) return;
      useDrag.setState({ payload: data.payload, from: data.from, over: undefined });
      updatePane(data.from, { source: data.payload.kind === "tags" ? "tags" : "tree" });
      announce(payloadText(data.payload));
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
      if (over !== undefined) announce(over.drop.allowed ? over.drop.where : over.drop.why);
    },
    onDrop: ({ source, location }) => {
      useDrag.setState(noDrag);
      const data = dragDataOf(source.data);
      const at = location.current.dropTargets[0];
      const place = at === undefined ? undefined : targetOf(at.data);
      if (data !== undefined && place !== undefined) dropOn(data.payload, place.target);
    },
  });
}
