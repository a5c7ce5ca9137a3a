// Times of day: the 24-hour clock whatever the locale is, typed in the ways people write them, stepped by the arrows.
import { cleanup, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TimeField } from "../../../renderer/components/time-field.tsx";
import { readTime, stepTime } from "../../../renderer/components/time-of-day.ts";
import { exactTime } from "../../../renderer/text/times.ts";

const changes: string[] = [];
function Field() {
  const [value, setValue] = useState("22:30");
  const change = (next: string): void => {
    changes.push(next);
    setValue(next);
  };
  return <TimeField label="At" value={value} onValueChange={change} />;
}
const field = () => screen.getByLabelText<HTMLInputElement>("At");

beforeEach(() => {
  changes.length = 0;
});
afterEach(cleanup);

describe("readTime", () => {
  it.each([
    ["9:05", "09:05"],
    ["09.05", "09:05"],
    ["0905", "09:05"],
    ["23:59", "23:59"],
    ["24:00", undefined],
    ["12:60", undefined],
    ["9:5", undefined],
    ["093", undefined],
    ["9:05 PM", undefined],
    ["", undefined],
  ])("reads %j as %s", (text, time) => expect(readTime(text)).toBe(time));
});

it("steps around midnight", () => {
  expect(stepTime("23:59", "minute", 1)).toBe("00:00");
  expect(stepTime("00:10", "hour", -1)).toBe("23:10");
});

describe("TimeField", () => {
  it("shows evening hours as 22, and no AM or PM to choose", () => {
    render(<Field />);
    expect(field().value).toBe("22:30");
    expect(field().type).toBe("text");
  });

  it("takes a time as soon as it is written in full and keeps the last one for what is none", async () => {
    render(<Field />);
    await userEvent.clear(field());
    expect(field().getAttribute("aria-invalid")).toBe("true");
    await userEvent.type(field(), "07:15");
    expect(changes).toEqual(["07:15"]);
    await userEvent.type(field(), "{Backspace}");
    await userEvent.tab();
    expect(field().value).toBe("07:15");
    expect(changes).toEqual(["07:15"]);
  });

  it("takes nothing on the way from one hour to another", async () => {
    render(<Field />);
    await userEvent.click(field());
    field().setSelectionRange(2, 2);
    await userEvent.keyboard("{Backspace}");
    expect(field().value).toBe("2:30");
    expect(changes).toEqual([]);
    await userEvent.keyboard("3");
    expect(changes).toEqual(["23:30"]);
  });

  it.each(["{Enter}", "{Tab}"])("takes a short form with %s", async (key) => {
    render(<Field />);
    await userEvent.clear(field());
    await userEvent.type(field(), "9.05");
    expect(changes).toEqual([]);
    await userEvent.keyboard(key);
    expect(changes).toEqual(["09:05"]);
    expect(field().value).toBe("09:05");
  });

  it("steps the part that the caret stands in", async () => {
    render(<Field />);
    await userEvent.click(field());
    field().setSelectionRange(1, 1);
    await userEvent.keyboard("{ArrowUp}");
    // It puts the caret back in the next frame.
    await new Promise((done) => requestAnimationFrame(done));
    field().setSelectionRange(5, 5);
    await userEvent.keyboard("{ArrowDown}");
    expect(changes).toEqual(["23:30", "23:29"]);
  });
});

it("writes exact times by the same clock", () => {
  expect(exactTime(new Date(2026, 10, 21, 22, 30, 0).getTime())).toMatch(/22:30:00$/);
});
