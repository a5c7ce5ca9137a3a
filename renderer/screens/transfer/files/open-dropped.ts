// Opens what was dropped from outside: by its path where this face knows it, a sync file by its text everywhere.
import { call, connection } from "../../../api/client.ts";
import { showError, showToast } from "../../../components/toast.tsx";
import { rememberEndpoint } from "../../../state/endpoints.ts";
import { type Side, showEndpoint } from "../../../state/panes.ts";
import { transferText } from "../../../text/transfer.ts";
import { openTransferDialog } from "../dialogs/open.ts";

const longestSyncFile = 1_000_000;

export type DroppedKind = "sync-file" | "archive" | "folder";

/** What a file is, by its name; a folder has no known ending. */
export function droppedKind(name: string): DroppedKind {
  if (/\.ya?ml$/i.test(name)) return "sync-file";
  return /\.(?:tar|tar\.gz|tgz)$/i.test(name) ? "archive" : "folder";
}

/** The path that the desktop's preload script tells; undefined in a browser. */
function pathOf(file: File): string | undefined {
  const { state } = connection;
  if (state.kind !== "open" || !state.capabilities.can.filePaths) return undefined;
  const bridge = window.freightliner as { pathForFile?: (file: File) => string } | undefined;
  const path = bridge?.pathForFile?.(file);
  return path === "" ? undefined : path;
}

/** One after the other; what cannot be opened is said and the rest goes on. */
export async function openDropped(side: Side, files: readonly File[]): Promise<void> {
  for (const file of files) {
    try {
      await openOne(side, file);
    } catch (thrown) {
      showError(transferText.files.drop, thrown);
    }
  }
}

async function openOne(side: Side, file: File): Promise<void> {
  const kind = droppedKind(file.name);
  const text = transferText.files;
  if (kind === "sync-file" && file.size <= longestSyncFile) {
    openTransferDialog({ kind: "sync-file", fileName: file.name, text: await file.text() });
    return;
  }
  const path = pathOf(file);
  if (path === undefined) {
    showToast({ title: text.noPaths });
    return;
  }
  if (kind === "archive") showToast({ title: text.opening(file.name) });
  const endpoint =
    kind === "archive"
      ? await call("archives.open", { path })
      : await call("endpoints.add", { settings: { kind: "layout", path } });
  rememberEndpoint(endpoint);
  showEndpoint(side, endpoint.id);
  showToast({ title: text.opened(endpoint.name), tone: "ok" });
}
