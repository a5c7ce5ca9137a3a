// Registries that send us elsewhere: redirects, locations and links, inside and out (the table in facts, protocol.md 8).
import type { LookupAddress } from "node:dns";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { noSurroundings } from "../../../electron/registry/network/surroundings.ts";
import { readPair, TestAuthority } from "../../support/certificates.ts";
import { tempFolder } from "../../support/temp.ts";
import { describeBytes, streamOf } from "../samples.ts";
import { afterwards, collect, json, options, registryFor, type Script, serve } from "../scripted-server.ts";
import { alice } from "./stage.ts";

/** What names resolve to, one answer after the other; the last one stays. */
const names = vi.hoisted(() => new Map<string, string[]>());
vi.mock("node:dns", async (original) => {
  const real = await original<typeof import("node:dns")>();
  type Answer = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
  const lookup = (name: string, given: { all: true }, answer: Answer) => {
    const known = names.get(name);
    if (known === undefined) return real.lookup(name, given, answer);
    const address = (known.length > 1 ? known.shift() : known[0]) ?? "";
    return answer(null, [{ address, family: address.includes(":") ? 6 : 4 }]);
  };
  return { ...real, lookup, default: { ...real, lookup } };
});
beforeEach(() => names.clear());

const bytes = Buffer.alloc(5000, 1);
const blob = describeBytes(bytes);

/** A proxy by which registry.example, a host of the public network as far as anybody knows, is reached. */
async function publicRegistry(script: Script) {
  const proxy = createServer((request, response) => {
    request.url = new URL(request.url ?? "").pathname;
    void script(request, response);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  afterwards(async () => {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const http = { name: "HTTP_PROXY", value: url };
  return registryFor("registry.example", {
    credential: alice,
    deadlines: { connectMs: 300 },
    network: {
      surroundings: {
        ...noSurroundings,
        proxies: { ...noSurroundings.proxies, http, noProxy: ".inside.example" },
      },
    },
  });
}

/** 307 for the blob, 200 for the rest. */
function sendsBlobTo(location: string): Script {
  return (request, response) => {
    if (request.url?.includes("/blobs/") === true) response.writeHead(307, { location }).end();
    else json(response, 200, {});
  };
}

describe("a hostile registry that sends us on", () => {
  it.each([
    "http://127.0.0.1:PORT/secret",
    "http://localhost:PORT/secret",
    "http://127.1:PORT/secret",
    "http://2130706433:PORT/secret",
    "http://0x7f.0.0.1:PORT/secret",
    "http://[::ffff:127.0.0.1]:PORT/secret",
    "http://[::1]:PORT/secret",
    "http://0.0.0.0:PORT/secret",
    "http://10.0.0.1/secret",
    "http://192.168.1.1/secret",
    "http://100.64.0.1/secret",
    "http://[fd00::1]/secret",
    "http://169.254.169.254/latest/meta-data/",
  ])("row 6: from the public network to %s is not followed", async (location) => {
    const inside = await serve((_request, response) => void response.end("secret"));
    const registry = await publicRegistry(sendsBlobTo(location.replace("PORT", String(inside.port))));
    await expect(registry.openBlob("app", blob, options())).rejects.toMatchObject({
      code: "redirect-refused",
      retryable: false,
    });
    expect(inside.asked).toEqual([]);
  });

  it("row 6: a name that resolves to the inside is judged by the address it is connected to", async () => {
    const inside = await serve((_request, response) => void response.end("secret"));
    const registry = await publicRegistry(sendsBlobTo(`http://cdn.inside.example:${inside.port}/secret`));
    names.set("cdn.inside.example", ["127.0.0.1"]);
    await expect(registry.openBlob("app", blob, options())).rejects.toMatchObject({
      code: "redirect-refused",
      message: expect.stringContaining("127.0.0.1"),
    });
    expect(inside.asked).toEqual([]);
  });

  it("row 6: a name that changes its address between two questions (rebinding) gains nothing by it", async () => {
    const inside = await serve((_request, response) => void response.end("secret"));
    const registry = await publicRegistry(sendsBlobTo(`http://cdn.inside.example:${inside.port}/secret`));
    // TEST-NET-1: nobody is there. What was judged good once is judged again with every connection.
    names.set("cdn.inside.example", ["192.0.2.1", "127.0.0.1"]);
    await expect(registry.openBlob("app", blob, options())).rejects.toMatchObject({
      code: expect.stringMatching(/unreachable|timeout/),
    });
    await expect(registry.openBlob("app", blob, options())).rejects.toMatchObject({
      code: "redirect-refused",
    });
    expect(inside.asked).toEqual([]);
  });

  it("row 6: from https to http is not followed", async () => {
    const folder = await tempFolder("hostile-tls");
    afterwards(() => folder.remove());
    const authority = await TestAuthority.make(folder.path);
    const pair = await readPair(await authority.issue("server", { names: "IP:127.0.0.1" }));
    const plain = await serve((_request, response) => void response.end(bytes));
    const registry = await serve(sendsBlobTo(`${plain.url}/b`), pair);
    const client = registryFor(registry.host, {
      settings: { plainHttp: "never", caFile: authority.cert },
      credential: alice,
    });
    const error = await client.openBlob("app", blob, options()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "redirect-refused",
      message: expect.stringContaining("https to http"),
    });
    expect(plain.asked).toEqual([]);
  });

  it.each([
    ["a circle", (url: string) => (url.endsWith("/a") ? "/b" : "/a")],
    ["a chain without end", (url: string) => `${url}x`],
  ])("row 6: %s ends", async (_, next) => {
    const server = await serve((request, response) => {
      if (request.url === "/v2/") json(response, 200, {});
      else response.writeHead(307, { location: next(request.url ?? "") }).end();
    });
    await expect(registryFor(server.host).openBlob("app", blob, options())).rejects.toMatchObject({
      code: "redirect-refused",
    });
    expect(server.asked.length).toBeLessThanOrEqual(12);
  });

  it.each(["http://169.254.169.254/u", "ftp://127.0.0.1/u", "http://user:pw@127.0.0.1:1/u", "http://["])(
    "row 4: an upload is not sent to %s",
    async (location) => {
      const server = await serve((request, response) => {
        if (request.method === "POST") response.writeHead(202, { location }).end();
        else json(response, 200, {});
      });
      await expect(
        registryFor(server.host).putBlob("app", blob, streamOf(bytes), options()),
      ).rejects.toMatchObject({ code: "redirect-refused" });
    },
  );

  it("row 4: an upload of a public registry is not sent inside", async () => {
    const inside = await serve((_request, response) => void response.writeHead(201).end());
    const registry = await publicRegistry((request, response) => {
      if (request.method === "POST") response.writeHead(202, { location: `${inside.url}/u` }).end();
      else json(response, 200, {});
    });
    await expect(registry.putBlob("app", blob, streamOf(bytes), options())).rejects.toMatchObject({
      code: "redirect-refused",
    });
    expect(inside.asked).toEqual([]);
  });

  it("row 5: a next page on another host is asked for at home", async () => {
    const other = await serve((_request, response) => json(response, 200, { tags: ["stolen"] }));
    const registry = await serve((request, response) => {
      if (request.url?.includes("last=") === true) json(response, 200, { tags: ["v2"] });
      else
        json(
          response,
          200,
          { tags: ["v1"] },
          { link: `<${other.url}/v2/app/tags/list?last=v1>; rel="next"` },
        );
    });
    const client = registryFor(registry.host, { credential: alice });
    expect(await collect(client.listTags("app", options()))).toEqual(["v1", "v2"]);
    expect(other.asked).toEqual([]);
  });
});
