// Reads pages of images as their rows come into sight, and the blobs of moving images again and again.
import { useEffect } from "react";
import { loadBlobs, loadImages } from "../../state/runs.ts";
import type { TransferRow } from "./run-rows.ts";

const blobRefreshMs = 1000;
/** A quick scroll passes thousands of rows: only where it rests is read. */
const restMs = 60;

export function useReading(shown: readonly TransferRow[]): void {
  const wanted = shown.flatMap((row) => (row.kind === "hole" ? [`${row.run.id} ${row.index}`] : [])).join();
  useEffect(() => {
    if (wanted === "") return;
    const timer = setTimeout(() => {
      for (const hole of wanted.split(",")) {
        const [runId = "", index] = hole.split(" ");
        void loadImages(runId, Number(index));
      }
    }, restMs);
    return () => clearTimeout(timer);
  }, [wanted]);

  const moving = shown
    .flatMap((row) =>
      row.kind === "image" && row.expanded && row.image.state === "running"
        ? [`${row.run.id} ${row.image.id}`]
        : [],
    )
    .join();
  useEffect(() => {
    if (moving === "") return;
    const timer = setInterval(() => {
      if (document.hidden) return;
      for (const image of moving.split(",")) {
        const [runId = "", imageId] = image.split(" ");
        void loadBlobs(runId, Number(imageId));
      }
    }, blobRefreshMs);
    return () => clearInterval(timer);
  }, [moving]);
}
