// Data: the folder, and backups of the database.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Backup } from "../../../shared/contract.ts";
import { call } from "../../api/client.ts";
import { queryClient } from "../../api/query.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Bytes } from "../../components/bytes.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { showError, showToast } from "../../components/toast.tsx";
import { When } from "../../components/when.tsx";
import { useCapabilities } from "../../state/connection.ts";
import { setSetting, useSetting } from "../../state/settings.ts";
import { commonText } from "../../text/common.ts";
import { dataText, rowText } from "../../text/settings.ts";
import { Section } from "./section.tsx";
import { SettingRow, useReset } from "./setting-row.tsx";

export function DataSection() {
  const capabilities = useCapabilities();
  const kept = useSetting("backups");
  const folder = capabilities?.dataFolder ?? "";
  return (
    <Section name="data">
      <SettingRow name="dataFolder" stacked>
        <div className="flex flex-wrap items-center gap-2">
          <code
            data-selectable
            className="min-w-0 rounded-sm bg-sunken px-2 py-1 font-mono text-xs break-all"
          >
            {folder}
          </code>
          <CopyButton label={dataText.copyPath} text={folder} />
          {capabilities?.can.openFolders === true &&
            (["data", "logs", "backups"] as const).map((name) => (
              <Button key={name} size="small" onClick={() => void openFolder(name)}>
                {dataText.open[name]}
              </Button>
            ))}
        </div>
      </SettingRow>
      <SettingRow name="backups" reset={useReset("backups", rowText("backups").title)}>
        <NumberField
          label={rowText("backups").title}
          labelHidden
          value={kept}
          min={0}
          max={30}
          className="w-28"
          onValueChange={(next) => next !== null && setSetting("backups", Math.round(next))}
        />
      </SettingRow>
      <SettingRow name="backupList" stacked>
        <Backups />
      </SettingRow>
    </Section>
  );
}

async function openFolder(folder: "data" | "logs" | "backups"): Promise<void> {
  await call("desktop.openFolder", { folder }).catch((thrown: unknown) =>
    showError(dataText.open[folder], thrown),
  );
}

const backupsKey = ["backups.list"];

function Backups() {
  const { data, error, isPending } = useQuery({
    queryKey: backupsKey,
    queryFn: ({ signal }) => call("backups.list", {}, signal),
  });
  const [making, setMaking] = useState(false);
  const [restoring, setRestoring] = useState<Backup>();
  const create = async (): Promise<void> => {
    setMaking(true);
    try {
      const { name } = await call("backups.create", {});
      showToast({ title: dataText.created(name), tone: "ok" });
      await queryClient.invalidateQueries({ queryKey: backupsKey });
    } catch (thrown) {
      showError(dataText.create, thrown);
    } finally {
      setMaking(false);
    }
  };
  return (
    <div className="flex flex-col gap-2">
      {error !== null ? (
        <p role="alert" className="text-xs text-bad">
          {error.message}
        </p>
      ) : isPending ? (
        <p className="text-xs text-muted">{commonText.loading}…</p>
      ) : data.backups.length === 0 ? (
        <p className="text-xs text-muted">{dataText.none}</p>
      ) : (
        <ul className="max-h-72 overflow-y-auto">
          {data.backups.map((backup) => (
            <BackupLine key={backup.name} backup={backup} onRestore={() => setRestoring(backup)} />
          ))}
        </ul>
      )}
      <div>
        <Button size="small" disabled={making} onClick={() => void create()}>
          {dataText.create}
        </Button>
      </div>
      {restoring !== undefined && (
        <RestoreDialog backup={restoring} onClose={() => setRestoring(undefined)} />
      )}
    </div>
  );
}

function BackupLine({ backup, onRestore }: { readonly backup: Backup; readonly onRestore: () => void }) {
  return (
    <li className="flex min-h-9 items-center gap-3 border-b border-line text-sm last:border-b-0">
      <span className="min-w-0 flex-1 truncate">{backup.name}</span>
      {backup.restoring && <Badge tone="info">{dataText.restoring}</Badge>}
      <When at={backup.createdAt} className="text-xs text-muted" />
      <Bytes className="w-20 text-right text-xs text-muted" value={backup.size} />
      <Button size="small" disabled={backup.restoring} onClick={onRestore}>
        {dataText.restore}
      </Button>
    </li>
  );
}

function RestoreDialog({ backup, onClose }: { readonly backup: Backup; readonly onClose: () => void }) {
  const restore = async (): Promise<void> => {
    onClose();
    try {
      await call("backups.restore", { name: backup.name });
      showToast({ title: dataText.restoreSet, text: backup.name, tone: "ok" });
      await queryClient.invalidateQueries({ queryKey: backupsKey });
    } catch (thrown) {
      showError(dataText.restoreConfirm, thrown);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={dataText.restoreTitle(backup.name)}
      width="small"
      foot={
        <>
          <Button onClick={onClose}>{commonText.cancel}</Button>
          <Button variant="danger" onClick={() => void restore()}>
            {dataText.restoreConfirm}
          </Button>
        </>
      }
    >
      <p className="text-sm">{dataText.restoreBody}</p>
    </Dialog>
  );
}
