// What can be done with an open plan, for the palette, the shortcut sheet and the native menus.
import { useCommands } from "../../commands/registry.ts";
import { copyCommand, saveSyncFile } from "../../state/copy-command.ts";
import { cancelPlan, isCurrent, keepPlan, usePlan } from "../../state/plan.ts";

export function usePlanCommands(acts: {
  readonly open: boolean;
  readonly onStart: () => void;
  readonly onSave: () => void;
}): void {
  const { open, onStart, onSave } = acts;
  useCommands(() => {
    if (!open) return {};
    const isEnabled = (): boolean => isCurrent(usePlan.getState());
    const withRun = (act: (runId: string) => void) => (): void => {
      const { run } = usePlan.getState();
      if (run !== undefined) act(run.id);
    };
    const options = usePlan.getState().spec?.options;
    return {
      "plan.start": { isEnabled, run: onStart },
      "plan.saveAsJob": { run: onSave },
      "plan.copyCommand": { isEnabled, run: withRun((runId) => void copyCommand(runId, options)) },
      "plan.saveSyncFile": { isEnabled, run: withRun((runId) => void saveSyncFile(runId, options)) },
      "plan.keep": { isEnabled, run: keepPlan },
      "plan.cancel": { run: cancelPlan },
    };
  }, [open, onStart, onSave]);
}
