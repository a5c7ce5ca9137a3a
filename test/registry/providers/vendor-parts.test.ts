// What all vendors' APIs are asked with: whose hosts are trusted, where a sign-in goes, how listings end.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import type { Credential } from "../../../electron/engine/credential.ts";
import { Http } from "../../../electron/registry/http.ts";
import { defaultDeadlines, maxPages } from "../../../electron/registry/limits.ts";
import { createVendorApi, type VendorAnswer } from "../../../electron/registry/providers/vendor-api.ts";
import { vendorPages } from "../../../electron/registry/providers/vendor-pages.ts";
import { VendorSession } from "../../../electron/registry/providers/vendor-session.ts";
import { afterwards, bodyOf, json, options, type Script, serve } from "../scripted-server.ts";
import { password, refusalOf } from "./stand-ins.ts";

function httpOf(entered: readonly string[] = ["127.0.0.1"]): Http {
  const host = "registry.example";
  const http = new Http({
    ...{ host, entered, settings: { insecureSkipVerify: false }, connections: 4 },
    deadlines: { ...defaultDeadlines, smallBodyMs: 300 },
  });
  afterwards(() => http.close());
  return http;
}

function apiOf(http = httpOf()) {
  return createVendorApi({ transport: http, userAgent: "test/1", deadlineMs: 300 });
}

async function asking(script: Script) {
  const server = await serve(script);
  const ask = (path: string, body?: unknown) =>
    apiOf().ask({
      ...{ method: body === undefined ? "GET" : "POST", url: new URL(path, server.url) },
      ...{ authorization: "Bearer secret", body, operation: "test", ...options() },
    });
  return { server, ask };
}

/** Another origin on the same machine: another port. */
async function stranger() {
  const seen: { authorization: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((bytes) => {
      seen.push({ authorization: request.headers.authorization, body: bytes.toString() });
      json(response, 200, { from: "stranger" });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterwards(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, seen };
}

describe("a vendor's API", () => {
  it("that the user named is reached where it stands; one that nobody named is not, inside", async () => {
    const server = await serve((_, response) => json(response, 200, { ok: true }));
    const request = {
      method: "GET" as const,
      url: new URL("/x", server.url),
      operation: "test",
      ...options(),
    };
    expect((await apiOf().ask(request)).json).toEqual({ ok: true });
    expect(await refusalOf(apiOf(httpOf([])).ask(request))).toMatchObject({ code: "redirect-refused" });
    expect(server.count("GET", "/x")).toBe(1);
  });

  it("keeps its sign-in when it sends us on to another origin", async () => {
    const other = await stranger();
    const { ask } = await asking(
      (_, response) => void response.writeHead(307, { location: other.url }).end(),
    );
    expect((await ask("/list")).json).toEqual({ from: "stranger" });
    expect(other.seen).toEqual([{ authorization: undefined, body: "" }]);
  });

  it("gets what is sent alone, wherever it would send us on", async () => {
    const other = await stranger();
    const { ask } = await asking(
      (_, response) => void response.writeHead(307, { location: other.url }).end(),
    );
    expect((await ask("/token", { secret: "s3cret" })).status).toBe(307);
    expect(other.seen).toEqual([]);
  });

  it.each<[string, Script, string]>([
    ["too large an answer", (_, to) => to.writeHead(200).end(Buffer.alloc(17 * 1024 * 1024)), "too-large"],
    ["one that drips", (_, to) => void to.writeHead(200).write("["), "timeout"],
    [
      "a circle",
      (request, to) => to.writeHead(302, { location: request.url ?? "" }).end(),
      "redirect-refused",
    ],
    ["a failure", (_, to) => json(to, 503, {}), "registry-failure"],
  ])("is given up with %s", async (_, script, code) => {
    const { ask } = await asking(script);
    expect(await refusalOf(ask("/x"))).toMatchObject({ code });
  });

  it("that answers with a web page has said nothing", async () => {
    const { ask } = await asking((_, response) => void response.writeHead(200).end("<html>"));
    expect((await ask("/x")).json).toBeUndefined();
  });
});

const answer = (json: unknown, status = 200): VendorAnswer => ({
  ...{ status, headers: {}, url: new URL("https://api.example/list"), json },
});

describe("the sign-in at a vendor's API", () => {
  const given: (Credential | undefined)[] = [];
  function session(secrets: readonly string[], accepts: (header: string | undefined) => boolean) {
    given.length = 0;
    const left = [...secrets];
    let current = left.shift() ?? "";
    const asked: (string | undefined)[] = [];
    const context = {
      api: {
        ask: async ({ authorization }: { authorization?: string | undefined }) => {
          asked.push(authorization);
          return answer({}, accepts(authorization) ? 200 : 401);
        },
      },
      credentials: {
        get: async (_: AbortSignal, refused?: Credential) => {
          given.push(refused);
          if (refused !== undefined) current = left.shift() ?? current;
          return password("alice", current);
        },
      },
    };
    const sign = async (credential: Credential) =>
      credential.kind === "password" ? `Bearer ${credential.password}` : undefined;
    return { asked, opened: VendorSession.open(context, sign, options().signal) };
  }
  const request = { method: "GET" as const, url: new URL("https://api.example/list"), operation: "test" };

  it("S005 is asked for anew after a 401, and what replaced it is used", async () => {
    const { asked, opened } = session(["old", "new"], (header) => header === "Bearer new");
    const one = await opened;
    expect((await one?.ask({ ...request, ...options() }))?.status).toBe(200);
    expect(asked).toEqual(["Bearer old", "Bearer new"]);
    expect(given).toEqual([undefined, password("alice", "old")]);
  });

  it("that stays refused is tried no second time with the same secret", async () => {
    const { asked, opened } = session(["old"], () => false);
    expect((await (await opened)?.ask({ ...request, ...options() }))?.status).toBe(401);
    expect(asked).toEqual(["Bearer old"]);
  });
});

describe("a vendor's listing", () => {
  const names = (pages: (url: URL) => { readonly names: readonly string[]; readonly next?: string }) =>
    vendorPages<string>({
      first: new URL("https://api.example/list?page=1"),
      ask: async (url) => ({ ...answer(pages(url)), url }),
      parse: (json) => (json as { names: string[] }).names,
      next: ({ json }) => (json as { next?: string }).next,
      key: (name) => name,
      operation: "list-repositories",
      what: "the repositories",
    });
  async function all(pages: AsyncIterable<readonly string[]>): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const page of pages) found.push(...page);
    return found;
  }

  it("S008 without end ends with an error", async () => {
    let at = 0;
    const endless = names(() => ({ names: [`name-${at++}`], next: `?page=${at + 1}` }));
    expect(await refusalOf(all(endless))).toMatchObject({ code: "too-large" });
    expect(at).toBe(maxPages);
  });

  it("stays on its API whatever host, scheme or user name stands in `next`", async () => {
    const asked: string[] = [];
    const nexts = [
      "//evil.invalid/list?page=2",
      "http://u:p@evil.invalid/list?page=3",
      "https://api.example:1/list?page=4",
    ];
    const found = await all(
      names((url) => {
        asked.push(url.origin + url.username);
        const next = nexts[asked.length - 1];
        return { names: [`n${asked.length}`], ...(next === undefined ? {} : { next }) };
      }),
    );
    expect(found).toEqual(["n1", "n2", "n3", "n4"]);
    expect(new Set(asked)).toEqual(new Set(["https://api.example"]));
  });

  it("ends with a `next` that is no address, and leaves out what is too long to be a name", async () => {
    const long = "x".repeat(10_000);
    expect(await all(names(() => ({ names: ["a", long], next: "http://[" })))).toEqual(["a"]);
  });

  it("that is no list is an error, not an empty one", async () => {
    const odd = vendorPages<string>({
      first: new URL("https://api.example/list"),
      ask: async () => answer({ message: "hello" }),
      parse: () => undefined,
      next: () => undefined,
      key: (name) => name,
      operation: "list-repositories",
      what: "the repositories",
    });
    expect(await refusalOf(all(odd))).toMatchObject({ code: "protocol" });
  });
});
