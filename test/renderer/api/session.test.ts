// The one-time token of the start link: exchanged once, never left in the address.
import { describe, expect, it } from "vitest";
import { isSignedIn, pageKey, type SessionPage, signIn, tokenOf } from "../../../renderer/api/session.ts";

const answered = (status: number, body: unknown) => () => Promise.resolve(Response.json(body, { status }));

function pageWith(hash: string, answer: () => Promise<Response>) {
  localStorage.clear();
  const requests: { readonly url: string; readonly init: RequestInit }[] = [];
  const order: string[] = [];
  const page: SessionPage = {
    hash,
    fetch: (url, init) => {
      order.push("fetch");
      requests.push({ url, init });
      return answer();
    },
    storage: () => localStorage,
    clean: () => order.push("clean"),
  };
  return { page, requests, order };
}

describe("tokenOf", () => {
  it("reads the fragment's t", () => {
    expect(tokenOf("#t=abc-123_x")).toBe("abc-123_x");
    expect(tokenOf("#x=1&t=abc")).toBe("abc");
    expect(tokenOf("#t=")).toBeUndefined();
    expect(tokenOf("")).toBeUndefined();
  });
});

describe("signIn", () => {
  it("posts the token as JSON and has cleaned the address before", async () => {
    const { page, requests, order } = pageWith("#t=secret", answered(200, { signedIn: true, key: "k1" }));
    await expect(signIn(page)).resolves.toBe("signed-in");
    expect(requests).toHaveLength(1);
    expect(requests[0]?.url).toBe("/session");
    expect(requests[0]?.init.method).toBe("POST");
    expect(requests[0]?.init.headers).toEqual({ "content-type": "application/json" });
    expect(JSON.parse(String(requests[0]?.init.body))).toEqual({ token: "secret" });
    expect(order).toEqual(["clean", "fetch"]);
    expect(pageKey(page)).toBe("k1");
  });

  it("asks nothing without a token", async () => {
    const { page, requests } = pageWith("", () => Promise.reject(new Error("not to be asked")));
    await expect(signIn(page)).resolves.toBe("no-token");
    expect(requests).toEqual([]);
  });

  it("says that a used link was refused, without the token in the message", async () => {
    const { page } = pageWith("#t=secret", answered(403, { error: "no" }));
    const error = await signIn(page).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "unauthorized", status: 403 });
    expect(String(error)).not.toContain("secret");
    expect(pageKey(page)).toBeUndefined();
  });

  it("tells a host that is away or full from one that refuses", async () => {
    const { page } = pageWith("#t=secret", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(signIn(page)).rejects.toMatchObject({ code: "disconnected" });
    for (const status of [429, 500, 503]) {
      const full = pageWith("#t=secret", answered(status, { error: "busy" }));
      await expect(signIn(full.page)).rejects.toMatchObject({ code: "disconnected", status });
    }
  });
});

describe("isSignedIn", () => {
  it("shows the key that this address keeps, and believes the host", async () => {
    const yes = pageWith("", answered(200, { signedIn: true }));
    localStorage.setItem("freightliner.page-key", "k1");
    await expect(isSignedIn(yes.page)).resolves.toBe(true);
    expect(yes.requests[0]).toMatchObject({
      url: "/session",
      init: { headers: { "x-freightliner-key": "k1" } },
    });
    const no = pageWith("", answered(200, { signedIn: false }));
    localStorage.setItem("freightliner.page-key", "k1");
    await expect(isSignedIn(no.page)).resolves.toBe(false);
  });

  it("asks nothing where nobody signed in here, or where the browser stores nothing", async () => {
    const { page, requests } = pageWith("", answered(200, { signedIn: true }));
    await expect(isSignedIn(page)).resolves.toBe(false);
    const storage = (): Storage => {
      throw new DOMException("denied", "SecurityError");
    };
    await expect(isSignedIn({ ...page, storage })).resolves.toBe(false);
    await expect(signIn({ ...page, hash: "#t=x", storage })).rejects.toThrow();
    expect(requests.map(({ init }) => init.method)).toEqual(["POST"]);
  });

  it("says that a host is away, and takes no other answer for the end of the session", async () => {
    const { page } = pageWith("", () => Promise.reject(new TypeError("Failed to fetch")));
    localStorage.setItem("freightliner.page-key", "k1");
    await expect(isSignedIn(page)).rejects.toMatchObject({ code: "disconnected" });
    const full = pageWith("", answered(503, { error: "The host is busy." }));
    localStorage.setItem("freightliner.page-key", "k1");
    await expect(isSignedIn(full.page)).rejects.toMatchObject({ code: "disconnected", status: 503 });
  });
});
