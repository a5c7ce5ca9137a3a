// What can be done with an open plan, for the palette, the shortcut sheet and the native menus.
import { useCommands } from "../../commands/registry.ts";
import { copyCommand, saveSyncFile } from "../../state/copy-command.ts";
import { cancelPlan, isCurrent, keepPlan, usePlan } from "../../state/plan.ts";
import { planText } from "../../text/plan.ts";

export function usePlanCommands(acts: {
  readonly open: boolean;
  readonly onStart: () => void;
  readonly onSave: () => void;
}): void {
  const { open, onStart, onSave } = acts;
  useCommands(() => {
    if (!open) return [];
    const group = planText.group;
    const isEnabled = (): boolean => isCurrent(usePlan.getState());
    const withRun = (act: (runId: string) => void) => (): void => {
      const { run } = usePlan.getState();
      if (run !== undefined) act(run.id);
    };
    const options = usePlan.getState().spec?.options;
    return [
      {
        id: "plan.start",
        title: planText.start,
        keys: "Mod+Enter",
        inDialogs: true,
        group,
        isEnabled,
        run: onStart,
      },
      { id: "plan.saveAsJob", title: planText.saveJob, group, run: onSave },
      {
        id: "plan.copyCommand",
        title: planText.copyCommand,
        group,
        isEnabled,
        run: withRun((runId) => void copyCommand(runId, options)),
      },
      {
        id: "plan.saveSyncFile",
        title: planText.syncFile,
        group,
        isEnabled,
        run: withRun((runId) => void saveSyncFile(runId, options)),
      },
      { id: "plan.keep", title: planText.keep, group, isEnabled, run: keepPlan },
      { id: "plan.cancel", title: planText.cancel, group, run: cancelPlan },
    ];
  }, [open, onStart, onSave]);
}
