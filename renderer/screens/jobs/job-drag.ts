// Dragging a job out of the window as a sync file: its text must be there when the drag starts, so it is read before.
import type { DragEvent } from "react";
import type { SavedJob } from "../../../shared/job.ts";
import { call } from "../../api/client.ts";

interface SyncFile {
  readonly fileName: string;
  readonly text: string;
}
/** By the job as it is now; a changed one is another object. */
const files = new WeakMap<SavedJob, SyncFile | "reading">();

/** Reads the file ahead; where that fails, the job can simply not be dragged. */
export function prepareDrag(job: SavedJob): void {
  if (files.has(job)) return;
  files.set(job, "reading");
  call("jobs.syncFile", { jobIds: [job.id] }).then(
    (file) => files.set(job, file),
    () => files.delete(job),
  );
}

/** Text for editors; for a folder, Chromium makes a file of it. */
export function dragJobOut(event: DragEvent, job: SavedJob): void {
  const file = files.get(job);
  if (file === undefined || file === "reading") {
    event.preventDefault();
    return;
  }
  event.dataTransfer.effectAllowed = "copy";
  event.dataTransfer.setData("text/plain", file.text);
  const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(file.text)));
  event.dataTransfer.setData(
    "DownloadURL",
    `application/yaml:${file.fileName}:data:application/yaml;base64,${base64}`,
  );
}
