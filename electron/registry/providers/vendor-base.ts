// Where a vendor's own API answers: credentials go there, so it is never a guess.
import { FreightlinerError } from "../../../shared/errors.ts";
import { isLoopbackHost } from "../addresses.ts";
import type { ProviderContext } from "./provider.ts";

/**
 * The base of the vendor's API, ending in `/`: what the settings say, else the documented one of the vendor's own service.
 * @param known undefined for a host that is not the vendor's own: its sign-in is nobody else's business.
 * @throws FreightlinerError `unsupported` where nobody said where it is; `configuration` for plain http that was not asked for.
 */
export function apiBase(
  { host, settings }: Pick<ProviderContext, "host" | "settings">,
  known: string | undefined,
  operation: string,
): URL {
  const text = settings.apiUrl ?? known;
  if (text === undefined) {
    throw new FreightlinerError({
      code: "unsupported",
      operation,
      message: `Where the API beside ${host} answers is not known; name its address in the registry's settings, or name the repository instead.`,
    });
  }
  const base = new URL(text);
  base.search = "";
  base.hash = "";
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  const safe = base.protocol === "https:" || isLoopbackHost(base.hostname) || settings.plainHttp === "always";
  if (safe && base.username === "" && base.password === "") return base;
  throw new FreightlinerError({
    code: "configuration",
    operation,
    message: safe
      ? `The address of the API beside ${host} holds a user name; the sign-in of the registry is used.`
      : `The API beside ${host} would be asked over plain http at ${base.host}, where others can read the sign-in; https was expected.`,
  });
}
