// What a sync file that was dropped would save as jobs, or what is wrong with it.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { MethodResult } from "../../../../shared/contract.ts";
import type { FreightlinerError } from "../../../../shared/errors.ts";
import { call } from "../../../api/client.ts";
import { ErrorState, LoadingRows } from "../../../components/states.tsx";
import { showError, showToast } from "../../../components/toast.tsx";
import { showScreen } from "../../../state/navigation.ts";
import { transferText } from "../../../text/transfer.ts";
import { FormDialog } from "./form-dialog.tsx";
import { closeTransferDialog } from "./open.ts";

type Preview = MethodResult<"jobs.fromSyncFile">;

export function SyncFileDialog({ fileName, text }: { readonly fileName: string; readonly text: string }) {
  const words = transferText.syncFile;
  const [busy, setBusy] = useState(false);
  const { data, error } = useQuery<Preview, FreightlinerError>({
    queryKey: ["jobs.fromSyncFile", text],
    queryFn: ({ signal }) => call("jobs.fromSyncFile", { text, save: false }, signal),
  });
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const { saved } = await call("jobs.fromSyncFile", { text, save: true });
      showToast({
        title: words.saved(saved.length),
        tone: "ok",
        action: { label: words.show, onSelect: () => showScreen("jobs") },
      });
      closeTransferDialog();
    } catch (thrown) {
      setBusy(false);
      showError(words.save, thrown);
    }
  };
  return (
    <FormDialog
      title={words.title}
      description={fileName}
      action={words.save}
      disabled={busy || data === undefined || data.jobs.length === 0 || data.problems.length > 0}
      onSubmit={() => void save()}
    >
      {error !== null ? (
        <ErrorState error={error} />
      ) : data === undefined ? (
        <LoadingRows label={words.reading} rows={2} />
      ) : (
        <>
          {data.problems.length > 0 && (
            <ul role="alert" data-selectable className="flex flex-col gap-1 text-xs text-bad">
              {data.problems.map(({ line, column, text: problem }) => (
                <li key={`${line}:${column} ${problem}`}>
                  {words.at(line, column)} {problem}
                </li>
              ))}
            </ul>
          )}
          <ul className="flex flex-col gap-2">
            {data.jobs.map((job) => (
              <li key={job.name}>
                <p className="font-medium">{job.name}</p>
                <p className="text-xs text-muted">{job.summary}</p>
                {job.schedule !== null && <p className="text-xs text-muted">{job.schedule}</p>}
              </li>
            ))}
          </ul>
        </>
      )}
    </FormDialog>
  );
}
