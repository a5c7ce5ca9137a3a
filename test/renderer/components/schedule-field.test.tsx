// The editor of schedules: rhythms to cron and back, and the next runs as the engine reckons them.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCron, withEvery, writeCron } from "../../../renderer/components/cron-form.ts";
import { ScheduleField } from "../../../renderer/components/schedule-field.tsx";
import { scheduleSentence } from "../../../renderer/text/schedule.ts";
import type { Schedule } from "../../../shared/job.ts";
import { ScriptedHost } from "../screens/scripted-host.ts";

const host = new ScriptedHost();
const changes: (Schedule | null)[] = [];

function Field({ first }: { readonly first: Schedule | null }) {
  const [value, setValue] = useState(first);
  const change = (next: Schedule | null): void => {
    changes.push(next);
    setValue(next);
  };
  return (
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <ScheduleField value={value} onChange={change} />
    </QueryClientProvider>
  );
}

const daily: Schedule = { cron: "30 4 * * *", timeZone: "Asia/Tokyo", missed: "skip" };

beforeEach(() => {
  changes.length = 0;
  host.asked.length = 0;
  host.answer("jobs.preview", () => ({ times: [Date.UTC(2030, 0, 1, 19, 30)] }));
});
afterEach(cleanup);

async function choose(field: string, option: string): Promise<void> {
  await userEvent.click(screen.getByRole("combobox", { name: field }));
  await userEvent.click(await screen.findByRole("option", { name: option }));
}

describe("cron expressions", () => {
  it.each([
    ["0 2 * * *", "day"],
    ["15 * * * *", "hour"],
    ["5 6 * * 1-5", "weekday"],
    ["5 6 * * 0,3", "week"],
    ["5 6 31 * *", "month"],
    ["*/5 * * * *", "custom"],
    ["0 2 1 1 *", "custom"],
    ["0 2 1 * 1", "custom"],
    ["61 2 * * *", "custom"],
    ["0 2 * *", "custom"],
  ])("%s is read as %s, and written as it was", (cron, every) => {
    expect(readCron(cron).every).toBe(every);
    expect(writeCron(readCron(cron))).toBe(cron);
  });

  it("keep the time in another rhythm, and call Sunday by one number", () => {
    expect(writeCron(withEvery(readCron("30 4 * * *"), "week"))).toBe("30 4 * * 1");
    expect(writeCron(readCron("0 1 * * 7,1"))).toBe("0 1 * * 0,1");
    expect(scheduleSentence(daily)).toBe("Every day at 04:30, Asia/Tokyo");
  });
});

describe("ScheduleField", () => {
  it("begins with every night when a rhythm is chosen, and with nothing when none is", async () => {
    render(<Field first={null} />);
    expect(screen.queryByRole("heading", { name: "Next runs" })).toBeNull();
    await choose("Runs", "Every weekday (Monday to Friday)");
    expect(changes).toEqual([{ cron: "0 2 * * 1-5", timeZone: null, missed: "run-once" }]);
    await choose("Runs", "Only when I start it");
    expect(changes.at(-1)).toBeNull();
  });

  it("says the next run in the schedule's zone and here", async () => {
    render(<Field first={daily} />);
    // 19:30 UTC is half past four of the next morning in Tokyo.
    expect((await screen.findByText(/04:30/)).tagName).toBe("TIME");
    await waitFor(() =>
      expect(host.calls("jobs.preview").at(-1)).toMatchObject({
        schedule: { cron: daily.cron, timeZone: "Asia/Tokyo" },
      }),
    );
  });

  it("finds a time zone by a part of its name", async () => {
    render(<Field first={daily} />);
    const zone = screen.getByRole("combobox", { name: "Time zone" });
    await userEvent.clear(zone);
    await userEvent.type(zone, "vienna");
    await userEvent.click(await screen.findByRole("option", { name: "Europe/Vienna" }));
    expect(changes.at(-1)).toEqual({ ...daily, timeZone: "Europe/Vienna" });
  });

  it("keeps an expression that says what a rhythm says, too, while it is typed", async () => {
    render(<Field first={daily} />);
    await choose("Runs", "By a cron expression");
    const cron = screen.getByLabelText<HTMLInputElement>("Cron expression");
    expect(cron.value).toBe("30 4 * * *");
    await userEvent.clear(cron);
    await userEvent.type(cron, "0 3 * * *");
    expect(changes.at(-1)?.cron).toBe("0 3 * * *");
    expect(screen.getByLabelText("Cron expression")).toBe(cron);
  });

  it("never takes the last day out of a week", async () => {
    render(<Field first={{ ...daily, cron: "0 2 * * 1" }} />);
    await userEvent.click(screen.getByRole("button", { name: "Monday" }));
    expect(changes).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Friday" }));
    expect(changes.at(-1)?.cron).toBe("0 2 * * 1,5");
  });
});
