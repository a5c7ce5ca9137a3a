// What lies over the screens: a drawer, the plan, or a dialog that has no commands.
import { type OpenDrawer, useNavigation } from "../state/navigation.ts";
import { usePlan } from "../state/plan.ts";

export type OpenLayer = OpenDrawer["kind"] | "plan";

/** Of a drawer over the plan the drawer. */
export function useOpenLayer(): OpenLayer | undefined {
  const drawer = useNavigation((state) => state.drawer?.kind);
  const plan = usePlan((state) => state.open);
  return drawer ?? (plan ? "plan" : undefined);
}

/** True while a dialog is open that is neither a drawer nor the plan. */
export function isDialogOpen(): boolean {
  const layers = [useNavigation.getState().drawer !== undefined, usePlan.getState().open].filter(Boolean);
  return document.querySelectorAll("[data-modal][data-open]").length > layers.length;
}
