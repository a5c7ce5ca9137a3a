// Listings are read once, kept for a minute, cut at a cap, and sorted as people count.
import { describe, expect, it } from "vitest";
import { Listings } from "../../electron/app/listings.ts";
import type { ImageSource } from "../../electron/engine/ports.ts";
import { FreightlinerError } from "../../shared/errors.ts";

const signal = new AbortController().signal;

class Source {
  reads = 0;
  pages: readonly (readonly string[])[] = [];
  failure: FreightlinerError | undefined;
  async *listRepositories(): AsyncIterable<readonly string[]> {
    yield* this.#read();
  }
  async *listTags(): AsyncIterable<readonly string[]> {
    yield* this.#read();
  }
  *#read(): Iterable<readonly string[]> {
    this.reads++;
    if (this.failure !== undefined) throw this.failure;
    yield* this.pages;
  }
  get port(): ImageSource {
    return this as unknown as ImageSource;
  }
}

describe("listings", () => {
  it("sort numbers by value, drop repeated names, and are kept until they are old, forgotten or refreshed", async () => {
    let now = 0;
    const source = new Source();
    source.pages = [
      ["v1.10", "v1.9"],
      ["latest", "v1.9"],
    ];
    const listings = new Listings(() => now);
    const read = (refresh = false) => listings.tags("e", source.port, "app", refresh, signal);
    expect((await read()).names).toEqual(["latest", "v1.9", "v1.10"]);
    await read();
    expect(source.reads).toBe(1);
    now = 61_000;
    await read();
    await read(true);
    expect(source.reads).toBe(3);
    listings.forget("other");
    await read();
    listings.forget("e", "app");
    await read();
    listings.forget("e");
    await read();
    expect(source.reads).toBe(5);
  });

  it("keep the tags of the last fifty repositories only", async () => {
    const source = new Source();
    const listings = new Listings(() => 0);
    for (let i = 0; i < 60; i++) await listings.tags("e", source.port, `r${i}`, false, signal);
    await listings.tags("e", source.port, "r59", false, signal);
    expect(source.reads).toBe(60);
    await listings.tags("e", source.port, "r0", false, signal);
    expect(source.reads).toBe(61);
  });

  it("are cut at the cap and say so", async () => {
    const source = new Source();
    source.pages = Array.from({ length: 51 }, (_, page) =>
      Array.from({ length: 1000 }, (_n, i) => `r${page}-${i}`),
    );
    const listing = await new Listings(() => 0).repositories("e", source.port, false, signal);
    expect([listing.names.length, listing.complete]).toEqual([50_000, false]);
  });

  it("are empty and incomplete where a registry does not list, and an error stays an error", async () => {
    const source = new Source();
    source.failure = new FreightlinerError({ code: "unsupported", operation: "list", message: "no catalog" });
    expect(await new Listings(() => 0).repositories("e", source.port, false, signal)).toMatchObject({
      names: [],
      complete: false,
    });
    source.failure = new FreightlinerError({ code: "unauthorized", operation: "list", message: "sign in" });
    await expect(new Listings(() => 0).repositories("e", source.port, false, signal)).rejects.toThrow(
      "sign in",
    );
  });
});
