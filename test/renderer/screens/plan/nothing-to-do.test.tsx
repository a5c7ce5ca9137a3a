// What a plan that writes nothing says: rules help against conflicts, and not against what cannot be read.
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { NothingToDo } from "../../../../renderer/screens/plan/nothing-to-do.tsx";
import { makeRun } from "../run-fixtures.ts";

afterEach(cleanup);

it.each([
  [{ conflict: 0, unreadable: 1 }, "Nothing could be read to be copied"],
  [{ conflict: 1, unreadable: 1 }, "Nothing can be copied with these options"],
  [{ conflict: 0, unreadable: 0 }, "Everything is already there"],
])("of %j says so", (counts, title) => {
  const run = makeRun(1);
  render(<NothingToDo run={{ ...run, plan: { ...run.plan, images: 2, ...counts } }} />);
  expect(screen.getByText(title)).toBeDefined();
});
