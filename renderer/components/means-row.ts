// Whether a click in a row means the row itself.
import type { MouseEvent } from "react";

const controls = "a, button, input, label, [role=checkbox], [role=switch]";

/** False on a control that stands in the row, and in a menu of it that is drawn elsewhere. */
export function meansRow({
  target,
  currentTarget,
}: Pick<MouseEvent<Element>, "target" | "currentTarget">): boolean {
  return target instanceof Element && currentTarget.contains(target) && target.closest(controls) === null;
}
