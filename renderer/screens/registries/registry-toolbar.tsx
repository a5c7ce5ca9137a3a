// Above the list of registries: search, order, groups, how many there are, and what adds more.
import type { ReactNode } from "react";
import type { Endpoint } from "../../../shared/endpoint.ts";
import { SearchField } from "../../components/search-field.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { Switch } from "../../components/switch.tsx";
import { registriesText } from "../../text/registries.ts";
import { type RegistryView, registrySorts } from "./order-registries.ts";

/** A search among fewer is more to read than the list itself. */
const worthSearching = 6;

export function RegistryToolbar(props: {
  readonly view: RegistryView;
  readonly onChange: (change: Partial<RegistryView>) => void;
  readonly endpoints: readonly Endpoint[];
  readonly shown: number;
  readonly children: ReactNode;
}) {
  const { view, onChange, endpoints, shown } = props;
  const failing = endpoints.filter(
    ({ health }) => health.state === "failing" || health.state === "needs-sign-in",
  ).length;
  const counts = [
    ...(endpoints.length === 0 ? [] : [registriesText.count(shown)]),
    ...(failing === 0 ? [] : [registriesText.failingCount(failing)]),
  ];
  return (
    <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-3 py-1.5">
      <h2 className="text-base font-semibold">{registriesText.title}</h2>
      {(endpoints.length >= worthSearching || view.search !== "") && (
        <SearchField
          label={registriesText.search}
          placeholder={registriesText.search}
          value={view.search}
          onValueChange={(search) => onChange({ search })}
          className="w-44"
        />
      )}
      {endpoints.length > 1 && (
        <>
          <Segmented
            label={registriesText.sort}
            value={view.sort}
            options={registrySorts.map((value) => ({ value, label: registriesText.sorts[value] }))}
            onValueChange={(sort) => onChange({ sort })}
          />
          <Switch
            label={registriesText.grouped}
            checked={view.grouped}
            onCheckedChange={(grouped) => onChange({ grouped })}
            className="text-xs"
          />
        </>
      )}
      <span role="status" className="text-xs text-muted">
        {counts.join(" · ")}
      </span>
      <span className="flex-1" />
      {props.children}
    </div>
  );
}
