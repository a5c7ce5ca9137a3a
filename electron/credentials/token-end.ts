// When a token ends, where it says so itself: https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4
import { z } from "zod";

const claimsSchema = z.object({ exp: z.number().positive().max(8_640_000_000_000) });
/** Characters. */
const longest = 65_536;

/**
 * Milliseconds since 1970 at which a JWT says that it ends; undefined for any other token. Its signature is not verified,
 * because nothing but a sentence rests on it.
 */
export function endOfToken(token: string): number | undefined {
  const payload = token.length > longest ? undefined : /^[^.]+\.([^.]+)\.[^.]*$/.exec(token)?.[1];
  if (payload === undefined) return undefined;
  try {
    const claims = claimsSchema.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    return claims.success ? claims.data.exp * 1000 : undefined;
  } catch {
    // An opaque token with two dots.
    return undefined;
  }
}
