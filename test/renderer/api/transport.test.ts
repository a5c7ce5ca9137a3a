// The way to the web host before its socket: a link is given up only where the host has refused it.
import { beforeEach, expect, it } from "vitest";
import { chooseTransport } from "../../../renderer/api/transport.ts";

beforeEach(() => localStorage.clear());

function pageWith(answers: readonly Response[], storage: () => Storage = () => localStorage) {
  const asked: string[] = [];
  const left = [...answers];
  const page = {
    location: { hash: "#t=secret", protocol: "http:", host: "127.0.0.1:1", pathname: "/" },
    fetch: (_url: string, { method = "GET", body = "" }: RequestInit) => {
      asked.push(`${method} ${body}`);
      const answer = left.shift();
      return answer === undefined ? Promise.reject(new TypeError("no more")) : Promise.resolve(answer);
    },
    get localStorage() {
      return storage();
    },
    history: { replaceState: () => undefined },
  };
  return { transport: chooseTransport(page as unknown as Window), asked };
}

const post = 'POST {"token":"secret"}';
const answer = (status: number, body: object = {}): Response => Response.json(body, { status });

it("tries the link again after a host that was full or let nobody in, and no more once it is refused", async () => {
  const { transport, asked } = pageWith([answer(503), answer(429), answer(401)]);
  await expect(transport.open()).rejects.toMatchObject({ code: "disconnected", status: 503 });
  await expect(transport.open()).rejects.toMatchObject({ code: "disconnected", status: 429 });
  await expect(transport.open()).rejects.toMatchObject({ code: "unauthorized", operation: "connect" });
  expect(asked).toEqual([post, post, post]);
  await expect(transport.open()).rejects.toMatchObject({ code: "unauthorized" });
  expect(asked).toHaveLength(3);
});

it("asks for the session of an earlier link where this one was used, and says nothing of it while the host is full", async () => {
  localStorage.setItem("freightliner.page-key", "k1");
  const { transport, asked } = pageWith([answer(401), answer(503), answer(200, { signedIn: false })]);
  await expect(transport.open()).rejects.toMatchObject({ code: "disconnected", status: 503 });
  await expect(transport.open()).rejects.toMatchObject({ code: "unauthorized", operation: "connect" });
  expect(asked).toEqual([post, "GET ", "GET "]);
});

it("says that the browser stores nothing, in the place of a link that was used", async () => {
  const { transport } = pageWith([answer(200, { signedIn: true, key: "k1" })], () => {
    throw new DOMException("denied", "SecurityError");
  });
  await expect(transport.open()).rejects.toMatchObject({
    code: "unauthorized",
    operation: "sign-in",
    message: expect.stringContaining("stores nothing"),
  });
});
