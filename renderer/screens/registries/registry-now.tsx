// What goes on at a registry's host now: requests, speed, how fast it answers, and the pulls that are left.
import { useEffect } from "react";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useSpeed } from "../../state/formats.ts";
import { loadHosts, useHost } from "../../state/hosts.ts";
import { registriesText } from "../../text/registries.ts";
import { latencyText, quotaText } from "../../text/transfers.ts";
import { Facts } from "./registry-settings.tsx";

export function RegistryNow({ host: name }: { readonly host: string }) {
  const speed = useSpeed();
  useEffect(() => void loadHosts(), []);
  const host = useHost(name);
  const text = registriesText.now;
  if (host === undefined) return <p className="text-xs text-muted">{text.idle}</p>;
  const { quota } = host;
  const left = quota === null || quota.limit <= 0 ? 0 : Math.min(1, quota.remaining / quota.limit);
  return (
    <>
      <Facts
        facts={[
          [text.slots, text.slotsOf(host.bulk + host.small, host.limit, host.most)],
          [
            text.speed,
            host.bandwidth === null
              ? speed(host.bytesPerSecond)
              : text.limited(speed(host.bytesPerSecond), speed(host.bandwidth)),
          ],
          [text.latency, latencyText(host.latencyMs)],
        ]}
      />
      {host.reason !== null && <p className="text-xs text-muted">{host.reason}</p>}
      {quota !== null && (
        <div className="flex items-center gap-2 text-xs">
          <span className="w-32 shrink-0 text-muted">{text.quota}</span>
          <ProgressBar
            label={text.quota}
            fraction={left}
            tone={left > 0.25 ? "ok" : left > 0.05 ? "warn" : "bad"}
            className="flex-1"
          />
          <span className="shrink-0">{quotaText(quota.remaining, quota.limit, quota.windowSeconds)}</span>
        </div>
      )}
    </>
  );
}
