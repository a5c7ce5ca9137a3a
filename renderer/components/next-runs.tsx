// The next times of a schedule as the engine reckons them: in its own zone, and here where that is another.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { toFreightlinerError } from "../../shared/errors.ts";
import type { Schedule } from "../../shared/job.ts";
import { call } from "../api/client.ts";
import { scheduleText } from "../text/schedule.ts";

const shown = 5;
const typingMs = 300;

export function NextRuns({ schedule }: { readonly schedule: Schedule }) {
  const { cron, timeZone } = useSettled(schedule);
  const { data, error } = useQuery({
    queryKey: ["jobs.preview", cron, timeZone],
    queryFn: ({ signal }) =>
      call("jobs.preview", { schedule: { cron, timeZone, missed: "skip" }, count: shown }, signal),
    // The times move on with the clock.
    staleTime: 0,
    placeholderData: (before) => before,
  });
  return (
    <div className="flex min-h-28 flex-col gap-1">
      <h3 className="text-xs font-medium text-text">{scheduleText.next}</h3>
      {error !== null ? (
        <p role="alert" data-selectable className="text-xs text-bad">
          {toFreightlinerError(error, "jobs.preview").message}
        </p>
      ) : data === undefined ? (
        <p role="status" className="text-xs text-muted">
          {scheduleText.reading}
        </p>
      ) : (
        <ol className="flex flex-col text-xs text-muted">
          {data.times.map((time) => (
            <li key={time} className="leading-4.5">
              <NextRun time={time} timeZone={timeZone} />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function NextRun({ time, timeZone }: { readonly time: number; readonly timeZone: string | null }) {
  const here = inZone(time, undefined);
  const there = timeZone === null ? here : inZone(time, timeZone);
  return (
    <>
      <time dateTime={new Date(time).toISOString()} className="text-text">
        {there}
      </time>
      {there !== here && <span> ({scheduleText.here(here)})</span>}
    </>
  );
}

function inZone(time: number, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat(undefined, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(time);
}

/** The schedule as it was when the typing paused. */
function useSettled(schedule: Schedule): Schedule {
  const [settled, setSettled] = useState(schedule);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(schedule), typingMs);
    return () => clearTimeout(timer);
  }, [schedule]);
  return settled;
}
