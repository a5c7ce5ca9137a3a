// A registry that quotes in its headers what it was sent: they lead on as they are, and nothing that is told quotes them.
import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Credential } from "../../electron/engine/credential.ts";
import type { RequestLogEntry } from "../../electron/registry/redact.ts";
import { Registry } from "../../electron/registry/registry.ts";
import { SentSecrets } from "../../electron/registry/sent-secrets.ts";
import type { Descriptor } from "../../shared/descriptor.ts";
import { parseDigest } from "../../shared/digest.ts";
import {
  afterwards,
  collect,
  json,
  options,
  type Script,
  type ScriptedServer,
  serve,
} from "./scripted-server.ts";

const secret = "Canary.echo-4b7a";
const pair = Buffer.from(`ada:${secret}`).toString("base64");
const password: Credential = { kind: "password", username: "ada", password: secret };
const blob: Descriptor = {
  mediaType: "application/octet-stream",
  digest: parseDigest(`sha256:${"0".repeat(64)}`, "test"),
  size: 5,
};

/** Everything that was told, also in causes and stacks. */
function toldOf(thrown: unknown, log: readonly RequestLogEntry[]): string {
  const told: string[] = log.map((entry) => JSON.stringify(entry));
  for (let error = thrown; error instanceof Error; error = error.cause)
    told.push(error.message, error.stack ?? "", JSON.stringify(error));
  return told.join("\n");
}

/** A registry with Basic; who is signed in gets what the script says. */
async function stage(script: Script) {
  const log: RequestLogEntry[] = [];
  const server: ScriptedServer = await serve((request, response) => {
    if (request.headers.authorization !== undefined) return script(request, response);
    response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
  });
  const settings = {
    host: server.host,
    plainHttp: "always" as const,
    insecureSkipVerify: false,
    connections: 8,
  };
  const registry = new Registry({
    settings: { ...settings, trustedTokenHosts: [] },
    credentials: { get: async () => password },
    userAgent: "t",
    log: (entry) => void log.push(entry),
  });
  afterwards(() => registry.close());
  return { server, registry, log };
}

describe("S007 a header that quotes a sign-in", () => {
  const realm = (url: string) => ({ "www-authenticate": `Bearer realm="${url}",service="s"` });
  it.each([
    ["as a realm's path", 401, realm(`ftp://127.0.0.1/${secret}`)],
    ["as a realm's host", 401, realm(`http://${secret}.example/token`)],
    ["encoded in a realm", 401, realm(`not a url ${pair}`)],
    ["as the path of a redirect", 307, { location: `/elsewhere/${secret}/${pair}` }],
    ["as the host of a redirect", 307, { location: `http://${secret}.invalid/x` }],
    ["as the scheme of a redirect", 307, { location: `${secret.toLowerCase()}:x` }],
    ["as a redirect that is no URL", 307, { location: `http://[${secret}` }],
    ["as the user of a redirect", 307, { location: `https://${secret}@storage.example/` }],
  ] as const)("%s is in no error, cause, stack or log entry", async (_where, status, headers) => {
    const { server, registry, log } = await stage((request, response) => {
      if (request.url?.startsWith("/elsewhere") === true) return json(response, 404, {});
      response.writeHead(status, headers).end();
    });
    const thrown = await registry.openBlob("app", blob, options()).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Error);
    expect(server.asked.some((one) => one.headers.authorization === `Basic ${pair}`)).toBe(true);
    expect(log.length).toBeGreaterThan(0);
    const told = toldOf(thrown, log).toLowerCase();
    expect(told).not.toContain(secret.toLowerCase());
    expect(told).not.toContain(pair.toLowerCase());
  });

  it("is followed as it is where it leads on", async () => {
    const { server, registry, log } = await stage((request, response) => {
      if (request.url === `/next/${secret}`) return json(response, 200, { name: "app", tags: ["v1"] });
      response.writeHead(307, { location: `/next/${secret}` }).end();
    });
    expect(await collect(registry.listTags("app", options()))).toEqual(["v1"]);
    expect(server.count("GET", `/next/${secret}`)).toBe(1);
    expect(toldOf(undefined, log)).toContain("/next/***");
  });

  it("is in no error and no log entry either where the sign-in was forgotten meanwhile", async () => {
    const { server, registry, log } = await stage((_request, response) => {
      registry.forgetPassword();
      response.writeHead(307, { location: `http://${secret}.invalid/${pair}` }).end();
    });
    const thrown = await registry.openBlob("app", blob, options()).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Error);
    expect(server.asked.some((one) => one.headers.authorization === `Basic ${pair}`)).toBe(true);
    const told = toldOf(thrown, log).toLowerCase();
    expect(told).toContain("***.invalid");
    expect(told).not.toContain(secret.toLowerCase());
    expect(told).not.toContain(pair.toLowerCase());
  });

  it("is not written down with an upload that is to be taken up again", async () => {
    const { server, registry } = await stage((request, response) => {
      const location = `/v2/app/blobs/uploads/1?of=${secret}&at=2`;
      if (request.method === "POST") response.writeHead(202, { location }).end();
      else response.writeHead(202, { location, range: "0-4" }).end();
    });
    const session = await registry.beginUpload("app", blob, options());
    await session.append(Readable.from([Buffer.from("12345")]), 5, options());
    expect(server.count("PATCH", new RegExp(`of=${secret}`))).toBe(1);
    expect(session.token).toContain("/v2/app/blobs/uploads/1?of=***&at=2");
    expect(session.token).not.toContain(secret);
  });
});

describe("what was sent", () => {
  const request = (authorization: string) => ({
    ...{ method: "GET" as const, url: new URL("https://registry.example/"), lane: "control" as const },
    ...{ operation: "test", signal: new AbortController().signal, headers: { authorization } },
  });
  const basic = (secretText: string): string =>
    `Basic ${Buffer.from(`ada:${secretText}`).toString("base64")}`;

  it("is covered in every spelling, and forgotten with the lock", () => {
    const sent = new SentSecrets("registry.example");
    sent.note(request(basic("wörd/7%+x")));
    const text = `wörd/7%+x ${encodeURIComponent("wörd/7%+x")} ${Buffer.from("wörd/7%+x").toString("base64")} WÖRD`;
    expect(sent.cover(text)).toBe("*** *** ***== WÖRD");
    sent.forget();
    expect(sent.cover(text)).toBe(text);
  });

  it("is forgotten when nothing is under way any more, but for what is sent again meanwhile", async () => {
    const sent = new SentSecrets("registry.example");
    for (const word of ["first-word", "second-word"]) sent.note(request(basic(word)));
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const all = [sent.quietly(() => first.promise), sent.quietly(() => second.promise)];
    sent.forget();
    sent.note(request(basic("second-word")));
    first.resolve();
    await all[0];
    await turn();
    expect(sent.cover("first-word second-word")).toBe("*** ***");
    second.resolve();
    await all[1];
    // Its answer is looked at first.
    expect(sent.cover("first-word second-word")).toBe("*** ***");
    await turn();
    expect(sent.cover("first-word second-word")).toBe("first-word ***");
  });

  it("is the newest that fits, and never a part of the registry's own name", () => {
    const sent = new SentSecrets("registry.example");
    sent.note(request(basic("registry")));
    expect(sent.cover("registry.example answered 404")).toBe("registry.example answered 404");
    for (let at = 0; at < 100; at++) sent.note(request(`Bearer token-number-${at}`));
    expect(sent.cover("token-number-99")).toBe("***");
    expect(sent.cover("token-number-1 ")).toBe("token-number-1 ");
  });

  it("stays covered however many tokens were given for it", () => {
    const sent = new SentSecrets("registry.example");
    sent.note(request(basic("of-all-tokens")));
    for (let at = 0; at < 100; at++) sent.note(request(`Bearer token-number-${at}`));
    expect(sent.cover("of-all-tokens")).toBe("***");
  });
});
