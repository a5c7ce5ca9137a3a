// A browser that shares the session of a client which a test drives itself.
import type { BrowserContext } from "playwright";
import { pageKeyName } from "../../shared/page-key.ts";
import type { BuiltHost } from "./built-host.ts";

/** From now on pages of this browser at the host's address are signed in. */
export async function enterHost(
  context: BrowserContext,
  { origin, entry: { cookie, key } }: Pick<BuiltHost, "origin" | "entry">,
): Promise<void> {
  const at = cookie.indexOf("=");
  await context.addCookies([
    {
      name: cookie.slice(0, at),
      value: cookie.slice(at + 1),
      // A __Host- cookie must say that it is secure, as browsers take loopback to be.
      url: origin.replace("http:", "https:"),
      secure: true,
      httpOnly: true,
      sameSite: "Strict",
    },
  ]);
  await context.addInitScript(
    (own) => {
      if (location.origin === own.origin) localStorage.setItem(own.name, own.key);
    },
    { origin, name: pageKeyName, key },
  );
}
