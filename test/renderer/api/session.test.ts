// The one-time token of the start link: exchanged once, never left in the address.
import { describe, expect, it } from "vitest";
import { type SessionPage, signIn, tokenOf } from "../../../renderer/api/session.ts";

function pageWith(hash: string, answer: () => Promise<{ ok: boolean; status: number }>) {
  const requests: { readonly url: string; readonly init: RequestInit }[] = [];
  const order: string[] = [];
  const page: SessionPage = {
    hash,
    fetch: (url, init) => {
      order.push("fetch");
      requests.push({ url, init });
      return answer();
    },
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
    const { page, requests, order } = pageWith("#t=secret", () => Promise.resolve({ ok: true, status: 204 }));
    await expect(signIn(page)).resolves.toBe("signed-in");
    expect(requests).toHaveLength(1);
    expect(requests[0]?.url).toBe("/session");
    expect(requests[0]?.init.method).toBe("POST");
    expect(requests[0]?.init.headers).toEqual({ "content-type": "application/json" });
    expect(JSON.parse(String(requests[0]?.init.body))).toEqual({ token: "secret" });
    expect(order).toEqual(["clean", "fetch"]);
  });

  it("asks nothing without a token", async () => {
    const { page, requests } = pageWith("", () => Promise.reject(new Error("not to be asked")));
    await expect(signIn(page)).resolves.toBe("no-token");
    expect(requests).toEqual([]);
  });

  it("says that a used link was refused, without the token in the message", async () => {
    const { page } = pageWith("#t=secret", () => Promise.resolve({ ok: false, status: 403 }));
    const error = await signIn(page).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "unauthorized", status: 403 });
    expect(String(error)).not.toContain("secret");
  });

  it("tells a host that is away from one that refuses", async () => {
    const { page } = pageWith("#t=secret", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(signIn(page)).rejects.toMatchObject({ code: "disconnected" });
  });
});
