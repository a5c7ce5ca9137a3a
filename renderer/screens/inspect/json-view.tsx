// JSON as text one can read: coloured, folded by hand or key, searched; long ones are cut until more is asked for.
import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronDown, ChevronRight, ChevronsDownUp, ChevronsUpDown } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Button, IconButton } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { moveByKey } from "../../components/virtual-rows.ts";
import { inspectText } from "../../text/inspect.ts";
import { type JsonLine, markFound, readLines, type TokenKind, unfolded } from "./json-tokens.ts";

const lineHeight = 20;
/** Characters that are read at first. */
const firstCap = 300_000;
/** A single value longer than that is cut where it is shown; copying takes all of it. */
const longestValue = 2_000;

const colours: Readonly<Record<TokenKind, string>> = {
  punctuation: "text-muted",
  key: "text-accent-strong",
  string: "text-text",
  number: "text-info",
  word: "text-warn",
  other: "text-bad",
};

export function JsonView({ text, label }: { readonly text: string; readonly label: string }) {
  const [all, setAll] = useState(false);
  const shownText = all ? text : text.slice(0, firstCap);
  const lines = useMemo(() => readLines(shownText, shownText.length < text.length), [shownText, text]);
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const [typed, setTyped] = useState("");
  const needle = typed.trim().toLowerCase();
  const hits = useMemo(
    () =>
      needle === ""
        ? []
        : lines.flatMap((line, at) => (lineText(line).toLowerCase().includes(needle) ? [at] : [])),
    [lines, needle],
  );
  // A search looks into what is folded, too.
  const visible = useMemo(() => unfolded(lines, needle === "" ? folded : new Set()), [lines, folded, needle]);
  const [active, setActive] = useState(0);
  const [hit, setHit] = useState(0);
  useEffect(() => {
    setHit(0);
    if (hits[0] !== undefined) setActive(hits[0]);
  }, [hits]);
  const goToHit = (step: number): void => {
    if (hits.length === 0) return;
    const next = (hit + step + hits.length) % hits.length;
    setHit(next);
    setActive(hits[next] ?? 0);
  };
  const fold = (line: number, on: boolean): void =>
    setFolded((old) => {
      const next = new Set(old);
      if (on) next.add(line);
      else next.delete(line);
      return next;
    });
  const foldAll = (): void =>
    setFolded(
      new Set(lines.flatMap((line, at) => (line.closes !== undefined && line.indent > 0 ? [at] : []))),
    );

  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2">
      <div className="flex items-center gap-1">
        <SearchField
          label={inspectText.json.search}
          placeholder={inspectText.json.search}
          value={typed}
          onValueChange={setTyped}
          className="w-64"
          onKeyDown={(event) => {
            if (event.key === "Enter") goToHit(event.shiftKey ? -1 : 1);
          }}
        />
        <span role="status" className="min-w-24 px-1 text-xs text-muted">
          {needle === "" ? "" : inspectText.json.hits(hits.length === 0 ? 0 : hit + 1, hits.length)}
        </span>
        <span className="flex-1" />
        <IconButton
          label={inspectText.json.foldAll}
          icon={<ChevronsDownUp aria-hidden className="size-3.5" />}
          onClick={foldAll}
        />
        <IconButton
          label={inspectText.json.unfoldAll}
          icon={<ChevronsUpDown aria-hidden className="size-3.5" />}
          onClick={() => setFolded(new Set())}
        />
        <CopyButton label={inspectText.json.copy} text={text} />
      </div>
      <Lines
        label={label}
        lines={lines}
        visible={visible}
        folded={needle === "" ? folded : new Set()}
        needle={needle}
        active={active}
        onActive={setActive}
        onFold={fold}
      />
      {!all && text.length > firstCap && (
        <div className="flex items-center gap-3 text-xs text-muted">
          {inspectText.json.cut(firstCap, text.length)}
          <Button size="small" onClick={() => setAll(true)}>
            {inspectText.json.showAll}
          </Button>
        </div>
      )}
    </div>
  );
}

function lineText(line: JsonLine): string {
  return line.tokens.map(({ text }) => text).join("");
}

interface LinesProps {
  readonly label: string;
  readonly lines: readonly JsonLine[];
  readonly visible: readonly number[];
  readonly folded: ReadonlySet<number>;
  readonly needle: string;
  readonly active: number;
  readonly onActive: (line: number) => void;
  readonly onFold: (line: number, folded: boolean) => void;
}

function Lines({ label, lines, visible, folded, needle, active, onActive, onFold }: LinesProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: visible.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  });
  const activeRow = Math.max(
    0,
    visible.findLastIndex((line) => line <= active),
  );
  useEffect(() => {
    if (needle !== "") virtualizer.scrollToIndex(activeRow, { align: "auto" });
  }, [activeRow, needle, virtualizer]);

  const keyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const line = visible[activeRow] ?? 0;
    const foldable = lines[line]?.closes !== undefined;
    if (event.key === "ArrowRight" && foldable) onFold(line, false);
    else if (event.key === "ArrowLeft" && foldable && !folded.has(line)) onFold(line, true);
    else if (event.key === "ArrowLeft") {
      const parent = parentLine(lines, line);
      onActive(parent);
      virtualizer.scrollToIndex(visible.indexOf(parent), { align: "auto" });
    } else {
      const to = moveByKey(event.key, activeRow, visible.length, 20);
      if (to === undefined) return;
      onActive(visible[to] ?? 0);
      virtualizer.scrollToIndex(to, { align: "auto" });
    }
    event.preventDefault();
  };
  return (
    <div
      role="tree"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={`${id}-${visible[activeRow] ?? 0}`}
      ref={scroller}
      onKeyDown={keyDown}
      {...(needle === "" ? {} : { "data-searching": "" })}
      className="group/json min-h-40 flex-1 overflow-auto rounded-md border border-line bg-sunken font-mono text-xs"
    >
      <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const at = visible[item.index] ?? 0;
          const line = lines[at];
          if (line === undefined) return null;
          return (
            <Line
              key={at}
              id={`${id}-${at}`}
              line={line}
              top={item.start}
              active={item.index === activeRow}
              folded={folded.has(at)}
              needle={needle}
              onPress={() => onActive(at)}
              onToggle={() => onFold(at, !folded.has(at))}
            />
          );
        })}
      </div>
    </div>
  );
}

function parentLine(lines: readonly JsonLine[], at: number): number {
  const indent = lines[at]?.indent ?? 0;
  for (let line = at - 1; line >= 0; line--) if ((lines[line]?.indent ?? 0) < indent) return line;
  return 0;
}

function Line(props: {
  readonly id: string;
  readonly line: JsonLine;
  readonly top: number;
  readonly active: boolean;
  readonly folded: boolean;
  readonly needle: string;
  readonly onPress: () => void;
  readonly onToggle: () => void;
}) {
  const { line, folded } = props;
  const Chevron = folded ? ChevronRight : ChevronDown;
  const foldable = line.closes !== undefined;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the tree, whose active line this is
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus (aria-activedescendant)
    <div
      role="treeitem"
      id={props.id}
      aria-level={line.indent + 1}
      aria-selected={props.active}
      {...(foldable ? { "aria-expanded": !folded } : {})}
      onClick={props.onPress}
      data-selectable
      className="absolute left-0 flex h-5 min-w-full items-center whitespace-pre group-focus-visible/json:aria-selected:bg-accent-soft group-data-searching/json:aria-selected:bg-accent-soft"
      style={{ top: props.top, paddingLeft: `${8 + line.indent * 16}px` }}
    >
      <span className="flex w-4 shrink-0 items-center text-muted">
        {foldable && <Chevron aria-hidden className="size-3 hover:text-text" onClick={props.onToggle} />}
      </span>
      <code>
        {line.tokens.map((token, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a line have only their place
          <span key={at} className={colours[token.kind]}>
            {markFound(shortened(token.text), props.needle).map((part, index) =>
              part.found ? (
                <mark
                  // biome-ignore lint/suspicious/noArrayIndexKey: see above
                  key={index}
                  className="rounded-sm bg-warn-soft text-text outline outline-warn forced-colors:bg-[Highlight] forced-colors:text-[HighlightText] forced-colors:[forced-color-adjust:none]"
                >
                  {part.text}
                </mark>
              ) : (
                part.text
              ),
            )}
          </span>
        ))}
        {folded && <span className="text-muted">{inspectText.json.folded}</span>}
      </code>
    </div>
  );
}

function shortened(text: string): string {
  return text.length <= longestValue
    ? text
    : `${text.slice(0, longestValue)}${inspectText.json.valueCut(text.length)}`;
}
