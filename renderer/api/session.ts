// Signing in at the web host: the one-time token of the start link becomes a session, of a cookie and of a key for this page.
import { z } from "zod";
import { FreightlinerError } from "../../shared/errors.ts";
import { pageKeyHeader, pageKeyName } from "../../shared/page-key.ts";

type Answer = Pick<Response, "ok" | "status" | "json">;

/** The parts of the page that the exchange needs, so that a test can stand in for it. */
export interface SessionPage {
  readonly hash: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Answer>;
  /** Bound to this origin, port included, and shared by its tabs; cookies know no ports. It throws where sites may store nothing. */
  readonly storage: () => Pick<Storage, "getItem" | "setItem">;
  /** Takes the token out of the address bar and the history. */
  readonly clean: () => void;
}

/** The token behind `#t=`, where the link carries one. */
export function tokenOf(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, "")).get("t");
  return token === null || token === "" ? undefined : token;
}

const granted = z.object({ key: z.string() });
const state = z.object({ signedIn: z.boolean() });

/** What shows that this page belongs to the session; undefined where nobody signed in at this address. */
export function pageKey(page: Pick<SessionPage, "storage">): string | undefined {
  try {
    return page.storage().getItem(pageKeyName) ?? undefined;
  } catch {
    // A browser that stores nothing for a site keeps no cookie for it either.
    return undefined;
  }
}

/**
 * Exchanges the link's token for a session. Without a token nothing is done: an earlier session may still hold.
 * The address is cleaned in any case, so that a used token is never seen again.
 * @throws FreightlinerError `unauthorized` where the host refuses the token, with status 401 where another link may do, or
 * where the browser stores nothing; `disconnected` where the host does not answer, or cannot say at the moment.
 */
export async function signIn(page: SessionPage): Promise<"signed-in" | "no-token"> {
  const token = tokenOf(page.hash);
  if (token === undefined) return "no-token";
  page.clean();
  const response = await ask(page, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  if (isBusy(response)) throw busy(response);
  if (!response.ok) {
    throw refused(
      "This link was used already or is too old: expected the link that Freightliner printed last.",
      { status: response.status },
    );
  }
  const { key } = granted.parse(await response.json());
  try {
    page.storage().setItem(pageKeyName, key);
  } catch (cause) {
    throw refused(
      "This browser stores nothing for this address, so it cannot stay signed in. Let it store data for this site, then open a new link.",
      { cause },
    );
  }
  return "signed-in";
}

/**
 * Whether the session still holds; an old cookie is replaced on the way.
 * @throws FreightlinerError `disconnected` where the host does not say.
 */
export async function isSignedIn(page: SessionPage): Promise<boolean> {
  const key = pageKey(page);
  if (key === undefined) return false;
  const response = await ask(page, { headers: { [pageKeyHeader]: key }, cache: "no-store" });
  // The host says so itself; a full one refuses whoever asks.
  if (!response.ok) throw busy(response);
  return state.parse(await response.json()).signedIn;
}

async function ask(page: SessionPage, init: RequestInit): Promise<Answer> {
  try {
    return await page.fetch("/session", { credentials: "same-origin", ...init });
  } catch (cause) {
    throw new FreightlinerError({
      code: "disconnected",
      operation: "sign-in",
      message: "Freightliner's host did not answer at this address.",
      cause,
    });
  }
}

/** Too many attempts, or a host that is full: what was sent was not looked at. */
function isBusy({ status }: Answer): boolean {
  return status === 429 || status >= 500;
}

function busy({ status }: Answer): FreightlinerError {
  return new FreightlinerError({
    code: "disconnected",
    operation: "sign-in",
    message: `Freightliner's host cannot let this page in at the moment: it answered with status ${status}.`,
    status,
  });
}

function refused(message: string, why: { readonly status?: number; readonly cause?: unknown }) {
  return new FreightlinerError({ code: "unauthorized", operation: "sign-in", message, ...why });
}
