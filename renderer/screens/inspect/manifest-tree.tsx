// The tree of an image's manifests: the index, and below it one image for each platform.
import { clsx } from "clsx";
import { Box, Layers2 } from "lucide-react";
import type { KeyboardEvent } from "react";
import type { InspectedManifest } from "../../../shared/contract.ts";
import { Bytes } from "../../components/bytes.tsx";
import { moveByKey, useVirtualRows } from "../../components/virtual-rows.ts";
import { inspectText } from "../../text/inspect.ts";
import { bytesOf } from "./layer-rows.ts";

export function ManifestTree(props: {
  readonly root: InspectedManifest;
  readonly platforms: readonly InspectedManifest[];
  readonly chosen: string;
  readonly onChoose: (digest: string) => void;
}) {
  const rows = [props.root, ...props.platforms];
  const focus = Math.max(
    0,
    rows.findIndex(({ digest }) => digest === props.chosen),
  );
  const list = useVirtualRows({ count: rows.length, focus });
  const keyDown = (event: KeyboardEvent): void => {
    const to = event.key === "ArrowLeft" ? 0 : moveByKey(event.key, focus, rows.length, list.pageRows);
    const next = to === undefined ? undefined : rows[to];
    if (next === undefined) return;
    event.preventDefault();
    list.wantFocus();
    props.onChoose(next.digest);
  };
  return (
    <div
      role="tree"
      aria-label={inspectText.manifests}
      ref={list.scroller}
      onKeyDown={keyDown}
      className="w-56 shrink-0 overflow-y-auto border-r border-line pr-3"
    >
      <div role="presentation" className="relative" style={{ height: list.height }}>
        {list.items.map((item) => {
          const manifest = rows[item.index];
          if (manifest === undefined) return null;
          const isRoot = item.index === 0;
          const Icon = isRoot ? Layers2 : Box;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the tree
            <div
              key={item.index}
              role="treeitem"
              aria-level={isRoot ? 1 : 2}
              aria-posinset={isRoot ? 1 : item.index}
              aria-setsize={isRoot ? 1 : rows.length - 1}
              aria-selected={item.index === focus}
              {...(isRoot ? { "aria-expanded": true } : {})}
              data-index={item.index}
              tabIndex={item.index === focus ? 0 : -1}
              onClick={() => props.onChoose(manifest.digest)}
              title={`${manifest.platform ?? inspectText.kinds[manifest.kind]} ${manifest.digest}`}
              className={clsx(
                "row-base absolute inset-x-0 gap-1.5 rounded-sm px-1.5 hover:bg-hover aria-selected:bg-accent-soft",
                !isRoot && "pl-5",
              )}
              style={{ top: list.top(item) }}
            >
              <Icon aria-hidden className="size-3.5 shrink-0 text-muted" />
              <span className="min-w-0 flex-1 truncate">
                {isRoot ? inspectText.kinds[manifest.kind] : (manifest.platform ?? inspectText.noPlatform)}
              </span>
              <Bytes className="text-xs text-muted" value={bytesOf(isRoot ? props.platforms : [manifest])} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
