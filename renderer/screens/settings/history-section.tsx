// History and what comes after the queue: how long ended transfers are kept, clearing them, quitting, the tray.
import { useState } from "react";
import type { MethodInput } from "../../../shared/contract.ts";
import { call } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { Select } from "../../components/select.tsx";
import { showError, showToast } from "../../components/toast.tsx";
import { useCapabilities } from "../../state/connection.ts";
import { setSetting, useSetting } from "../../state/settings.ts";
import { commonText } from "../../text/common.ts";
import { historyText, rowText } from "../../text/settings.ts";
import { Section } from "./section.tsx";
import { ChoiceRow, SettingRow, SwitchRow, useReset } from "./setting-row.tsx";

export function AfterQueueSection() {
  const can = useCapabilities()?.can;
  return (
    <Section name="afterQueue">
      {/* A page in a browser cannot end the program that serves it. */}
      <ChoiceRow name="afterQueue" only={(value) => value !== "quit" || can?.tray === true} />
      <SwitchRow name="closeToTray" />
    </Section>
  );
}

const usualDays = [7, 30, 90, 365];

export function HistorySection() {
  const days = useSetting("historyDays");
  const title = rowText("historyDays").title;
  const choices = days === null || usualDays.includes(days) ? usualDays : [...usualDays, days];
  return (
    <Section name="history">
      <SettingRow name="historyDays" reset={useReset("historyDays", title)}>
        <Select
          label={title}
          labelHidden
          className="w-44"
          value={days === null ? "never" : String(days)}
          options={[
            { value: "never", label: historyText.never },
            ...choices.map((count) => ({ value: String(count), label: historyText.after(count) })),
          ]}
          onValueChange={(value) => setSetting("historyDays", value === "never" ? null : Number(value))}
        />
      </SettingRow>
      <SettingRow name="historyClear">
        <ClearHistory />
      </SettingRow>
    </Section>
  );
}

type Kind = keyof typeof historyText.kinds;

function whatGoes(kind: Kind): MethodInput<"runs.clear"> {
  switch (kind) {
    case "all":
      return {};
    case "done":
      return { states: ["succeeded", "cancelled"] };
    case "month":
      return { endedBefore: Date.now() - 30 * 86_400_000 };
  }
}

function ClearHistory() {
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<Kind>("month");
  const clear = async (): Promise<void> => {
    setOpen(false);
    try {
      const { removed } = await call("runs.clear", whatGoes(kind));
      showToast({ title: historyText.cleared(removed), tone: "ok" });
    } catch (thrown) {
      showError(historyText.confirm, thrown);
    }
  };
  return (
    <>
      <Button variant="danger" onClick={() => setOpen(true)}>
        {historyText.clear}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={historyText.clearTitle}
        foot={
          <>
            <Button onClick={() => setOpen(false)}>{commonText.cancel}</Button>
            <Button variant="danger" onClick={() => void clear()}>
              {historyText.confirm}
            </Button>
          </>
        }
      >
        <Segmented
          label={historyText.which}
          value={kind}
          options={(Object.keys(historyText.kinds) as Kind[]).map((value) => ({
            value,
            label: historyText.kinds[value],
          }))}
          onValueChange={setKind}
        />
        <p className="mt-3 text-sm text-muted">{historyText.body}</p>
      </Dialog>
    </>
  );
}
