// A page without a session: what helps, or what kept it from signing in.
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { SignedOut } from "../../../renderer/components/connection-banner.tsx";
import { FreightlinerError } from "../../../shared/errors.ts";

afterEach(cleanup);

const signedOut = (operation: string, message: string) => (
  <SignedOut error={new FreightlinerError({ code: "unauthorized", operation, message })} />
);

it("asks for a new link, or says what another link would not mend", () => {
  const { rerender } = render(signedOut("connect", "The session ended."));
  expect(screen.getByText(/Open the link that Freightliner printed/)).toBeTruthy();
  rerender(signedOut("sign-in", "This browser stores nothing."));
  expect(screen.getByText("This browser stores nothing.")).toBeTruthy();
});
