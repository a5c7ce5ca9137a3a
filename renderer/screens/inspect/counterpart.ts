// The same image on the other side: where a comparison or a verification starts from.

import type { ImageAt } from "../../state/navigation.ts";
import { otherSide, type Side, usePanes } from "../../state/panes.ts";

/** The same repository and tag in the pane that shows another registry; the image itself where there is none. */
export function counterpart(image: ImageAt): ImageAt {
  const panes = usePanes.getState();
  const side = sideOf(image);
  const other = panes[otherSide(side)];
  const repository =
    panes[side].repository === image.repository ? (other.repository ?? image.repository) : image.repository;
  return { ...image, endpointId: other.endpointId ?? image.endpointId, repository };
}

/** The pane that shows the image's registry; the active one where both or none do. */
function sideOf(image: ImageAt): Side {
  const { left, right, active } = usePanes.getState();
  const shows = { left: left.endpointId === image.endpointId, right: right.endpointId === image.endpointId };
  if (shows.left === shows.right) return active;
  return shows.left ? "left" : "right";
}
