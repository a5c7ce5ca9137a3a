// The session cookie: host-only and unreadable for scripts. Other ports of this machine see it, so it is half of a sign-in.

/**
 * Cookies ignore ports, so the port is part of the name: two hosts on one machine do not sign each other out.
 * `__Host-` makes the browser insist on Secure, Path=/ and no Domain; browsers count loopback as secure.
 */
export function cookieName(port: number): string {
  return `__Host-freightliner-${port}`;
}

export function setCookie(name: string, secret: string): string {
  return `${name}=${secret}; Path=/; Secure; HttpOnly; SameSite=Strict`;
}

export function clearCookie(name: string): string {
  return `${name}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0`;
}

/** The value of one cookie. Two of the same name are none: somebody is playing a game. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const values = (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0] : undefined;
}
