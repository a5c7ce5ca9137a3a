// A filter box with its magnifier and a way to empty it; Escape empties it too.
import { clsx } from "clsx";
import { Search, X } from "lucide-react";
import { type ComponentPropsWithRef, type KeyboardEvent, useRef } from "react";

export interface SearchFieldProps
  extends Omit<ComponentPropsWithRef<"input">, "value" | "onChange" | "defaultValue" | "type" | "ref"> {
  readonly label: string;
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  /** Marks what was typed as unreadable; say why nearby. */
  readonly invalid?: boolean;
}

export function SearchField({
  label,
  value,
  onValueChange,
  invalid = false,
  className,
  onKeyDown,
  ...rest
}: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const keyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Escape" && value !== "") {
      event.stopPropagation();
      onValueChange("");
      return;
    }
    onKeyDown?.(event);
  };
  return (
    <div className={clsx("relative min-w-0", className)}>
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-muted"
      />
      <input
        {...rest}
        ref={input}
        type="search"
        aria-label={label}
        aria-invalid={invalid}
        value={value}
        onChange={(event) => onValueChange(event.target.value)}
        onKeyDown={keyDown}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        className={clsx(
          "h-7 w-full appearance-none rounded-md border bg-surface pr-7 pl-7 text-sm text-text placeholder:text-muted focus-visible:outline-2 focus-visible:-outline-offset-1 [&::-webkit-search-cancel-button]:hidden",
          invalid ? "border-bad focus-visible:outline-bad" : "border-control focus-visible:outline-accent",
        )}
      />
      {value !== "" && (
        <button
          type="button"
          aria-label={`Clear: ${label}`}
          className="absolute top-1/2 right-1 flex size-5 -translate-y-1/2 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-text"
          onClick={() => {
            onValueChange("");
            input.current?.focus();
          }}
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
    </div>
  );
}
