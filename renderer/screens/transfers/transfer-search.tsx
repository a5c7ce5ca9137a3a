// Looks for transfers and their images by name, and shows images of one kind only.
import { useEffect, useState } from "react";
import type { ImageState } from "../../../shared/run.ts";
import { SearchField } from "../../components/search-field.tsx";
import { Select } from "../../components/select.tsx";
import { setRunFilter, useRuns } from "../../state/runs.ts";
import { transfersText } from "../../text/transfers.ts";

const kinds = ["all", "running", "waiting", "failed", "done"] as const;
type Kind = (typeof kinds)[number];
const statesOfKind: Readonly<Record<Kind, readonly ImageState[]>> = {
  all: [],
  running: ["running"],
  waiting: ["planned"],
  failed: ["failed"],
  done: ["succeeded", "skipped", "cancelled"],
};

/** Milliseconds after the last key. */
const typingMs = 200;

export function TransferSearch() {
  const [text, setText] = useState("");
  const states = useRuns(({ filter }) => filter.states);
  const kind = kinds.find((name) => statesOfKind[name].join() === states.join()) ?? "all";
  useEffect(() => {
    const timer = setTimeout(
      () => setRunFilter({ ...useRuns.getState().filter, text: text.trim() }),
      typingMs,
    );
    return () => clearTimeout(timer);
  }, [text]);
  const words = transfersText.imageFilter;
  return (
    <>
      <SearchField
        label={transfersText.search}
        placeholder={transfersText.searchHint}
        value={text}
        onValueChange={setText}
        data-transfer-search
        className="w-44 min-w-24 shrink"
      />
      <Select
        label={words.label}
        labelHidden
        inBar
        className="w-32 shrink-0"
        value={kind}
        options={kinds.map((name) => ({ value: name, label: words[name] }))}
        onValueChange={(next) => setRunFilter({ ...useRuns.getState().filter, states: statesOfKind[next] })}
      />
    </>
  );
}
