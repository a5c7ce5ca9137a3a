// Pages of tags and repositories from servers that do it in their own ways.
import { describe, expect, it } from "vitest";
import { collect, json, options, registryFor, serve } from "./scripted-server.ts";

function page(names: unknown, headers: Record<string, string> = {}) {
  return { names, headers };
}

/** Serves the pages in order, whatever is asked; the ping is open. */
async function paged(field: "tags" | "repositories", pages: readonly ReturnType<typeof page>[]) {
  let at = 0;
  return serve((request, response) => {
    if (request.url === "/v2/") {
      json(response, 200, {});
      return;
    }
    const one = pages[Math.min(at, pages.length - 1)];
    at += 1;
    json(response, 200, { [field]: one?.names }, one?.headers);
  });
}

const tags = (host: string) => collect(registryFor(host).listTags("app", options()));

describe("tags", () => {
  it("follows relative and absolute links, on the registry's own origin only", async () => {
    const server = await paged("tags", [
      page(["a", "b"], { link: '</v2/app/tags/list?n=2&last=b>; rel="next"' }),
      page(["c"], { link: '<https://elsewhere.example/v2/app/tags/list?n=2&last=c&tok=%2B+x>; rel="next"' }),
      page(["d"]),
    ]);
    expect(await tags(server.host)).toEqual(["a", "b", "c", "d"]);
    expect(server.asked.slice(1).map((one) => one.url)).toEqual([
      "/v2/app/tags/list?n=1000",
      "/v2/app/tags/list?n=2&last=b",
      "/v2/app/tags/list?n=2&last=c&tok=%2B+x",
    ]);
  });

  it("leaves out what is no tag, and repeats", async () => {
    const server = await paged("tags", [page(["v1", null, "sha256:abc", "-x", 5, "v1", "v2", { a: 1 }])]);
    expect(await tags(server.host)).toEqual(["v1", "v2"]);
  });

  it("takes null for an empty list", async () => {
    const server = await paged("tags", [page(null)]);
    expect(await tags(server.host)).toEqual([]);
  });

  it("stops at a page without anything new, however its link looks", async () => {
    let at = 0;
    const server = await serve((request, response) => {
      at += 1;
      if (request.url === "/v2/") json(response, 200, {});
      else json(response, 200, { tags: ["a", "b"] }, { link: `</v2/app/tags/list?p=${at}>; rel="next"` });
    });
    expect(await tags(server.host)).toEqual(["a", "b"]);
    expect(server.asked).toHaveLength(3);
  });

  it("S008 keeps nothing of what is too long to be a name", async () => {
    let at = 0;
    const server = await serve((request, response) => {
      at += 1;
      if (request.url === "/v2/") json(response, 200, {});
      else
        json(
          response,
          200,
          { tags: [`${at}${"x".repeat(600)}`] },
          { link: `</v2/app/tags/list?p=${at}>; rel="next"` },
        );
    });
    expect(await tags(server.host)).toEqual([]);
    expect(server.asked).toHaveLength(2);
  });

  it("stops at a link that leads back", async () => {
    const server = await paged("tags", [
      page(["a"], { link: '</v2/app/tags/list?p=2>; rel="next"' }),
      page(["b"], { link: '</v2/app/tags/list?p=2>; rel="next"' }),
    ]);
    expect(await tags(server.host)).toEqual(["a", "b"]);
    expect(server.asked).toHaveLength(3);
  });

  it("asks once more behind a full page without a link", async () => {
    const full = Array.from({ length: 1000 }, (_, at) => `t${String(at).padStart(4, "0")}`);
    const server = await paged("tags", [page(full), page(["z"])]);
    expect(await tags(server.host)).toHaveLength(1001);
    expect(server.asked.at(-1)?.url).toBe("/v2/app/tags/list?n=1000&last=t0999");

    const same = await paged("tags", [page(full), page(full)]);
    expect(await tags(same.host)).toHaveLength(1000);

    let asked = 0;
    const strict = await serve((_request, response) => {
      asked += 1;
      if (asked === 3) json(response, 404, { errors: [{ code: "TAG_UNKNOWN" }] });
      else json(response, 200, { tags: full });
    });
    expect(await tags(strict.host)).toHaveLength(1000);
  });

  it("refuses a page beyond the cap, with and without an honest length, and another shape", async () => {
    const huge = await serve((request, response) => {
      if (request.url === "/v2/") json(response, 200, {});
      else response.writeHead(200, { "content-length": String(17 * 1024 * 1024) }).write("[");
    });
    await expect(tags(huge.host)).rejects.toMatchObject({ code: "too-large" });
    const endless = await serve((request, response) => {
      if (request.url === "/v2/") {
        json(response, 200, {});
        return;
      }
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, 32)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    await expect(tags(endless.host)).rejects.toMatchObject({ code: "too-large" });
    const odd = await paged("tags", [page("v1")]);
    await expect(tags(odd.host)).rejects.toMatchObject({ code: "protocol" });
    const html = await serve((_request, response) => {
      response.writeHead(200).end("<html>");
    });
    await expect(tags(html.host)).rejects.toMatchObject({ code: "protocol" });
  });

  it("names a missing repository, and checks the name before it asks", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/v2/") json(response, 200, {});
      else json(response, 404, { errors: [{ code: "NAME_UNKNOWN", message: "repository name not known" }] });
    });
    await expect(tags(server.host)).rejects.toMatchObject({ code: "repository-unknown", status: 404 });
    expect(() => registryFor(server.host).listTags("../secrets", options())).toThrow(
      expect.objectContaining({ code: "invalid-reference" }),
    );
  });
});

describe("whether a repository is unknown", () => {
  const lacks = (host: string) => registryFor(host).lacksRepository("app", options());
  const answering = (status: number, body: unknown) =>
    serve((request, response) => {
      if (request.url === "/v2/") json(response, 200, {});
      else json(response, status, body);
    });

  it("is true for the spec's word only, in one small request", async () => {
    const server = await answering(404, { errors: [{ code: "NAME_UNKNOWN", message: "not known" }] });
    expect(await lacks(server.host)).toBe(true);
    expect(server.asked.slice(1).map((one) => one.url)).toEqual(["/v2/app/tags/list?n=1"]);
  });

  it("is false where it has tags, or had some", async () => {
    expect(await lacks((await answering(200, { tags: ["v1"] })).host)).toBe(false);
    expect(await lacks((await answering(200, { tags: null })).host)).toBe(false);
  });

  it.each([
    [404, { errors: [{ code: "NOT_FOUND", message: "page not found" }] }, "protocol"],
    [404, "<html>", "protocol"],
    [403, { errors: [{ code: "DENIED", message: "no" }] }, "forbidden"],
    [503, {}, "registry-failure"],
  ])("is not said by %s %o", async (status, body, code) => {
    await expect(lacks((await answering(status, body)).host)).rejects.toMatchObject({ code });
  });
});

describe("the catalogue", () => {
  const catalog = (host: string, credential?: { kind: "password"; username: string; password: string }) =>
    collect(registryFor(host, credential === undefined ? {} : { credential }).listRepositories(options()));

  it("gives names that are names", async () => {
    const server = await paged("repositories", [page(["a/b", "Bad", "../x", "c"])]);
    expect(await catalog(server.host)).toEqual(["a/b", "c"]);
  });

  it("asks again without a size where the size is refused", async () => {
    const server = await serve((request, response) => {
      if (request.url?.includes("n=1000") === true)
        json(response, 400, { errors: [{ code: "PAGINATION_NUMBER_INVALID" }] });
      else json(response, 200, { repositories: ["a"] });
    });
    expect(await catalog(server.host)).toEqual(["a"]);
    expect(server.asked.at(-1)?.url).toBe("/v2/_catalog");
  });

  it.each([401, 403, 404, 405])(
    "is `unsupported` where it answers %i to a working sign-in",
    async (status) => {
      const server = await serve((request, response) => {
        if (request.headers.authorization === undefined)
          response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
        else if (request.url === "/v2/") json(response, 200, {});
        else
          json(
            response,
            status,
            { errors: [{ code: "UNSUPPORTED" }] },
            { "www-authenticate": 'Basic realm="x"' },
          );
      });
      await expect(
        catalog(server.host, { kind: "password" as const, username: "a", password: "b" }),
      ).rejects.toMatchObject({
        code: "unsupported",
        message: expect.stringContaining("name the repository"),
      });
    },
  );

  it("leaves a wrong password a wrong password, and a failure a failure", async () => {
    const closed = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
    });
    await expect(
      catalog(closed.host, { kind: "password" as const, username: "a", password: "b" }),
    ).rejects.toMatchObject({
      code: "unauthorized",
    });
    const down = await serve((request, response) => json(response, request.url === "/v2/" ? 200 : 502, {}));
    await expect(catalog(down.host)).rejects.toMatchObject({ code: "registry-failure", status: 502 });
  });
});
