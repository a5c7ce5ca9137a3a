// The bar over both panes: changing their sides, and comparing them.
import { ArrowLeftRight, GitCompareArrows, ListChecks, MoveHorizontal } from "lucide-react";
import { Button, IconButton } from "../../../components/button.tsx";
import { Segmented } from "../../../components/segmented.tsx";
import { Switch } from "../../../components/switch.tsx";
import { type CompareOnly, comparedParts, mirrorPath, setCompare, usePanes } from "../../../state/panes.ts";
import { placesText } from "../../../text/places.ts";
import { transferText } from "../../../text/transfer.ts";
import { selectMissing } from "../commands.ts";
import { compareSelected, oneTag } from "../tag-actions.ts";
import { swapSides } from "../use-transfer-commands.ts";
import { CompareCounts } from "./compare-counts.tsx";

export function TransferBar() {
  const { on, only } = usePanes((state) => state.compare);
  const active = usePanes((state) => state.active);
  const hasRepository = usePanes((state) => state[state.active].repository !== undefined);
  const oneSelected = usePanes(() => oneTag(active) !== undefined);
  const text = transferText.compare;
  return (
    <section
      aria-label={text.bar}
      className="flex h-9 shrink-0 items-center gap-2 border-b border-line bg-canvas px-2"
    >
      <IconButton
        label={placesText.swap}
        icon={<ArrowLeftRight aria-hidden className="size-3.5" />}
        onClick={swapSides}
      />
      <IconButton
        label={placesText.mirror}
        disabled={!hasRepository}
        icon={<MoveHorizontal aria-hidden className="size-3.5" />}
        onClick={() => mirrorPath(active)}
      />
      <span aria-hidden className="mx-1 h-4 w-px bg-line" />
      <Switch
        label={text.switch}
        checked={on}
        onCheckedChange={(next) => setCompare({ on: next, only: "all" })}
      />
      {on && (
        <>
          <Segmented<CompareOnly>
            label={text.show}
            value={only}
            options={comparedParts.map((value) => ({ value, label: text.parts[value] }))}
            onValueChange={(next) => setCompare({ only: next })}
          />
          <CompareCounts />
          <Button
            size="small"
            disabled={!hasRepository}
            icon={<ListChecks aria-hidden className="size-3.5" />}
            title={transferText.commands.selectMissing}
            onClick={() => selectMissing(active)}
          >
            {text.selectMissing}
          </Button>
          <IconButton
            label={transferText.commands.compare}
            disabled={!oneSelected}
            icon={<GitCompareArrows aria-hidden className="size-3.5" />}
            onClick={() => compareSelected(active)}
          />
        </>
      )}
    </section>
  );
}
