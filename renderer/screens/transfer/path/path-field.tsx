// A pane's path as text: completes to known repositories, and takes a reference of any registry.
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useState } from "react";
import { isRepositoryName } from "../../../../shared/reference.ts";
import { jumpTo, readSpot, showSpot } from "../../../state/jump.ts";
import { type Side, usePane } from "../../../state/panes.ts";
import { placesText } from "../../../text/places.ts";
import { useRepositories } from "../repositories.ts";

/** So many suggestions at once. */
const most = 8;

export function PathField({
  side,
  start,
  onDone,
}: {
  readonly side: Side;
  readonly start: string;
  readonly onDone: () => void;
}) {
  const id = useId();
  const { endpointId } = usePane(side);
  const [text, setText] = useState(start);
  const [at, setAt] = useState(-1);
  const [refused, setRefused] = useState(false);
  const found = useSuggestions(endpointId, text === start ? "" : text);
  const go = (wanted: string): void => {
    const spot = isRepositoryName(wanted) || wanted.includes(":") ? readSpot(wanted) : undefined;
    if (jumpTo(side, wanted)) onDone();
    else if (spot !== undefined && endpointId !== undefined) {
      showSpot(side, endpointId, spot);
      onDone();
    } else setRefused(true);
  };
  const keyDown = (event: KeyboardEvent): void => {
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        const step = event.key === "ArrowDown" ? 1 : -1;
        setAt(Math.max(-1, Math.min(found.length - 1, at + step)));
        break;
      }
      case "Enter":
        go(found[at] ?? text.trim());
        break;
      case "Tab":
        if (found[0] === undefined) return;
        setText(found[Math.max(0, at)] ?? text);
        break;
      case "Escape":
        onDone();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const open = found.length > 0;
  return (
    <div className="relative min-w-0 flex-1">
      <input
        role="combobox"
        aria-label={placesText.pathLabel[side]}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-invalid={refused}
        {...(open && at >= 0 ? { "aria-activedescendant": `${id}-${at}` } : {})}
        // biome-ignore lint/a11y/noAutofocus: it was opened to be typed in
        autoFocus
        value={text}
        placeholder={placesText.pathHint}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        onFocus={(event) => event.target.select()}
        onBlur={onDone}
        onChange={(event) => {
          setText(event.target.value);
          setAt(-1);
          setRefused(false);
        }}
        onKeyDown={keyDown}
        className={`h-7 w-full rounded-md border bg-surface px-2 text-sm ${refused ? "border-bad" : "border-control"}`}
      />
      {refused && (
        <p
          role="alert"
          className="absolute inset-x-0 top-8 z-20 rounded-md border border-line bg-raised px-2 py-1 text-xs text-bad shadow-pop"
        >
          {placesText.badPath}
        </p>
      )}
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={placesText.suggestions}
        hidden={!open || refused}
        className="absolute inset-x-0 top-8 z-20 rounded-lg border border-line bg-raised p-1 text-sm shadow-pop"
      >
        {found.map((name, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active option
          <div
            key={name}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            // Before the field loses the focus and closes.
            onPointerDown={(event) => {
              event.preventDefault();
              go(name);
            }}
            className={`truncate rounded-sm px-2 py-1 ${index === at ? "bg-accent-soft" : "hover:bg-hover"}`}
          >
            {name}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Known repositories that begin with the text, then those that hold it. */
function useSuggestions(endpointId: string | undefined, typed: string): readonly string[] {
  const { data } = useRepositories(endpointId);
  const text = useDeferredValue(typed.trim().toLowerCase());
  return useMemo(() => {
    if (text === "") return [];
    const starts: string[] = [];
    const holds: string[] = [];
    for (const name of data?.names ?? []) {
      if (name.startsWith(text)) starts.push(name);
      else if (holds.length < most && name.includes(text)) holds.push(name);
      if (starts.length === most) break;
    }
    return [...starts, ...holds].slice(0, most);
  }, [data, text]);
}
