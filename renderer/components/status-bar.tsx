// The status bar: what runs and how fast, the bandwidth limit, past messages, and how it stands with the engine.
import { Circle, CircleDot, CloudOff, Gauge, Lock, LockOpen, Unplug } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { progressKey } from "../../shared/contract.ts";
import { bandwidthAt } from "../../shared/limits.ts";
import type { Run } from "../../shared/run.ts";
import { useConnection } from "../state/connection.ts";
import { useSpeed } from "../state/formats.ts";
import { loadLimits, toggleBandwidth, useLimits } from "../state/limits.ts";
import { showScreen } from "../state/navigation.ts";
import { useProgress } from "../state/progress.ts";
import { useRuns } from "../state/runs.ts";
import { useSecondsUntil } from "../state/seconds.ts";
import { lockVault, openUnlock, useSecrets } from "../state/secrets.ts";
import { statusText } from "../text/common.ts";
import { secretsText } from "../text/secrets.ts";
import { waitingText } from "../text/transfers.ts";
import { MessageBell } from "./message-bell.tsx";
import { Tooltip } from "./tooltip.tsx";
import { useNow } from "./when.tsx";

const cell =
  "flex h-full items-center gap-1.5 rounded-sm px-2 text-2xs text-muted hover:bg-hover hover:text-text " +
  "focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-accent";

export function StatusBar() {
  const open = useConnection().kind === "open";
  useEffect(() => {
    if (open) void loadLimits();
  }, [open]);
  return (
    <section
      aria-label={statusText.label}
      data-region=""
      className="flex h-6 shrink-0 items-center border-t border-line bg-canvas px-1"
    >
      <Activity />
      <Bandwidth />
      <div className="flex-1" />
      <VaultLock />
      <MessageBell className={cell} />
      <Engine />
    </section>
  );
}

/** Nothing moves since every transfer waits for a host that does not answer. */
function useStandstill(): Pick<NonNullable<Run["waitingFor"]>, "host" | "failure" | "until"> | undefined {
  // The one that is tried again soonest; the same object while nothing changed.
  return useRuns(({ runs }) => {
    const moving = runs.filter(({ state }) => state === "running");
    const waits = moving.flatMap(({ waitingFor }) => waitingFor ?? []);
    if (waits.length < moving.length) return undefined;
    return waits.toSorted((one, other) => (one.until ?? 0) - (other.until ?? 0))[0];
  });
}

function Activity() {
  const standstill = useStandstill();
  const left = useSecondsUntil(standstill?.until);
  const active = useRuns(({ runs }) => runs.filter(({ state }) => state === "running").length);
  const queued = useRuns(({ runs }) => runs.filter(({ state }) => state === "queued").length);
  const paused = useRuns(({ runs }) => runs.filter(({ state }) => state === "paused").length);
  return (
    <button type="button" className={cell} onClick={() => showScreen("transfers")}>
      {standstill !== undefined ? (
        <CloudOff aria-hidden className="size-3 text-warn" />
      ) : active > 0 ? (
        <CircleDot aria-hidden className="size-3 text-accent" />
      ) : (
        <Circle aria-hidden className="size-3" />
      )}
      {statusText.activity(active, queued, paused)}
      {standstill !== undefined ? (
        <span
          title={waitingText(standstill.host, standstill.failure, left)}
          className="max-w-120 truncate text-warn"
        >
          {waitingText(standstill.host, standstill.failure, left)}
        </span>
      ) : (
        active > 0 && <TotalSpeed />
      )}
    </button>
  );
}

/** Its own component: only these digits are drawn when bytes move. The room is kept, so that nothing else moves. */
function TotalSpeed() {
  const speed = useSpeed();
  const total = useProgress(progressKey.total);
  return (
    <span className="min-w-18 text-right text-text">{speed(Math.round(total?.bytesPerSecond ?? 0))}</span>
  );
}

function Bandwidth() {
  const limits = useLimits((state) => state.limits);
  const speed = useSpeed();
  // The timetable may change what holds at any minute.
  const now = new Date(useNow());
  if (limits === undefined) return null;
  const holds = bandwidthAt(limits, { day: now.getDay(), minute: now.getHours() * 60 + now.getMinutes() });
  const byTimetable = holds !== limits.bandwidth;
  const text = holds === null ? statusText.noLimit : speed(holds);
  const action = byTimetable
    ? statusText.byTimetable
    : limits.bandwidth === null
      ? statusText.limitOn
      : statusText.limitOff;
  return (
    <Tooltip text={action}>
      <button
        type="button"
        aria-label={`${statusText.limit}: ${text}. ${action}`}
        className={cell}
        onClick={() =>
          byTimetable ? showScreen("settings", { settings: "timetable" }) : void toggleBandwidth()
        }
      >
        <Gauge aria-hidden className={holds === null ? "size-3" : "size-3 text-warn"} />
        {text}
      </button>
    </Tooltip>
  );
}

/** Only where a vault is in use: a locked one keeps transfers waiting. */
function VaultLock() {
  const status = useSecrets((state) => state.status);
  if (status?.place !== "vault") return null;
  const { locked } = status;
  const action = locked ? secretsText.unlock : secretsText.lockNow;
  return (
    <Tooltip text={action}>
      <button
        type="button"
        aria-label={`${locked ? secretsText.statusLocked : secretsText.statusOpen}. ${action}`}
        className={cell}
        onClick={() => (locked ? openUnlock() : void lockVault())}
      >
        {locked ? (
          <Lock aria-hidden className="size-3 text-warn" />
        ) : (
          <LockOpen aria-hidden className="size-3" />
        )}
        {locked && <span className="text-warn">{secretsText.statusLocked}</span>}
      </button>
    </Tooltip>
  );
}

function Engine() {
  const connection = useConnection();
  if (connection.kind === "open") {
    const { face, version } = connection.capabilities;
    return (
      <button type="button" className={cell} onClick={() => showScreen("settings", { settings: "version" })}>
        {statusText.connected(statusText.faces[face], version)}
      </button>
    );
  }
  const icon: ReactNode = <Unplug aria-hidden className="size-3 text-warn" />;
  return (
    <span role="status" className="flex items-center gap-1.5 px-2 text-2xs text-warn">
      {icon}
      {connection.kind === "connecting" ? statusText.connecting : statusText.lost}
    </span>
  );
}
