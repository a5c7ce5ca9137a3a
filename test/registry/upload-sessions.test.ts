// Uploads that go on after a break: what a kept session may lead to, and what a registry may say of it.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Descriptor } from "../../shared/descriptor.ts";
import { parseDigest } from "../../shared/digest.ts";
import { bodyOf, json, options, registryFor, type Script, serve } from "./scripted-server.ts";

const bytes = Buffer.from("0123456789abcdef");
const half = bytes.length / 2;
const blob: Descriptor = {
  mediaType: "application/octet-stream",
  digest: parseDigest(`sha256:${createHash("sha256").update(bytes).digest("hex")}`, "test"),
  size: bytes.length,
};
const session = "/v2/app/blobs/uploads/one?_state=secret";

/** A registry that opens `session` and takes parts; `answer` says the rest. */
async function registry(answer: Script, location = session) {
  let count = 0;
  const server = await serve(async (request, response) => {
    if (request.url === "/v2/") return json(response, 200, {});
    if (request.method === "POST") {
      response.writeHead(202, { location, range: "0-0" });
      return void response.end();
    }
    if (request.method === "PATCH") {
      count += (await bodyOf(request)).length;
      response.writeHead(202, { location, range: `0-${count - 1}` });
      return void response.end();
    }
    return answer(request, response);
  });
  return { server, client: registryFor(server.host) };
}

async function tokenOf(client: ReturnType<typeof registryFor>): Promise<string> {
  const upload = await client.beginUpload("app", blob, options());
  await upload.append(Readable.from([bytes.subarray(0, half)]), half, options());
  expect(upload.offset).toBe(half);
  return upload.token;
}

const told: Script = (_request, response) => {
  response.writeHead(204, { location: session, range: `0-${half - 1}` });
  response.end();
};

describe("a session that was kept", () => {
  it("goes on where the registry says that it stands", async () => {
    const { client } = await registry(told);
    const token = await tokenOf(client);
    expect((await client.continueUpload("app", blob, token, options()))?.offset).toBe(half);
  });

  it("leads nowhere from another registry than the one that gave it out", async () => {
    const { client, server } = await registry(told);
    const other = await registry(told);
    const token = await tokenOf(client);
    expect(await other.client.continueUpload("app", blob, token, options())).toBeUndefined();
    expect(server.count("GET", /uploads/)).toBe(0);
    expect(other.server.count("GET", /uploads/)).toBe(0);
  });

  it.each([
    ["no JSON", () => "x"],
    ["another shape", () => "{}"],
    ["a scheme that is not followed", (token: string) => changed(token, { location: "file:///etc/passwd" })],
    ["user info", (token: string) => changed(token, { location: "http://a:b@127.0.0.1:1/" })],
    ["more bytes than the blob has", (token: string) => changed(token, { offset: bytes.length + 1 })],
  ])("is begun anew for a token with %s, without a question", async (_name, spoil) => {
    const { client, server } = await registry(told);
    const token = spoil(await tokenOf(client));
    expect(await client.continueUpload("app", blob, token, options())).toBeUndefined();
    expect(server.count("GET", /uploads/)).toBe(0);
  });

  it.each([400, 403, 404, 405, 410, 416, 501])(
    "is begun anew where its status answers %d",
    async (status) => {
      const { client } = await registry((_request, response) => json(response, status, {}));
      expect(await client.continueUpload("app", blob, await tokenOf(client), options())).toBeUndefined();
    },
  );

  it("is begun anew where its status sends us to where nobody follows", async () => {
    const { client } = await registry((_request, response) => {
      response.writeHead(204, { location: "ftp://elsewhere.example/", range: `0-${half - 1}` });
      response.end();
    });
    expect(await client.continueUpload("app", blob, await tokenOf(client), options())).toBeUndefined();
  });

  it.each([
    [429, "rate-limited"],
    [503, "registry-failure"],
  ])("is kept where its status answers %d", async (status, code) => {
    const { client } = await registry((_request, response) => json(response, status, {}));
    const token = await tokenOf(client);
    await expect(client.continueUpload("app", blob, token, options())).rejects.toMatchObject({ code });
  });

  it("never shows its address or its state in an error", async () => {
    const { client } = await registry((_request, response) => json(response, 500, {}));
    const token = await tokenOf(client);
    const error = await client
      .continueUpload("app", blob, token, options())
      .catch((thrown: unknown) => thrown);
    expect(String(error)).not.toMatch(/secret|uploads/);
  });
});

describe("where an upload is sent", () => {
  it("is not told in full where its address cannot be read", async () => {
    const { client } = await registry(told, "http://[bad/uploads?_state=secret");
    const error = await client.beginUpload("app", blob, options()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "redirect-refused" });
    expect(String(error)).not.toContain("secret");
  });
});

function changed(token: string, by: object): string {
  return JSON.stringify({ ...JSON.parse(token), ...by });
}
