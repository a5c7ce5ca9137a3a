// Saves what is planned as a job, new or changed.
import { useState } from "react";
import { toFreightlinerError } from "../../../shared/errors.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { showToast } from "../../components/toast.tsx";
import { showScreen } from "../../state/navigation.ts";
import { cancelPlan, saveJob, usePlan } from "../../state/plan.ts";
import { usePlanTicks } from "../../state/plan-ticks.ts";
import { planText } from "../../text/plan.ts";
import { draftOfJob, JobForm } from "./job-form.tsx";

const words = planText.job;

export function SaveJobDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { job, spec } = usePlan();
  const unticked = usePlanTicks(({ out }) => out.size > 0);
  const [draft, setDraft] = useState(() => draftOfJob(job));
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<string>();

  const ready = !saving && draft.name.trim() !== "";
  const save = async (): Promise<void> => {
    if (!ready) return;
    setSaving(true);
    setError(undefined);
    try {
      const saved = await saveJob(draft);
      onClose();
      // A changed job has nothing left to do here; a transfer may still be started.
      if (job !== undefined) cancelPlan();
      const show = {
        label: words.show,
        onSelect: () => {
          cancelPlan();
          showScreen("jobs", { jobId: saved.id });
        },
      };
      showToast({ title: words.saved(saved.name), tone: "ok", action: show });
    } catch (thrown) {
      setError(toFreightlinerError(thrown, "jobs.save").message);
    } finally {
      setSaving(false);
    }
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={job === undefined ? words.title : words.changeTitle}
      description={words.text}
      foot={
        <>
          <Button onClick={onClose}>{planText.cancel}</Button>
          <Button variant="primary" disabled={!ready} onClick={() => void save()}>
            {planText.save}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <JobForm draft={draft} error={error} onChange={setDraft} onEnter={() => void save()} />
        {unticked && <p className="text-xs text-muted">{words.unticked}</p>}
        {spec !== undefined && spec.options.mirror !== null && (
          <p className="text-xs text-bad">{words.mirror}</p>
        )}
      </div>
    </Dialog>
  );
}
