// Clearing the history, from its screen and from the settings: which runs, how many, and a button that says what it does.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { MethodInput } from "../../../shared/contract.ts";
import { call } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Select } from "../../components/select.tsx";
import { clearHistory, endedStates, historyKey } from "../../state/history.ts";
import { commonText } from "../../text/common.ts";
import { historyText } from "../../text/history.ts";

type Which = keyof typeof historyText.clearKinds;
const kinds: readonly Which[] = ["all", "done", "month", "quarter", "year"];
const days = { month: 30, quarter: 90, year: 365 } as const;

function whatGoes(which: Which): MethodInput<"runs.clear"> {
  switch (which) {
    case "all":
      return {};
    case "done":
      return { states: ["succeeded", "cancelled"] };
    default:
      return { endedBefore: Date.now() - days[which] * 86_400_000 };
  }
}

export function ClearDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const [which, setWhich] = useState<Which>("all");
  const count = useQuery({
    queryKey: [historyKey, "clear", which],
    queryFn: async ({ signal }) => {
      const { states = [...endedStates], endedBefore: until } = whatGoes(which);
      const asked = { states, limit: 1, ...(until === undefined ? {} : { until }) };
      return (await call("runs.list", asked, signal)).total;
    },
    enabled: open,
    staleTime: 0,
  }).data;
  const clear = (): void => {
    void clearHistory(whatGoes(which));
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
        value={which}
        options={kinds.map((value) => ({ value, label: historyText.clearKinds[value] }))}
        onValueChange={setWhich}
      />
    </Dialog>
  );
}
