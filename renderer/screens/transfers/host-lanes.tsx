// The hosts that are worked with, a card each.
import { useEffect } from "react";
import { useConnection } from "../../state/connection.ts";
import { loadHosts, useHosts } from "../../state/hosts.ts";
import { transfersText } from "../../text/transfers.ts";
import { HostCard } from "./host-card.tsx";

export function HostLanes() {
  const open = useConnection().kind === "open";
  useEffect(() => {
    if (open) void loadHosts();
  }, [open]);
  // One text, so that a host's news does not draw the others.
  const names = useHosts(({ byName }) => [...byName.keys()].sort().join("\n"));
  return (
    <section aria-label={transfersText.hosts.title} className="flex flex-col gap-2">
      <h3 className="text-xs font-medium">{transfersText.hosts.title}</h3>
      {names === "" ? (
        <p className="text-xs text-muted">{transfersText.hosts.none}</p>
      ) : (
        <ul className="flex flex-col gap-2">
          {names.split("\n").map((name) => (
            <HostCard key={name} name={name} />
          ))}
        </ul>
      )}
    </section>
  );
}
