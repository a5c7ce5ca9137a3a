// The small pure rules: Retry-After, scopes, redaction, quirks, realms, Location, Link, the token cache, the watchdog.
import { once } from "node:events";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { discard } from "../../electron/registry/body.ts";
import { maxRetryAfterMs } from "../../electron/registry/limits.ts";
import { nextLink } from "../../electron/registry/pages.ts";
import { quirksOf } from "../../electron/registry/providers/known-providers.ts";
import { judgeRealm } from "../../electron/registry/realm.ts";
import { printable, redactUrl } from "../../electron/registry/redact.ts";
import { resolveLocation } from "../../electron/registry/redirects.ts";
import { parseRetryAfter } from "../../electron/registry/retry-after.ts";
import { mergeScopes } from "../../electron/registry/scopes.ts";
import { SharedWork } from "../../electron/registry/shared-work.ts";
import { TokenCache } from "../../electron/registry/token-cache.ts";
import { Watchdog } from "../../electron/registry/watchdog.ts";

describe("Retry-After", () => {
  const now = Date.parse("Fri, 20 Nov 2026 10:00:00 GMT");
  it.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ["", undefined],
    ["5", 5000],
    [" 0 ", 0],
    ["1000000000", maxRetryAfterMs],
    ["-3", undefined],
    ["soon", undefined],
    ["1.5", undefined],
    ["Fri, 20 Nov 2026 10:00:30 GMT", 30_000],
    ["Fri, 20 Nov 2026 09:59:00 GMT", undefined],
    ["Fri, 20 Nov 2096 09:59:00 GMT", maxRetryAfterMs],
    ["Fri, 99 Foo 2026", undefined],
  ])("reads %j as %s", (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});

describe("a body that nobody wants", () => {
  it("S008 is not read for longer than a moment, however it drips", async () => {
    const body = new Readable({ read: () => undefined });
    const drip = setInterval(() => body.push("x"), 2);
    discard(body, 30);
    await once(body, "close");
    clearInterval(drip);
    expect(body.destroyed).toBe(true);
  });
});

describe("scopes", () => {
  it("merges actions per repository, keeps the order of mention and drops nonsense", () => {
    expect(
      mergeScopes([
        "repository:b:push,pull",
        "repository:a:pull",
        "repository:b:pull,delete",
        "registry:catalog:*",
        "nonsense",
      ]),
    ).toEqual(["repository:b:pull,push,delete", "repository:a:pull", "registry:catalog:*"]);
  });
});

describe("what may be said of a request", () => {
  it("keeps known query values and hides every other", () => {
    const url = new URL(
      "https://user:pw@s3.example/b/x?X-Amz-Signature=SECRET&_state=STATE&digest=sha256%3Aab&n=5&flag&token=T#frag",
    );
    const text = redactUrl(url);
    expect(text).toBe(
      "https://s3.example/b/x?X-Amz-Signature=…&_state=…&digest=sha256%3Aab&n=5&flag&token=…",
    );
    for (const secret of ["SECRET", "STATE", "user", "pw", "=T"]) expect(text).not.toContain(secret);
  });
  it("prints foreign text on one line without control characters", () => {
    expect(printable("a\u001b[31mb\r\nc\u202ed\u0000")).toBe("a [31mb c d");
    expect(printable("x".repeat(500))).toHaveLength(300);
  });
});

describe("quirks", () => {
  it("sends docker.io to its API host and leaves look-alikes alone", () => {
    expect(quirksOf({ host: "docker.io" }).apiHost).toBe("registry-1.docker.io");
    expect(quirksOf({ host: "docker.io" }).tokenHost).toBe("auth.docker.io");
    expect(quirksOf({ host: "docker.io.evil.example" }).apiHost).toBeUndefined();
    expect(quirksOf({ host: "notquay.io" }).asksForDelete).toBe(true);
    expect(quirksOf({ host: "public.ecr.aws" }).mounts).toBe(false);
    const own = quirksOf({ host: "registry.example:5000", provider: "docker-hub" });
    expect([own.apiHost, own.tokenHost]).toEqual([undefined, undefined]);
  });
});

describe("token services", () => {
  const judge = (realm: string, registry = "https://reg.example:5000/", trusted: readonly string[] = []) =>
    judgeRealm(realm, {
      registry: new URL(registry),
      tokenHost: "auth.known.example",
      trustedTokenHosts: trusted,
    });
  it.each<[string, boolean]>([
    ["https://reg.example/token", true],
    ["https://reg.example:5001/token?a=b", true],
    ["/relative/token", true],
    ["https://auth.known.example/token", true],
    ["https://auth.known.example.evil.example/token", false],
    ["https://evilreg.example/token", false],
    ["https://elsewhere.example/token", false],
  ])("%s may see credentials: %s", (realm, allowed) => {
    expect(judge(realm).credentialsAllowed).toBe(allowed);
  });
  it("lets the user vouch for a host or a host with its port", () => {
    expect(judge("https://sso.example:8443/t", undefined, ["sso.example"]).credentialsAllowed).toBe(true);
    expect(judge("https://sso.example:8443/t", undefined, ["SSO.example:8443"]).credentialsAllowed).toBe(
      true,
    );
    expect(judge("https://sso.example:8443/t", undefined, ["sso.example:1"]).credentialsAllowed).toBe(false);
  });
  it.each([
    "http://reg.example/token",
    "ftp://reg.example/t",
    "null://x",
    "https://u:p@reg.example/t",
    "https://",
  ])("refuses %s for an https registry", (realm) => {
    expect(() => judge(realm)).toThrow(expect.objectContaining({ code: "redirect-refused" }));
  });
  it("S009 refuses plain http on another machine for a registry on this one, though that host is trusted", () => {
    const ofLocal = (realm: string) => judge(realm, "http://localhost:5000/", ["sso.example"]);
    expect(() => ofLocal("http://sso.example/t")).toThrow(
      expect.objectContaining({ code: "redirect-refused" }),
    );
    expect(ofLocal("https://sso.example/t").credentialsAllowed).toBe(true);
    expect(ofLocal("http://localhost:5001/t").credentialsAllowed).toBe(true);
    expect(ofLocal("http://127.0.0.1:5001/t").credentialsAllowed).toBe(false);
  });
  it("takes plain http from a registry on plain http", () => {
    expect(judge("http://reg.example:5001/t", "http://reg.example:5000/").credentialsAllowed).toBe(true);
  });
});

describe("Location", () => {
  const from = new URL("https://reg.example/v2/app/blobs/uploads/?a=1");
  it.each<[string, string]>([
    [
      "/v2/app/blobs/uploads/u1?_state=a%2Fb%3D+c&x=%7e",
      "https://reg.example/v2/app/blobs/uploads/u1?_state=a%2Fb%3D+c&x=%7e",
    ],
    ["https://other.example/u?sig=A%2bB", "https://other.example/u?sig=A%2bB"],
    ["//cdn.example/x#frag", "https://cdn.example/x"],
    ["u2", "https://reg.example/v2/app/blobs/uploads/u2"],
  ])("%s", (location, expected) => {
    expect(resolveLocation(location, from, "test").href).toBe(expected);
  });
  it.each([
    undefined,
    "",
    "http://reg.example/x",
    "file:///etc/passwd",
    "https://u:p@reg.example/",
    "https://[bad",
  ])("refuses %s", (location) => {
    expect(() => resolveLocation(location, from, "test")).toThrow(
      expect.objectContaining({ code: "redirect-refused", retryable: false }),
    );
  });
});

describe("Link", () => {
  it.each<[readonly string[], string | undefined]>([
    [[], undefined],
    [['</v2/_catalog?last=b&n=2>; rel="next"'], "/v2/_catalog?last=b&n=2"],
    [["</x>; rel=next"], "/x"],
    [['</a>; rel="prev", </b,c>; title="x"; rel="next"'], "/b,c"],
    [['</a>; rel="first"'], undefined],
    [['</a>; rel="last next"'], "/a"],
    [['</a>; rel="nextish"'], undefined],
  ])("%j → %s", (values, expected) => {
    expect(nextLink(values)).toBe(expected);
  });
});

describe("the token cache", () => {
  const { signal } = new AbortController();
  it("renews ahead of the end: 10 s, or a tenth of a long life", async () => {
    let now = 0;
    let made = 0;
    const cache = new TokenCache(() => now);
    const get = (lifetimeSeconds: number, key: string) =>
      cache.get(
        key,
        undefined,
        async () => {
          made += 1;
          return { value: `t${made}`, lifetimeSeconds };
        },
        signal,
      );
    expect(await get(60, "a")).toBe("t1");
    now = 49_999;
    expect(await get(60, "a")).toBe("t1");
    now = 50_000;
    expect(await get(60, "a")).toBe("t2");
    now = 0;
    expect(await get(1000, "b")).toBe("t3");
    now = 899_000;
    expect(await get(1000, "b")).toBe("t3");
    now = 900_000;
    expect(await get(1000, "b")).toBe("t4");
  });
  it("fetches once for many, forgets failures, and takes a newer token than the refused one", async () => {
    const cache = new TokenCache(() => 0);
    let fetches = 0;
    const fail = async () => {
      fetches += 1;
      await sleep(5);
      throw new Error("down");
    };
    const failed = await Promise.allSettled([1, 2, 3].map(() => cache.get("k", undefined, fail, signal)));
    expect(failed.map((one) => one.status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(fetches).toBe(1);
    const fine = async () => {
      fetches += 1;
      return { value: `t${fetches}`, lifetimeSeconds: 60 };
    };
    expect(await cache.get("k", undefined, fine, signal)).toBe("t2");
    expect(await cache.get("k", "t2", fine, signal)).toBe("t3");
    expect(await cache.get("k", "t2", fine, signal)).toBe("t3");
  });
});

describe("shared work", () => {
  it("lets one caller leave without stopping the others, and stops when the last has left", async () => {
    const work = new SharedWork<string>();
    const gate = Promise.withResolvers<string>();
    let stopped = false;
    const run = (signal: AbortSignal) =>
      work.run(
        "k",
        (inner) => {
          inner.addEventListener("abort", () => {
            stopped = true;
          });
          return gate.promise;
        },
        signal,
      );
    const first = new AbortController();
    const second = new AbortController();
    const a = run(first.signal);
    const b = run(second.signal);
    first.abort(new Error("left"));
    await expect(a).rejects.toThrow("left");
    expect(stopped).toBe(false);
    gate.resolve("done");
    expect(await b).toBe("done");
    expect(stopped).toBe(false);

    const alone = new AbortController();
    const never = work.run(
      "n",
      (inner) => new Promise((_, reject) => inner.addEventListener("abort", () => reject(inner.reason))),
      alone.signal,
    );
    alone.abort(new Error("all gone"));
    await expect(never).rejects.toThrow("all gone");
  });
});

describe("the throughput watchdog", () => {
  it("fires for a drip, not for enough, and not while our own side is slow", async () => {
    const fired: string[] = [];
    const start = (name: string, due: boolean) =>
      new Watchdog({
        windowMs: 120,
        minimumBytesPerSecond: 1000,
        networkIsDue: () => due,
        onStall: () => fired.push(name),
      });
    const drip = start("drip", true);
    const enough = start("enough", true);
    const ours = start("ours", false);
    const feed = setInterval(() => enough.count(1000), 10);
    drip.count(5);
    await sleep(400);
    clearInterval(feed);
    for (const dog of [drip, enough, ours]) dog.stop();
    expect(fired).toEqual(["drip"]);
  });
});
