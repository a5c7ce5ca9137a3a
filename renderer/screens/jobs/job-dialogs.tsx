// The dialogs of one saved job: another name, another schedule. Editing what it copies is the plan's; removing can be undone.
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { SavedJob, Schedule } from "../../../shared/job.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { ScheduleField } from "../../components/schedule-field.tsx";
import { TextField } from "../../components/text-field.tsx";
import { changeJob, removeJobs, useJobs } from "../../state/jobs.ts";
import { editJob } from "../../state/plan.ts";
import { commonText } from "../../text/common.ts";
import { jobsText } from "../../text/jobs.ts";

export interface AskAbout {
  readonly kind: "edit" | "rename" | "schedule" | "remove";
  readonly job: SavedJob;
}

export function JobDialogs({
  asking,
  onClose,
}: {
  readonly asking: AskAbout | undefined;
  readonly onClose: () => void;
}) {
  // Neither of these asks anything here.
  useEffect(() => {
    if (asking?.kind === "edit") void editJob(asking.job);
    if (asking?.kind === "remove") removeJobs([asking.job]);
    if (asking?.kind === "edit" || asking?.kind === "remove") onClose();
  }, [asking, onClose]);
  const renaming = asking?.kind === "rename" ? asking.job : undefined;
  const scheduling = asking?.kind === "schedule" ? asking.job : undefined;
  return (
    <>
      <RenameDialog job={renaming} onClose={onClose} />
      <ScheduleDialog job={scheduling} onClose={onClose} />
    </>
  );
}

interface DialogProps {
  /** Undefined keeps it closed. */
  readonly job: SavedJob | undefined;
  readonly onClose: () => void;
}

function RenameDialog({ job, onClose }: DialogProps) {
  const form = useRef<HTMLFormElement>(null);
  return (
    <Dialog
      open={job !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={job === undefined ? "" : jobsText.renameTitle(job.name)}
      width="small"
      foot={
        <>
          <Button onClick={onClose}>{commonText.cancel}</Button>
          <Button variant="primary" onClick={() => form.current?.requestSubmit()}>
            {jobsText.save}
          </Button>
        </>
      }
    >
      {job !== undefined && <RenameForm key={job.id} form={form} job={job} onClose={onClose} />}
    </Dialog>
  );
}

function RenameForm({
  form,
  job,
  onClose,
}: {
  readonly form: React.RefObject<HTMLFormElement | null>;
  readonly job: SavedJob;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(job.name);
  const next = name.trim();
  const taken = useJobs(({ jobs }) => jobs.some((other) => other.id !== job.id && other.name === next));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (next === "" || taken) return;
    if (next === job.name || (await changeJob(job, { name: next }))) onClose();
  };
  return (
    <form ref={form} onSubmit={(event) => void submit(event)}>
      <TextField
        label={jobsText.name}
        value={name}
        onValueChange={setName}
        maxLength={100}
        error={taken ? jobsText.nameTaken : undefined}
      />
    </form>
  );
}

function ScheduleDialog({ job, onClose }: DialogProps) {
  const [schedule, setSchedule] = useState<Schedule | null>(null);
  useEffect(() => setSchedule(job?.schedule ?? null), [job]);
  const save = async (): Promise<void> => {
    if (job !== undefined && (await changeJob(job, { schedule }))) onClose();
  };
  return (
    <Dialog
      open={job !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={job === undefined ? "" : jobsText.scheduleTitle(job.name)}
      foot={
        <>
          <Button onClick={onClose}>{commonText.cancel}</Button>
          <Button variant="primary" onClick={() => void save()}>
            {jobsText.save}
          </Button>
        </>
      }
    >
      <ScheduleField value={schedule} onChange={setSchedule} />
    </Dialog>
  );
}
