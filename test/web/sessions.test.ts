// Tokens, sessions, cookies and back-off as plain values.
import { describe, expect, it } from "vitest";
import { Attempts } from "../../electron/web/attempts.ts";
import { readCookie } from "../../electron/web/cookies.ts";
import { findSecret, hashSecret, isSecret, newSecret } from "../../electron/web/secrets.ts";
import { Sessions, sessionRules } from "../../electron/web/sessions.ts";

function create() {
  const clock = { now: 0 };
  const sessions = new Sessions(() => clock.now);
  const signIn = () => {
    const granted = sessions.redeem(sessions.issueToken());
    if (granted?.secret === undefined) throw new Error("no session");
    return { session: granted.session, secret: granted.secret };
  };
  return { clock, sessions, signIn };
}

describe("S001 secrets", () => {
  it("are found by comparing the hashes of all in constant time, not by looking up a string", () => {
    const secrets = Array.from({ length: 5 }, () => newSecret());
    const kept = secrets.map((secret) => ({ secret, hash: hashSecret(secret) }));
    for (const secret of secrets) expect(findSecret(kept, secret)?.secret).toBe(secret);
    expect(findSecret(kept, newSecret())).toBeUndefined();
    expect(findSecret([], newSecret())).toBeUndefined();
    let looked = 0;
    const watched = kept.map(({ hash }) => ({
      get hash() {
        looked++;
        return hash;
      },
    }));
    findSecret(watched, secrets[0] ?? "");
    expect(looked).toBe(kept.length);
  });

  it("have 256 bits", () => {
    expect(isSecret(newSecret())).toBe(true);
    expect(new Set(Array.from({ length: 100 }, newSecret)).size).toBe(100);
    for (const weak of ["", "short", "a".repeat(44), undefined, null, 1]) expect(isSecret(weak)).toBe(false);
  });

  it("are nowhere kept in clear", () => {
    const { sessions } = create();
    const token = sessions.issueToken();
    const { secret = "" } = sessions.redeem(token) ?? {};
    sessions.issueToken();
    expect(JSON.stringify(Object.entries(sessions))).not.toContain(secret);
  });
});

describe("S004 expiry", () => {
  it("ends a token after ten minutes", () => {
    const { clock, sessions } = create();
    const token = sessions.issueToken();
    clock.now += sessionRules.tokenMs;
    expect(sessions.redeem(token)).toBeUndefined();
  });

  it("keeps only the newest tokens", () => {
    const { sessions } = create();
    const first = sessions.issueToken();
    for (let i = 0; i < sessionRules.maxTokens; i++) sessions.issueToken();
    expect(sessions.redeem(first)).toBeUndefined();
  });

  it("ends a session that is idle, and one that is old however busy", () => {
    const { clock, sessions, signIn } = create();
    const idle = signIn();
    clock.now += sessionRules.idleMs - 1;
    expect(sessions.find(idle.secret)).toBe(idle.session);
    clock.now += sessionRules.idleMs;
    expect(sessions.find(idle.secret)).toBeUndefined();

    const busy = signIn();
    const ended: unknown[] = [];
    sessions.onEnd((session) => ended.push(session));
    const start = clock.now;
    while (clock.now < start + sessionRules.absoluteMs - 1) {
      clock.now = Math.min(clock.now + sessionRules.idleMs / 2, start + sessionRules.absoluteMs - 1);
      sessions.touch(busy.session);
    }
    expect(sessions.find(busy.secret)).toBe(busy.session);
    clock.now += 1;
    sessions.sweep();
    expect(sessions.find(busy.secret)).toBeUndefined();
    expect(ended).toEqual([busy.session]);
  });

  it("gives a new cookie after an hour; the old one ends shortly after", () => {
    const { clock, sessions, signIn } = create();
    const { secret, session } = signIn();
    expect(sessions.renew(secret)).toEqual({ session, secret: undefined });
    clock.now += sessionRules.rotateMs;
    const young = sessions.renew(secret)?.secret;
    expect(isSecret(young)).toBe(true);
    expect(sessions.renew("nonsense")).toBeUndefined();
    clock.now += sessionRules.graceMs;
    expect(sessions.find(secret)).toBeUndefined();
    expect(sessions.find(young)).toBe(session);
  });

  it("does not collect sessions without end", () => {
    const { clock, sessions, signIn } = create();
    const first = signIn();
    for (let i = 0; i < sessionRules.maxSessions; i++) {
      clock.now += 1;
      signIn();
    }
    expect(sessions.count).toBe(sessionRules.maxSessions);
    expect(sessions.find(first.secret)).toBeUndefined();
  });
});

describe("S002 back-off", () => {
  it("doubles the wait after three free attempts, up to a minute", () => {
    const clock = { now: 0 };
    const attempts = new Attempts(() => clock.now);
    const waits: number[] = [];
    for (let i = 0; i < 12; i++) {
      attempts.failed("a");
      waits.push(attempts.waitMs("a"));
      clock.now += attempts.waitMs("a");
    }
    expect(waits.slice(0, 6)).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000]);
    expect(waits.at(-1)).toBe(60_000);
    expect(attempts.waitMs("b")).toBe(0);
    attempts.succeeded("a");
    expect(attempts.waitMs("a")).toBe(0);
  });

  it("forgets a client that kept quiet, and the oldest of very many", () => {
    const clock = { now: 0 };
    const attempts = new Attempts(() => clock.now);
    for (let i = 0; i < 5; i++) attempts.failed("a");
    clock.now += 16 * 60_000;
    attempts.failed("a");
    expect(attempts.waitMs("a")).toBe(0);
    for (let i = 0; i < 3; i++) attempts.failed("old");
    expect(attempts.waitMs("old")).toBeGreaterThan(0);
    for (let i = 0; i < 1_000; i++) attempts.failed(`c${i}`);
    expect(attempts.waitMs("old")).toBe(0);
  });
});

describe("the cookie", () => {
  it("is read exactly, and two of a name are none", () => {
    expect(readCookie("a=1; fl=2", "fl")).toBe("2");
    expect(readCookie("xfl=1", "fl")).toBeUndefined();
    expect(readCookie("fl=1; fl=2", "fl")).toBeUndefined();
    expect(readCookie(undefined, "fl")).toBeUndefined();
  });
});
