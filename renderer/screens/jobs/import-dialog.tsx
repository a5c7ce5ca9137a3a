// Importing a sync file: its text, what it would save, and every problem with its place; nothing is saved unseen.
import { FileUp } from "lucide-react";
import { type ChangeEvent, type DragEvent, useEffect, useRef, useState } from "react";
import type { MethodResult } from "../../../shared/contract.ts";
import { type FreightlinerError, toFreightlinerError } from "../../../shared/errors.ts";
import { call } from "../../api/client.ts";
import { Badge, StatusIcon } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { ErrorState } from "../../components/states.tsx";
import { showError, showToast } from "../../components/toast.tsx";
import { rememberJob, useJobs } from "../../state/jobs.ts";
import { commonText } from "../../text/common.ts";
import { jobsText } from "../../text/jobs.ts";

type Read = MethodResult<"jobs.fromSyncFile">;
const mostCharacters = 1_000_000;
const typingMs = 400;

export function ImportDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const [text, setText] = useState("");
  const [read, setRead] = useState<Read>();
  const [error, setError] = useState<FreightlinerError>();
  const area = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  useEffect(() => {
    setRead(undefined);
    setError(undefined);
    if (text.trim() === "") return;
    const asked = new AbortController();
    const timer = setTimeout(() => {
      call("jobs.fromSyncFile", { text }, asked.signal).then(setRead, (thrown: unknown) => {
        if (!asked.signal.aborted) setError(toFreightlinerError(thrown, "jobs.fromSyncFile"));
      });
    }, typingMs);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [text]);

  const takeFile = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    if (chosen.size > mostCharacters) showToast({ title: jobsText.tooLarge, tone: "bad" });
    else setText(await chosen.text());
  };
  const drop = (event: DragEvent): void => {
    const dropped = event.dataTransfer.files[0];
    if (dropped === undefined) return;
    event.preventDefault();
    void takeFile(dropped);
  };
  const save = async (): Promise<void> => {
    try {
      const { saved, problems } = await call("jobs.fromSyncFile", { text, save: true });
      for (const job of saved) rememberJob(job);
      if (problems.length > 0) return;
      showToast({ title: jobsText.saved(saved.length), tone: "ok" });
      setText("");
      onClose();
    } catch (thrown) {
      showError(jobsText.import, thrown);
    }
  };
  const ready = read !== undefined && read.problems.length === 0 && read.jobs.length > 0;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={jobsText.importTitle}
      description={jobsText.importHint}
      width="large"
      foot={
        <>
          <Button onClick={onClose}>{commonText.cancel}</Button>
          <Button variant="primary" disabled={!ready} onClick={() => void save()}>
            {ready ? jobsText.saveJobs(read.jobs.length) : jobsText.save}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-2 gap-4">
        <div className="flex min-w-0 flex-col gap-2">
          <div className="flex items-center justify-between">
            <label htmlFor="sync-file" className="text-xs font-medium">
              {jobsText.fileText}
            </label>
            <Button
              size="small"
              icon={<FileUp aria-hidden className="size-3.5" />}
              onClick={() => file.current?.click()}
            >
              {jobsText.chooseFile}
            </Button>
            <input
              ref={file}
              type="file"
              aria-label={jobsText.chooseFile}
              accept=".yaml,.yml,.json"
              className="hidden"
              onChange={(event: ChangeEvent<HTMLInputElement>) => void takeFile(event.target.files?.[0])}
            />
          </div>
          <textarea
            id="sync-file"
            ref={area}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onDrop={drop}
            spellCheck={false}
            maxLength={mostCharacters}
            className="h-80 resize-none rounded-md border border-control bg-surface p-2 font-mono text-xs whitespace-pre focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-accent"
          />
        </div>
        <div role="status" className="flex h-87 min-w-0 flex-col gap-3 overflow-y-auto text-xs">
          {error !== undefined && <ErrorState error={error} />}
          {read !== undefined && (
            <>
              <Problems problems={read.problems} onGo={(line, column) => goTo(area.current, line, column)} />
              {/* What could not be read is not known to hold none. */}
              {(read.jobs.length > 0 || read.problems.length === 0) && <FoundJobs jobs={read.jobs} />}
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function Problems({
  problems,
  onGo,
}: {
  readonly problems: Read["problems"];
  readonly onGo: (line: number, column: number) => void;
}) {
  if (problems.length === 0) return null;
  return (
    <div>
      <h3 className="flex items-center gap-1.5 pb-1 font-medium">
        <StatusIcon kind="bad" />
        {jobsText.problems(problems.length)}
      </h3>
      <ul className="flex flex-col gap-1">
        {problems.map((problem) => (
          <li key={`${problem.line}:${problem.column} ${problem.text}`}>
            <button
              type="button"
              onClick={() => onGo(problem.line, problem.column)}
              className="w-full rounded-sm px-2 py-1 text-left hover:bg-hover"
            >
              <span className="block text-muted">{jobsText.position(problem.line, problem.column)}</span>
              {problem.text}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function FoundJobs({ jobs }: { readonly jobs: Read["jobs"] }) {
  const known = useJobs((state) => state.jobs);
  return (
    <div>
      <h3 className="pb-1 font-medium">{jobsText.found(jobs.length)}</h3>
      <ul className="flex flex-col gap-2">
        {jobs.map((job) => (
          <li key={job.name} className="rounded-md border border-line p-2">
            <span className="font-medium">{job.name}</span>
            {known.some(({ name }) => name === job.name) && (
              <Badge tone="warn" className="ml-2">
                {jobsText.replaces}
              </Badge>
            )}
            <span className="block text-muted">{job.summary}</span>
            <span className="block text-muted">{job.schedule ?? jobsText.byHand}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Puts the caret there; both are counted from 1. */
function goTo(area: HTMLTextAreaElement | null, line: number, column: number): void {
  if (area === null) return;
  const before = area.value.split("\n").slice(0, line - 1);
  const at = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  area.focus();
  area.setSelectionRange(at, at);
}
