// The tabs of a pane, where it has more than one.
import { clsx } from "clsx";
import { Plus, X } from "lucide-react";
import { IconButton } from "../../../components/button.tsx";
import { useEndpoints } from "../../../state/endpoints.ts";
import { type Pane, type Side, usePane } from "../../../state/panes.ts";
import { closeTab, newTab, showTab, useTabs } from "../../../state/tabs.ts";
import { placesText } from "../../../text/places.ts";
import { transferText } from "../../../text/transfer.ts";

export function TabStrip({ side }: { readonly side: Side }) {
  const { tabs, active } = useTabs((state) => state[side]);
  const current = usePane(side);
  const endpoints = useEndpoints((state) => state.endpoints);
  if (tabs.length < 2) return null;
  const nameOf = ({ endpointId, repository }: Pane): string => {
    const registry = endpoints.find(({ id }) => id === endpointId)?.name ?? transferText.picker.choose;
    return repository === undefined ? registry : `${repository.split("/").at(-1)} · ${registry}`;
  };
  return (
    <div className="flex h-8 shrink-0 items-stretch border-b border-line bg-sunken">
      <ul aria-label={placesText.tabs[side]} className="flex min-w-0 flex-1 items-stretch overflow-x-auto">
        {tabs.map(({ id, pane }) => {
          const name = nameOf(id === active ? current : pane);
          return (
            <li
              key={id}
              className={clsx(
                "flex max-w-52 min-w-16 items-center border-r border-line",
                id === active ? "border-b-2 border-b-accent bg-surface" : "text-muted hover:bg-hover",
              )}
            >
              <button
                type="button"
                aria-current={id === active}
                onClick={() => showTab(side, id)}
                onAuxClick={(event) => event.button === 1 && closeTab(side, id)}
                className="h-full min-w-0 flex-1 truncate pl-3 text-left text-xs -outline-offset-2"
              >
                {name}
              </button>
              <button
                type="button"
                aria-label={placesText.closeOne(name)}
                onClick={() => closeTab(side, id)}
                className="mx-1 flex size-5 shrink-0 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-text"
              >
                <X aria-hidden className="size-3" />
              </button>
            </li>
          );
        })}
      </ul>
      <IconButton
        className="m-1"
        label={placesText.newTab}
        icon={<Plus aria-hidden className="size-3.5" />}
        onClick={() => newTab(side)}
      />
    </div>
  );
}
