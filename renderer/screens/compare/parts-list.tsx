// The parts of two images in one list: each with where it is, as an icon and in words.
import { Equal, MoveLeft, MoveRight } from "lucide-react";
import { type ComponentType, useMemo, useState } from "react";
import type { ComparedImage } from "../../../shared/compare.ts";
import { Bytes } from "../../components/bytes.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { EmptyState } from "../../components/states.tsx";
import { moveByKey, useVirtualRows } from "../../components/virtual-rows.ts";
import { formatCount } from "../../text/common.ts";
import { compareText } from "../../text/inspect.ts";
import { mediaTypeText } from "../../text/media-types.ts";

type Part = ComparedImage["parts"][number];
type Where = Part["at"];
const wheres: readonly Where[] = ["both", "source", "destination"];

const looks: Readonly<
  Record<
    Where,
    {
      readonly Icon: ComponentType<{ readonly className?: string; readonly "aria-hidden"?: boolean }>;
      readonly tone: string;
    }
  >
> = {
  both: { Icon: Equal, tone: "text-ok" },
  source: { Icon: MoveLeft, tone: "text-info" },
  destination: { Icon: MoveRight, tone: "text-warn" },
};
const columns = "grid grid-cols-[9.5rem_8rem_8rem_minmax(0,1fr)_5.5rem] items-center gap-x-3 px-2 text-xs";

/** Attachments come as they are found, which is each time in another order: in their places they stand by digest. */
function inOrder(parts: readonly Part[]): readonly Part[] {
  const found = parts
    .filter(({ what }) => what === "attachment")
    .toSorted(
      (a, b) =>
        Number(a.at === "destination") - Number(b.at === "destination") || a.digest.localeCompare(b.digest),
    )
    .values();
  return parts.map((part) => (part.what === "attachment" ? (found.next().value ?? part) : part));
}

export function PartsList(props: { readonly parts: readonly Part[] }) {
  const parts = useMemo(() => inOrder(props.parts), [props.parts]);
  const [where, setWhere] = useState<Where | "all">("all");
  const shown = where === "all" ? parts : parts.filter((part) => part.at === where);
  const count = (at: Where): number => parts.filter((part) => part.at === at).length;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 pt-3">
      <Segmented
        label={compareText.show}
        value={where}
        onValueChange={setWhere}
        className="self-start"
        options={[
          { value: "all", label: `${compareText.all} ${formatCount(parts.length)}` },
          ...wheres.map((at) => ({ value: at, label: `${compareText.at[at]} ${formatCount(count(at))}` })),
        ]}
      />
      {shown.length === 0 ? <EmptyState title={compareText.noParts} /> : <Rows parts={shown} />}
    </div>
  );
}

function Rows({ parts }: { readonly parts: readonly Part[] }) {
  const [chosen, setChosen] = useState(0);
  const focus = Math.min(chosen, parts.length - 1);
  const list = useVirtualRows({ count: parts.length, focus });
  const text = compareText.columns;
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-hidden rounded-md border border-line">
      <div
        aria-hidden
        className={`${columns} h-6 shrink-0 border-b border-line bg-sunken text-2xs text-muted`}
      >
        <span>{text.where}</span>
        <span>{text.what}</span>
        <span>{text.platform}</span>
        <span>{text.digest}</span>
        <span className="text-right">{text.size}</span>
      </div>
      <div
        role="listbox"
        aria-label={compareText.parts}
        tabIndex={-1}
        ref={list.scroller}
        onKeyDown={(event) => {
          const to = moveByKey(event.key, focus, parts.length, list.pageRows);
          if (to === undefined) return;
          event.preventDefault();
          list.wantFocus();
          setChosen(to);
        }}
        className="min-h-0 flex-1 overflow-y-auto"
      >
        <div role="presentation" className="relative" style={{ height: list.height }}>
          {list.items.map((item) => {
            const part = parts[item.index];
            if (part === undefined) return null;
            const { Icon, tone } = looks[part.at];
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the list
              <div
                key={item.index}
                role="option"
                aria-selected={item.index === focus}
                aria-posinset={item.index + 1}
                aria-setsize={parts.length}
                data-index={item.index}
                tabIndex={item.index === focus ? 0 : -1}
                onClick={() => setChosen(item.index)}
                className={`${columns} absolute inset-x-0 h-(--row) -outline-offset-2 hover:bg-hover aria-selected:bg-accent-soft`}
                style={{ top: list.top(item) }}
              >
                <span className={`flex items-center gap-1.5 ${tone}`}>
                  <Icon aria-hidden className="size-3.5 shrink-0" />
                  {compareText.at[part.at]}
                </span>
                <span title={`${mediaTypeText(part.mediaType)} (${part.mediaType})`}>
                  {compareText.what[part.what]}
                </span>
                <span className="truncate">{part.platform ?? ""}</span>
                <code data-selectable className="truncate font-mono text-2xs text-muted" title={part.digest}>
                  {part.digest}
                </code>
                <Bytes className="text-right" value={part.size} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
