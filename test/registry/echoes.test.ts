// A registry or token service that quotes what it was given: the refusal is told, the secret in it is not.

import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { withoutEchoes } from "../../electron/registry/echoes.ts";
import type { ExchangeRequest, Transport } from "../../electron/registry/exchange.ts";
import { SentSecrets } from "../../electron/registry/sent-secrets.ts";

const password = 'p"ss wörd%/+=secret';
const pair = `alice:${password}`;
const basic = `Basic ${Buffer.from(pair).toString("base64")}`;

/** What is read of an answer with this body, in pieces of so many bytes. */
async function readBack(
  request: Partial<ExchangeRequest>,
  body: string,
  { status = 401, piece = 7 }: { readonly status?: number; readonly piece?: number } = {},
): Promise<string> {
  const bytes = Buffer.from(body);
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, at) =>
    bytes.subarray(at * piece, (at + 1) * piece),
  );
  const url = request.url ?? new URL("https://registry.example/v2/");
  const transport: Transport = {
    send: async () => ({ status, headers: {}, url, body: Readable.from(pieces) }),
  };
  const answer = await withoutEchoes(transport, new SentSecrets("registry.example")).send({
    method: "GET",
    headers: {},
    lane: "control",
    operation: "test",
    signal: new AbortController().signal,
    ...request,
    url,
  });
  const chunks: Buffer[] = [];
  for await (const chunk of answer.body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe("S007 an answer that quotes the request", () => {
  it.each([
    ["as it was sent", basic],
    ["without its scheme", basic.slice("Basic ".length)],
    ["decoded", pair],
    ["the password alone", password],
    ["in JSON", JSON.stringify({ message: `not ${password}!` })],
    ["in a URL", `?password=${encodeURIComponent(password)}`],
    ["in a form", new URLSearchParams({ password }).toString()],
    ["the password in Base64", Buffer.from(password).toString("base64")],
  ])("loses a Basic sign-in %s, in pieces of any size, and keeps its length", async (_how, quoted) => {
    const body = `wrong: ${quoted} (${quoted})`;
    for (const piece of [1, 2, 7, 1000]) {
      const read = await readBack({ headers: { authorization: basic } }, body, { piece });
      expect(read).not.toContain(quoted);
      expect(read).not.toContain("secret");
      expect(Buffer.byteLength(read)).toBe(Buffer.byteLength(body));
      expect(read.startsWith(quoted.startsWith("{") ? "wrong: {" : "wrong: ")).toBe(true);
    }
  });

  it("loses tokens of headers, forms, JSON and addresses", async () => {
    const token = "canary-token-0192";
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const requests: Partial<ExchangeRequest>[] = [
      { headers: { authorization: `Bearer ${token}` } },
      { headers: { "private-token": token } },
      { headers: form, body: Buffer.from(`grant_type=refresh_token&refresh_token=${token}`) },
      {
        headers: { "content-type": "application/json" },
        body: Buffer.from(`{"user":{"password":"${token}"}}`),
      },
      { url: new URL(`https://storage.example/blob?X-Amz-Signature=${token}&X-Amz-Date=2026`) },
    ];
    for (const request of requests) {
      const read = await readBack(request, `refused refresh_token ${token}`);
      expect(read).toBe(`refused refresh_token ${"*".repeat(token.length)}`);
    }
  });

  it("leaves alone what is no refusal, and words that are no secret", async () => {
    const request = { headers: { authorization: "Bearer abcdef" } };
    expect(await readBack(request, "abcdef", { status: 200 })).toBe("abcdef");
    const url = new URL(
      "https://registry.example/token?service=example&scope=repository:app:pull&account=alice",
    );
    expect(await readBack({ url }, "no repository:app:pull for alice at example")).toBe(
      "no repository:app:pull for alice at example",
    );
    const short = `Basic ${Buffer.from("alice:abc").toString("base64")}`;
    expect(await readBack({ headers: { authorization: short } }, "alphabet abc")).toBe("alphabet abc");
  });
});
