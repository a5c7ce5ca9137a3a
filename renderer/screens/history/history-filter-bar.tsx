// The history's filters: text, state, registry, job and time.
import { useEffect, useState } from "react";
import { SearchField } from "../../components/search-field.tsx";
import { Select } from "../../components/select.tsx";
import { useEndpoints } from "../../state/endpoints.ts";
import { type StateFilter, type TimeFilter, useHistoryFilter } from "../../state/history.ts";
import { useJobs } from "../../state/jobs.ts";
import { historyText } from "../../text/history.ts";

const typingMs = 200;

export function HistoryFilterBar() {
  const filter = useHistoryFilter();
  const endpoints = useEndpoints((state) => state.endpoints);
  const jobs = useJobs((state) => state.jobs);
  const set = useHistoryFilter.setState;
  return (
    <>
      <TextFilter />
      <Select
        label={historyText.filterState}
        labelHidden
        inBar
        className="w-40"
        value={filter.state}
        options={options(historyText.states)}
        onValueChange={(state: StateFilter) => set({ state })}
      />
      <Select
        label={historyText.filterEndpoint}
        labelHidden
        inBar
        className="w-40"
        value={filter.endpointId}
        options={[
          { value: "all", label: historyText.allEndpoints },
          ...endpoints.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onValueChange={(endpointId) => set({ endpointId })}
      />
      {(jobs.length > 0 || filter.jobId !== "all") && (
        <Select
          label={historyText.filterJob}
          labelHidden
          inBar
          className="w-40"
          value={filter.jobId}
          options={[
            { value: "all", label: historyText.allJobs },
            ...jobs.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onValueChange={(jobId) => set({ jobId })}
        />
      )}
      <Select
        label={historyText.filterTime}
        labelHidden
        inBar
        className="w-36"
        value={filter.time}
        options={options(historyText.times)}
        onValueChange={(time: TimeFilter) => set({ time })}
      />
    </>
  );
}

function options<V extends string>(words: Readonly<Record<V, string>>): { value: V; label: string }[] {
  return (Object.keys(words) as V[]).map((value) => ({ value, label: words[value] }));
}

/** The engine is asked when the typing pauses. */
function TextFilter() {
  const text = useHistoryFilter((state) => state.text);
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => useHistoryFilter.setState({ text: typed }), typed === "" ? 0 : typingMs);
    return () => clearTimeout(timer);
  }, [typed, text]);
  return (
    <SearchField
      label={historyText.search}
      placeholder={historyText.search}
      value={typed}
      onValueChange={setTyped}
      maxLength={500}
      className="w-60"
    />
  );
}
