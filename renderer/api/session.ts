// Signing in at the web host: the one-time token of the start link becomes a session cookie.
import { FreightlinerError } from "../../shared/errors.ts";

/** The parts of the page that the exchange needs, so that a test can stand in for it. */
export interface SessionPage {
  readonly hash: string;
  readonly fetch: (
    url: string,
    init: RequestInit,
  ) => Promise<{ readonly ok: boolean; readonly status: number }>;
  /** Takes the token out of the address bar and the history. */
  readonly clean: () => void;
}

/** The token behind `#t=`, where the link carries one. */
export function tokenOf(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, "")).get("t");
  return token === null || token === "" ? undefined : token;
}

/**
 * Exchanges the link's token for a session. Without a token nothing is done: an earlier session may still hold.
 * The address is cleaned in any case, so that a used token is never seen again.
 * @throws FreightlinerError `unauthorized` where the host refuses the token, `disconnected` where it does not answer.
 */
export async function signIn(page: SessionPage): Promise<"signed-in" | "no-token"> {
  const token = tokenOf(page.hash);
  if (token === undefined) return "no-token";
  page.clean();
  let response: { readonly ok: boolean; readonly status: number };
  try {
    response = await page.fetch("/session", {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token }),
    });
  } catch (cause) {
    throw new FreightlinerError({
      code: "disconnected",
      operation: "sign-in",
      message: "Freightliner's host did not answer at this address.",
      cause,
    });
  }
  if (response.ok) return "signed-in";
  throw new FreightlinerError({
    code: "unauthorized",
    operation: "sign-in",
    message: "This link was used already or is too old: expected the link that Freightliner printed last.",
    status: response.status,
  });
}
