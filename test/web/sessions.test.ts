// Tokens, sessions, cookies and back-off as plain values.
import { Session as Inspector } from "node:inspector/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Attempts } from "../../electron/web/attempts.ts";
import { readCookie } from "../../electron/web/cookies.ts";
import { findSecret, hashSecret, isSecret, newSecret } from "../../electron/web/secrets.ts";
import { Sessions, sessionRules } from "../../electron/web/sessions.ts";

function create() {
  const clock = { now: 0 };
  const sessions = new Sessions(() => clock.now);
  const signIn = () => {
    const granted = sessions.redeem(sessions.issueToken());
    if (granted === undefined) throw new Error("no session");
    const { session, cookie, key } = granted;
    return { session, proof: { cookie, key } };
  };
  return { clock, sessions, signIn };
}

const remote = z.object({ value: z.unknown().optional(), objectId: z.string().optional() });
const properties = z.object({ privateProperties: z.array(z.object({ value: remote.optional() })) });

/** All that an object keeps in its private fields, as JSON: only a debugger sees them. */
async function privateFieldsOf(object: object): Promise<string> {
  const inspector = new Inspector();
  inspector.connect();
  try {
    Object.assign(globalThis, { looked: object });
    const { result } = await inspector.post("Runtime.evaluate", { expression: "globalThis.looked" });
    const own = await inspector.post("Runtime.getProperties", { objectId: result.objectId ?? "" });
    const texts = properties.parse(own).privateProperties.map(async ({ value }) => {
      if (value?.objectId === undefined) return JSON.stringify(value?.value);
      const functionDeclaration = "function () { return JSON.stringify(this) }";
      const asked = { objectId: value.objectId, functionDeclaration };
      const answer: unknown = await inspector.post("Runtime.callFunctionOn", asked);
      return String(z.object({ result: remote }).parse(answer).result.value);
    });
    return (await Promise.all(texts)).join("\n");
  } finally {
    Reflect.deleteProperty(globalThis, "looked");
    inspector.disconnect();
  }
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

  it("are nowhere kept in clear", async () => {
    const { sessions } = create();
    const token = sessions.issueToken();
    const { cookie, key } = sessions.redeem(token) ?? {};
    const other = sessions.issueToken();
    const kept = await privateFieldsOf(sessions);
    expect(kept).toContain(String(sessionRules.tokenMs));
    for (const secret of [token, cookie, key, other]) {
      expect(isSecret(secret)).toBe(true);
      expect(kept).not.toContain(secret);
    }
  });
});

describe("a session", () => {
  it("is found by its cookie and its key together, never by one of them or by halves of two", () => {
    const { clock, sessions, signIn } = create();
    const [mine, other] = [signIn(), signIn()];
    clock.now += 1;
    const { cookie, key } = mine.proof;
    for (const half of [
      { cookie, key: undefined },
      { cookie: undefined, key },
      { cookie, key: "" },
      { cookie, key: cookie },
      { cookie: key, key },
      { cookie: key, key: cookie },
      { cookie, key: newSecret() },
      { cookie, key: other.proof.key },
      { cookie: other.proof.cookie, key },
    ]) {
      expect(sessions.find(half)).toBeUndefined();
      expect(sessions.renew(half)).toBeUndefined();
    }
    expect(mine.session.usedMs).toBe(0);
    expect(sessions.find(mine.proof)).toBe(mine.session);
    expect(mine.session.usedMs).toBe(1);
    sessions.end(mine.session);
    expect(sessions.find(mine.proof)).toBeUndefined();
    expect(sessions.find(other.proof)).toBe(other.session);
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
    expect(sessions.find(idle.proof)).toBe(idle.session);
    clock.now += sessionRules.idleMs;
    expect(sessions.find(idle.proof)).toBeUndefined();

    const busy = signIn();
    const ended: unknown[] = [];
    sessions.onEnd((session) => ended.push(session));
    const start = clock.now;
    while (clock.now < start + sessionRules.absoluteMs - 1) {
      clock.now = Math.min(clock.now + sessionRules.idleMs / 2, start + sessionRules.absoluteMs - 1);
      sessions.touch(busy.session);
    }
    expect(sessions.find(busy.proof)).toBe(busy.session);
    clock.now += 1;
    sessions.sweep();
    expect(sessions.find(busy.proof)).toBeUndefined();
    expect(ended).toEqual([busy.session]);
  });

  it("gives a new cookie after an hour; the old one ends shortly after", () => {
    const { clock, sessions, signIn } = create();
    const { proof, session } = signIn();
    expect(sessions.renew(proof)).toEqual({ session, cookie: undefined });
    clock.now += sessionRules.rotateMs;
    const young = sessions.renew(proof)?.cookie;
    expect(isSecret(young)).toBe(true);
    expect(sessions.renew({ ...proof, cookie: "nonsense" })).toBeUndefined();
    clock.now += sessionRules.graceMs;
    expect(sessions.find(proof)).toBeUndefined();
    expect(sessions.find({ ...proof, cookie: young })).toBe(session);
  });

  it("does not collect sessions without end", () => {
    const { clock, sessions, signIn } = create();
    const first = signIn();
    for (let i = 0; i < sessionRules.maxSessions; i++) {
      clock.now += 1;
      signIn();
    }
    expect(sessions.count).toBe(sessionRules.maxSessions);
    expect(sessions.find(first.proof)).toBeUndefined();
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
