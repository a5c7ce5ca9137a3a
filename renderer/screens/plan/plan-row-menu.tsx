// The context menu of a plan's row: look closer, leave it out or only it in, take its digest away.
import { Copy, Focus, GitCompareArrows, Search, SquareCheck } from "lucide-react";
import type { Run, RunImage } from "../../../shared/run.ts";
import type { MenuGroups, MenuItem } from "../../components/menu.tsx";
import { copyText } from "../../state/history.ts";
import { openDrawer } from "../../state/navigation.ts";
import { setTicked, tickOnly } from "../../state/plan-ticks.ts";
import { planText } from "../../text/plan.ts";
import { isTickable } from "./plan-image.ts";
import { imageThere, imageToLookAt } from "./row-details.tsx";

const icon = "size-3.5";

/** How the row stands, and whether many rows are being ticked: then none can be. */
interface RowTicks {
  readonly ticked: boolean;
  readonly busy: boolean;
}

export function planRowMenu(run: Run, image: RunImage, ticks: RowTicks): MenuGroups {
  return [lookItems(run, image), tickItems(image, ticks), copyItems(image)].filter(
    (group) => group.length > 0,
  );
}

function lookItems(run: Run, image: RunImage): readonly MenuItem[] {
  const at = imageToLookAt(run, image);
  const there = imageThere(run, image);
  if (at === undefined) return [];
  const inspect: MenuItem = {
    id: "inspect",
    label: planText.inspect,
    shortcut: "Enter",
    icon: <Search aria-hidden className={icon} />,
    onSelect: () => openDrawer({ kind: "inspect", image: at }),
  };
  if (there === undefined) return [inspect];
  return [
    inspect,
    {
      id: "compare",
      label: planText.compare,
      icon: <GitCompareArrows aria-hidden className={icon} />,
      onSelect: () => openDrawer({ kind: "compare", source: at, destination: there }),
    },
  ];
}

function tickItems(image: RunImage, { ticked, busy }: RowTicks): readonly MenuItem[] {
  if (!isTickable(image)) return [];
  return [
    {
      id: "tick",
      label: ticked ? planText.untick : planText.tick,
      shortcut: planText.space,
      icon: <SquareCheck aria-hidden className={icon} />,
      disabled: busy,
      onSelect: () => setTicked([image], !ticked),
    },
    {
      id: "only",
      label: planText.tickOnly,
      icon: <Focus aria-hidden className={icon} />,
      disabled: busy,
      onSelect: () => void tickOnly(image),
    },
  ];
}

function copyItems({ digest }: RunImage): readonly MenuItem[] {
  if (digest === null) return [];
  return [
    {
      id: "digest",
      label: planText.copyDigest,
      icon: <Copy aria-hidden className={icon} />,
      onSelect: () => void copyText(digest, planText.digestCopied),
    },
  ];
}
