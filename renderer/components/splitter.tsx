// Two or more parts with a line between them that can be dragged or moved by the arrow keys.
import { clsx } from "clsx";
import type { ComponentProps } from "react";
import { Group, Panel, Separator } from "react-resizable-panels";

export const SplitGroup = Group;
export const SplitPanel = Panel;

export function Splitter({
  label,
  direction,
  className,
  ...rest
}: Omit<ComponentProps<typeof Separator>, "children"> & {
  readonly label: string;
  /** The line's own direction: `vertical` stands between left and right. */
  readonly direction: "vertical" | "horizontal";
}) {
  return (
    <Separator
      {...rest}
      aria-label={label}
      className={clsx(
        "relative shrink-0 bg-line transition-colors duration-100 hover:bg-accent focus-visible:bg-accent data-[separator=active]:bg-accent data-[separator=hover]:bg-accent",
        direction === "vertical" ? "w-px" : "h-px",
        className,
      )}
    />
  );
}
