// One saved registry or folder as a row: how it is, what it is, who signs in, and its actions.
// biome-ignore-all lint/a11y/useSemanticElements: a row of a grid of groups
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus is on the row
import { Ellipsis } from "lucide-react";
import { memo } from "react";
import { type CheckStep, type Endpoint, endpointAddress } from "../../../shared/endpoint.ts";
import { IconButton } from "../../components/button.tsx";
import { isSaidByCode } from "../../components/error-details.tsx";
import { HealthDot } from "../../components/health-dot.tsx";
import { Menu } from "../../components/menu.tsx";
import { useNow } from "../../components/when.tsx";
import type { RegistryMark } from "../../state/places.ts";
import { isChecking } from "../../state/registries.ts";
import { useCheck } from "../../state/registry-checks.ts";
import { explainError } from "../../text/errors.ts";
import { placesText } from "../../text/places.ts";
import {
  checkedText,
  credentialBrief,
  healthText,
  healthWords,
  registriesText,
} from "../../text/registries.ts";
import { markLook } from "../transfer/path/endpoint-picker.tsx";
import { KindIcon } from "./kind-look.tsx";
import { registryMenu } from "./registry-actions.tsx";
import { RegistryFlags } from "./registry-flags.tsx";
import { kindOf } from "./registry-kind.ts";

export const registryColumns =
  "grid grid-cols-[0.25rem_0.5rem_1rem_minmax(10rem,1.5fr)_minmax(5rem,0.7fr)_minmax(9rem,1.3fr)_1.5rem] items-center gap-x-3 pr-3 pl-2";

export const RegistryRow = memo(function RegistryRow(props: {
  readonly endpoint: Endpoint;
  readonly mark: RegistryMark["colour"];
  readonly index: number;
  readonly focused: boolean;
  readonly onFocus: (id: string) => void;
}) {
  const { endpoint, mark, focused } = props;
  const address = endpointAddress(endpoint.settings);
  return (
    <div
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={focused}
      aria-label={endpoint.name}
      data-id={endpoint.id}
      tabIndex={focused ? 0 : -1}
      onFocus={() => props.onFocus(endpoint.id)}
      className={`${registryColumns} h-12 border-b border-line text-xs -outline-offset-2 hover:bg-hover aria-selected:bg-accent-soft`}
    >
      <span
        role="gridcell"
        className={`h-8 rounded-sm ${mark === undefined ? "" : markLook[mark]}`}
        {...(mark === undefined ? {} : { title: placesText.group.colours[mark] })}
      >
        {mark !== undefined && <span className="hidden-text">{placesText.group.colours[mark]}</span>}
      </span>
      <span role="gridcell" className="flex">
        <HealthDot health={endpoint.health} />
      </span>
      <span role="gridcell" className="flex">
        <KindIcon kind={kindOf(endpoint.settings)} />
      </span>
      <span role="gridcell" className="min-w-0">
        <span className="flex min-w-0 items-center gap-2">
          <span className="truncate text-sm font-medium">{endpoint.name}</span>
          <RegistryFlags endpoint={endpoint} />
        </span>
        {address !== endpoint.name && (
          <span data-selectable className="block truncate font-mono text-2xs text-muted">
            {address}
          </span>
        )}
      </span>
      <span role="gridcell" className="truncate text-muted" title={credentialBrief(endpoint)}>
        {credentialBrief(endpoint)}
      </span>
      <HealthCell endpoint={endpoint} />
      <span role="gridcell">
        <Menu
          trigger={
            <IconButton
              label={registriesText.more(endpoint.name)}
              icon={<Ellipsis aria-hidden className="size-3.5" />}
              tabIndex={focused ? 0 : -1}
            />
          }
          groups={registryMenu(endpoint)}
        />
      </span>
    </div>
  );
});

/** Its health and age; where something is wrong, what is. */
function HealthCell({ endpoint: { id, name, health } }: { readonly endpoint: Endpoint }) {
  const now = useNow();
  const checking = isChecking(useCheck(id));
  const failed = health.steps.find(({ outcome }) => outcome === "failed");
  const words = checking ? registriesText.checking : healthWords[health.state];
  const second = failed === undefined ? checkedText(health, now) : failedText(failed, name);
  return (
    <span role="gridcell" className="min-w-0">
      <span className="block truncate" title={healthText(health, now)}>
        {words}
      </span>
      {second !== "" && (
        <span className="block truncate text-2xs text-muted" title={second}>
          {second}
        </span>
      )}
    </span>
  );
}

/** The words of networks stand folded away in the details. */
function failedText({ text, error }: CheckStep, name: string): string {
  return error === undefined || !isSaidByCode(error.code)
    ? text
    : explainError(error, { other: name }).sentence;
}
