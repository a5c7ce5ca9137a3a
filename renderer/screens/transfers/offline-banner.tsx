// Says that nothing can move because the network, or every host of the running transfers, is away.
import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useHosts } from "../../state/hosts.ts";
import { useRuns } from "../../state/runs.ts";
import { transfersText } from "../../text/transfers.ts";

function onNetwork(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

export function OfflineBanner() {
  const online = useSyncExternalStore(onNetwork, () => navigator.onLine);
  const running = useRuns(({ runs }) => runs.some(({ state }) => state === "running"));
  const allDown = useHosts(
    ({ byName }) =>
      byName.size > 0 && [...byName.values()].every(({ state }) => state === "open" || state === "probing"),
  );
  // A registry on this machine or the next works without what a browser calls online.
  if (!running || !allDown) return null;
  const words = transfersText.offline;
  return (
    <div
      role="status"
      className="flex items-center gap-2 border-b border-line bg-warn-soft px-3 py-1.5 text-xs"
    >
      <WifiOff aria-hidden className="size-4 shrink-0 text-warn" />
      <span className="font-medium">{online ? words.allDown : words.title}</span>
      <span className="text-muted">{online ? words.allDownText : words.text}</span>
    </div>
  );
}
