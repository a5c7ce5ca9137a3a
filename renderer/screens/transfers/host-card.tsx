// One host: its lanes, what was decided about it and why, its speed, latency and quota, and the limits that can be changed live.
import { SlidersHorizontal } from "lucide-react";
import type { HostQuota, HostStatus } from "../../../shared/host.ts";
import { StatusIcon, type StatusKind, type Tone } from "../../components/badge.tsx";
import { IconButton } from "../../components/button.tsx";
import { Popover } from "../../components/popover.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { Switch } from "../../components/switch.tsx";
import { useSpeed, useUnits } from "../../state/formats.ts";
import { adjustHost, useHost } from "../../state/hosts.ts";
import { useSecondsUntil } from "../../state/seconds.ts";
import {
  hostStateText,
  lanesText,
  latencyText,
  limitText,
  quotaText,
  transfersText,
} from "../../text/transfers.ts";
import { BandwidthSlider, LiveSlider } from "./live-slider.tsx";

const text = transfersText.hosts;
const stateKinds: Readonly<Record<HostStatus["state"], StatusKind>> = {
  ok: "ok",
  waiting: "waiting",
  open: "bad",
  probing: "warn",
};

export function HostCard({ name }: { readonly name: string }) {
  const host = useHost(name);
  const [units, speed] = [useUnits(), useSpeed()];
  const left = useSecondsUntil(host?.until);
  if (host === undefined) return null;
  const state = hostStateText(host.state, host.failure, left, host.bulk + host.small > 0);
  const words = host.reason === null ? `${state}.` : `${state}. ${host.reason}`;
  return (
    <li className="flex flex-col gap-1.5 rounded-md border border-line bg-surface p-2.5">
      <div className="flex items-center gap-1.5">
        <StatusIcon kind={stateKinds[host.state]} />
        <h4 className="min-w-0 flex-1 truncate font-mono text-xs font-medium" title={name}>
          {name}
        </h4>
        <Popover
          align="end"
          title={name}
          trigger={
            <IconButton
              label={`${text.steering}: ${name}`}
              icon={<SlidersHorizontal aria-hidden className="size-3.5" />}
            />
          }
        >
          <Steering host={host} />
        </Popover>
      </div>
      <Lanes host={host} />
      {/* Two lines, whether they are needed or not: nothing below moves when the words change. */}
      <p className="line-clamp-2 h-8 text-2xs text-muted" title={words}>
        {words}
      </p>
      <dl className="grid grid-cols-3 gap-1 text-2xs">
        <Figure label={text.speed} value={speed(host.bytesPerSecond)} />
        <Figure label={text.latency} value={latencyText(host.latencyMs)} />
        <Figure label={text.bandwidth} value={limitText(host.bandwidth, units)} />
      </dl>
      {host.quota !== null && <Quota quota={host.quota} />}
    </li>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted">{label}</dt>
      <dd title={value} className="truncate text-xs">
        {value}
      </dd>
    </div>
  );
}

/** Each request at once is a lane: in use by large or small ones, free, or not allowed at the moment. */
function Lanes({ host }: { readonly host: HostStatus }) {
  const { bulk, small, limit, most, waiting } = host;
  const inWords = lanesText(host);
  return (
    <div>
      <div role="img" aria-label={inWords} title={inWords} className="flex h-3 gap-px">
        {Array.from({ length: most }, (_, lane) => lane).map((lane) => (
          <span
            key={lane}
            className={`min-w-0.5 flex-1 rounded-xs border ${laneLook(lane, bulk, small, limit)}`}
          />
        ))}
      </div>
      <div className="mt-1 flex justify-between gap-2 text-2xs text-muted">
        <span>
          {bulk} {text.bulk} · {small} {text.small} / {limit}
          {limit < most ? ` (${most})` : ""}
        </span>
        <span>
          {waiting} {text.waiting}
        </span>
      </div>
    </div>
  );
}

function laneLook(lane: number, bulk: number, small: number, limit: number): string {
  if (lane < bulk) return "border-accent bg-accent";
  if (lane < bulk + small) return "border-accent bg-accent-soft";
  return lane < limit ? "border-line-strong bg-surface" : "border-line bg-sunken";
}

function Quota({ quota: { limit, remaining, windowSeconds } }: { readonly quota: HostQuota }) {
  const part = limit > 0 ? remaining / limit : 0;
  const tone: Tone = part > 0.25 ? "ok" : part > 0.05 ? "warn" : "bad";
  return (
    <div className="flex items-center gap-2 text-2xs">
      <span className="shrink-0 text-muted">{text.quota}</span>
      <ProgressBar label={text.quota} fraction={Math.min(1, part)} tone={tone} className="flex-1" />
      <span className="shrink-0">{quotaText(remaining, limit, windowSeconds)}</span>
    </div>
  );
}

function Steering({ host: { host, most, adaptive, bandwidth } }: { readonly host: HostStatus }) {
  return (
    <div className="flex w-84 flex-col gap-3">
      <LiveSlider
        label={text.connections}
        className="*:first:w-24"
        min={1}
        max={64}
        value={most}
        text={String}
        onChange={(connections) => adjustHost({ host, connections })}
      />
      <BandwidthSlider
        label={text.bandwidth}
        className="*:first:w-24"
        value={bandwidth}
        onChange={(next) => adjustHost({ host, bandwidth: next })}
      />
      <Switch
        label={text.adaptive}
        checked={adaptive}
        onCheckedChange={(next) => void adjustHost({ host, adaptive: next })}
      />
    </div>
  );
}
