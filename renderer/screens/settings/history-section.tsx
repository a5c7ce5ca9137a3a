// History and what comes after the queue: how long ended transfers are kept, clearing them, quitting, the tray.
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Select } from "../../components/select.tsx";
import { useCapabilities } from "../../state/connection.ts";
import { setSetting, useSetting } from "../../state/settings.ts";
import { historyText as clearText } from "../../text/history.ts";
import { historyText, rowText } from "../../text/settings.ts";
import { ClearDialog } from "../history/clear-dialog.tsx";
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

function ClearHistory() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="danger" onClick={() => setOpen(true)}>
        {clearText.clear}
      </Button>
      <ClearDialog open={open} onClose={() => setOpen(false)} />
    </>
  );
}
