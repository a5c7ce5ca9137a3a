// Clearing the history: which runs, how many these are, and a button that says what it does; it cannot be undone.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Select } from "../../components/select.tsx";
import { clearHistory, endedStates, historyKey } from "../../state/history.ts";
import { commonText } from "../../text/common.ts";
import { historyText } from "../../text/history.ts";

type Age = keyof typeof historyText.clearAges;
const days: Readonly<Record<Age, number>> = { all: 0, month: 30, quarter: 90, year: 365 };
const ages: readonly Age[] = ["all", "month", "quarter", "year"];

function before(age: Age): number | undefined {
  return age === "all" ? undefined : Date.now() - days[age] * 86_400_000;
}

export function ClearDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const [age, setAge] = useState<Age>("all");
  const count = useQuery({
    queryKey: [historyKey, "clear", age],
    queryFn: async ({ signal }) => {
      const until = before(age);
      const asked = { states: [...endedStates], limit: 1, ...(until === undefined ? {} : { until }) };
      return (await call("runs.list", asked, signal)).total;
    },
    enabled: open,
    staleTime: 0,
  }).data;
  const clear = (): void => {
    void clearHistory(before(age));
    onClose();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={historyText.clearTitle}
      description={historyText.clearBody}
      width="small"
      foot={
        <>
          <Button onClick={onClose}>{commonText.cancel}</Button>
          <Button variant="danger" disabled={count === undefined || count === 0} onClick={clear}>
            {count === 0 ? historyText.clearNothing : historyText.clearButton(count ?? 0)}
          </Button>
        </>
      }
    >
      <Select
        label={historyText.clearWhich}
        value={age}
        options={ages.map((value) => ({ value, label: historyText.clearAges[value] }))}
        onValueChange={setAge}
      />
    </Dialog>
  );
}
