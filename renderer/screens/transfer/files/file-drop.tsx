// Files dropped on a pane from outside: an OCI folder, an archive, or a sync file.
import { dropTargetForExternal } from "@atlaskit/pragmatic-drag-and-drop/external/adapter";
import { containsFiles, getFiles } from "@atlaskit/pragmatic-drag-and-drop/external/file";
import { FileDown } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { useConnection } from "../../../state/connection.ts";
import type { Side } from "../../../state/panes.ts";
import { transferText } from "../../../text/transfer.ts";
import { openDropped } from "./open-dropped.ts";

/** True while files are over the element. */
export function useFileDrop(element: RefObject<HTMLElement | null>, side: Side): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (element.current === null) return;
    return dropTargetForExternal({
      element: element.current,
      canDrop: containsFiles,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        void openDropped(side, getFiles({ source }));
      },
    });
  }, [element, side]);
  return over;
}

export function FileDropHint() {
  const connection = useConnection();
  const paths = connection.kind === "open" && connection.capabilities.can.filePaths;
  return (
    <div className="pointer-events-none absolute inset-2 z-10 flex items-center justify-center rounded-lg border-2 border-dashed border-accent bg-surface/90">
      <p className="flex max-w-80 flex-col items-center gap-2 text-center text-sm">
        <FileDown aria-hidden className="size-6 text-accent" />
        {paths ? transferText.files.hint : transferText.files.webHint}
      </p>
    </div>
  );
}
