// A saved job's own part: its name, when it runs, and whether it does.
import type { SavedJob, Schedule } from "../../../shared/job.ts";
import { ScheduleField } from "../../components/schedule-field.tsx";
import { Switch } from "../../components/switch.tsx";
import { TextField } from "../../components/text-field.tsx";
import { planText } from "../../text/plan.ts";

const words = planText.job;

export interface JobDraft {
  readonly name: string;
  readonly schedule: Schedule | null;
  readonly enabled: boolean;
}

export function draftOfJob(job: SavedJob | undefined): JobDraft {
  return job === undefined
    ? { name: "", schedule: null, enabled: true }
    : { name: job.name, schedule: job.schedule, enabled: job.enabled };
}

export function JobForm({
  draft,
  error,
  onChange,
  onEnter,
}: {
  readonly draft: JobDraft;
  /** What saving it said. */
  readonly error: string | undefined;
  readonly onChange: (draft: JobDraft) => void;
  /** Enter in the name. */
  readonly onEnter: () => void;
}) {
  return (
    <div className="flex flex-col gap-4">
      <TextField
        label={words.name}
        value={draft.name}
        maxLength={100}
        autoComplete="off"
        onValueChange={(name) => onChange({ ...draft, name })}
        onKeyDown={({ key, nativeEvent }) => key === "Enter" && !nativeEvent.isComposing && onEnter()}
      />
      <ScheduleField value={draft.schedule} onChange={(schedule) => onChange({ ...draft, schedule })} />
      <Switch
        label={words.enabled}
        hint={words.enabledHint}
        checked={draft.enabled}
        onCheckedChange={(enabled) => onChange({ ...draft, enabled })}
      />
      {error !== undefined && (
        <p role="alert" data-selectable className="text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
