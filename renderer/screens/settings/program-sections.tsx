// The program itself: its log, updates, and what it is.
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { UpdateStatus } from "../../../shared/update.ts";
import { call } from "../../api/client.ts";
import { onLive } from "../../api/live.ts";
import { queryClient } from "../../api/query.ts";
import { Button } from "../../components/button.tsx";
import { showError } from "../../components/toast.tsx";
import { useCapabilities } from "../../state/connection.ts";
import { openDrawer } from "../../state/navigation.ts";
import { commonText, statusText } from "../../text/common.ts";
import { aboutText } from "../../text/settings.ts";
import { Notices } from "./notices.tsx";
import { Section } from "./section.tsx";
import { SettingRow, SwitchRow } from "./setting-row.tsx";

export function LogSection() {
  return (
    <Section name="log">
      <SettingRow name="log">
        <Button onClick={() => openDrawer({ kind: "log", runId: undefined })}>{aboutText.openLog}</Button>
      </SettingRow>
    </Section>
  );
}

export function UpdatesSection() {
  return (
    <Section name="updates">
      <SwitchRow name="checkForUpdates" />
      <SettingRow name="updateStatus" stacked>
        <Updates />
      </SettingRow>
    </Section>
  );
}

const updatesKey = ["updates.get"];

function Updates() {
  const { data: status } = useQuery({
    queryKey: updatesKey,
    queryFn: ({ signal }) => call("updates.get", {}, signal),
  });
  useEffect(() => onLive("update.changed", (changed) => queryClient.setQueryData(updatesKey, changed)), []);
  if (status === undefined) return null;
  const busy = status.state === "checking" || status.state === "downloading";
  return (
    <div className="flex flex-col items-start gap-2">
      <p className="text-sm" role="status">
        {status.current} · {updateWords(status)}
      </p>
      {status.text !== null && <p className="text-xs text-muted">{status.text}</p>}
      {status.notes !== null && (
        <p data-selectable className="max-h-48 w-full overflow-y-auto text-xs whitespace-pre-wrap text-muted">
          {status.notes}
        </p>
      )}
      <div className="flex gap-2">
        <Button
          size="small"
          disabled={busy || status.state === "unsupported"}
          onClick={() => void ask("updates.check", aboutText.check)}
        >
          {aboutText.check}
        </Button>
        {status.state === "ready" && (
          <Button
            size="small"
            variant="primary"
            onClick={() => void ask("updates.install", aboutText.install)}
          >
            {aboutText.install}
          </Button>
        )}
      </div>
    </div>
  );
}

function updateWords(status: UpdateStatus): string {
  if (status.version !== null && status.state === "downloading")
    return aboutText.downloading(status.version, Math.floor(status.percent ?? 0));
  if (status.version !== null && status.state === "ready") return aboutText.ready(status.version);
  return aboutText.updateStates[status.state];
}

async function ask(method: "updates.check" | "updates.install", what: string): Promise<void> {
  try {
    await call(method, {});
    await queryClient.invalidateQueries({ queryKey: updatesKey });
  } catch (thrown) {
    showError(what, thrown);
  }
}

export function AboutSection() {
  const capabilities = useCapabilities();
  return (
    <Section name="about">
      <SettingRow name="version" stacked>
        <p className="text-sm">{aboutText.summary}</p>
        {capabilities !== undefined && (
          <p data-selectable className="mt-1 text-xs text-muted">
            {commonText.product} {capabilities.version} · {aboutText.face}:{" "}
            {statusText.faces[capabilities.face]} · {aboutText.platform}: {capabilities.platform}
          </p>
        )}
        <Notices />
      </SettingRow>
    </Section>
  );
}
