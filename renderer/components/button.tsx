// Buttons: with text, or with only an icon and its name.
import { Button as BaseButton } from "@base-ui/react/button";
import { clsx } from "clsx";
import type { ComponentPropsWithRef, ReactNode } from "react";
import { Tooltip } from "./tooltip.tsx";

type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";

const look: Readonly<Record<ButtonVariant, string>> = {
  primary:
    "bg-accent text-on-accent hover:bg-accent-hover border-transparent font-medium " +
    "forced-colors:bg-[Highlight] forced-colors:text-[HighlightText] forced-colors:[forced-color-adjust:none]",
  secondary: "bg-raised text-text border-line-strong hover:bg-hover",
  quiet: "bg-transparent text-text border-transparent hover:bg-hover",
  danger: "bg-raised text-bad border-line-strong hover:bg-bad-soft hover:border-bad",
};

const base =
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border whitespace-nowrap " +
  "transition-colors duration-100 data-disabled:opacity-50 data-disabled:pointer-events-none " +
  "focus-visible:outline-2 focus-visible:outline-accent";

export interface ButtonProps extends ComponentPropsWithRef<"button"> {
  readonly variant?: ButtonVariant;
  /** `small` fits into a row, `bar` is as high as the fields of a screen's head. */
  readonly size?: keyof typeof sizes;
  readonly icon?: ReactNode;
}

const sizes = { small: "h-6 px-2 text-xs", bar: "h-7 px-2.5 text-xs", normal: "h-8 px-3 text-sm" } as const;

export function Button({
  variant = "secondary",
  size = "normal",
  icon,
  children,
  className,
  ...rest
}: ButtonProps) {
  return (
    <BaseButton {...rest} className={clsx(base, look[variant], sizes[size], className)}>
      {icon}
      {children}
    </BaseButton>
  );
}

export interface IconButtonProps extends Omit<ComponentPropsWithRef<"button">, "children"> {
  /** The accessible name, also shown as the tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly variant?: ButtonVariant;
  readonly size?: "small" | "normal";
}

export function IconButton({
  label,
  icon,
  variant = "quiet",
  size = "small",
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <BaseButton
        {...rest}
        aria-label={label}
        className={clsx(base, look[variant], size === "small" ? "size-6" : "size-8", className)}
      >
        {icon}
      </BaseButton>
    </Tooltip>
  );
}
