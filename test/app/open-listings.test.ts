// Listings as streams: a page when it arrives, nothing read ahead, nothing left open.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listingStreams } from "../../electron/app/listing-streams.ts";
import { OpenListings } from "../../electron/app/open-listings.ts";
import { TagFilter } from "../../electron/app/tag-filter.ts";
import type { EngineContext } from "../../electron/engine/context.ts";
import type { ImageSource } from "../../electron/engine/ports.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { tagRuleSchema } from "../../shared/selection.ts";

const never = new AbortController().signal;

/** Pages on demand; knows how many were taken and whether it was left. */
class Pages {
  taken = 0;
  stopped: AbortSignal | undefined;
  readonly #pages: readonly (readonly string[])[];
  constructor(...pages: readonly (readonly string[])[]) {
    this.#pages = pages;
  }
  readonly read = async function* (this: Pages, signal: AbortSignal): AsyncGenerator<readonly string[]> {
    this.stopped = signal;
    for (const page of this.#pages) {
      signal.throwIfAborted();
      this.taken++;
      yield page;
    }
  }.bind(this);
  get source(): ImageSource {
    const pages = ({ signal }: { signal: AbortSignal }) => this.read(signal);
    return {
      listRepositories: pages,
      listTags: (_: string, options: { signal: AbortSignal }) => pages(options),
    } as unknown as ImageSource;
  }
}

describe("a listing that is read while it is asked for", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("gives each page when it comes, in the order served, and takes none ahead", async () => {
    const open = new OpenListings();
    const pages = new Pages(["c", "a"], [], ["a", "b"], ["z"]);
    const first = await open.begin(pages.read, 10, never);
    expect([first.names, pages.taken]).toEqual([["c", "a"], 1]);
    // The name that the page before ended with is not given twice.
    const second = await open.next(first.stream ?? "", 10, never);
    expect([second.names, second.given, pages.taken]).toEqual([["b"], 3, 3]);
    const third = await open.next(second.stream ?? "", 10, never);
    expect(third.names).toEqual(["z"]);
    expect(await open.next(third.stream ?? "", 10, never)).toEqual({
      names: [],
      stream: undefined,
      given: 4,
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("cuts a long page, and is over where it is asked under an old name", async () => {
    const open = new OpenListings();
    const pages = new Pages(["a", "b", "c"]);
    const first = await open.begin(pages.read, 2, never);
    const second = await open.next(first.stream ?? "", 2, never);
    expect([first.names, second.names, pages.taken]).toEqual([["a", "b"], ["c"], 1]);
    await expect(open.next(first.stream ?? "", 2, never)).rejects.toMatchObject({ code: "not-found" });
    open.close();
    expect([pages.stopped?.aborted, vi.getTimerCount()]).toEqual([true, 0]);
  });

  it("is left after a minute without a question, and where sixteen younger ones are open", async () => {
    const open = new OpenListings();
    const idle = new Pages(["a"], ["b"]);
    const { stream = "" } = await open.begin(idle.read, 1, never);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(idle.stopped?.aborted).toBe(true);
    await expect(open.next(stream, 1, never)).rejects.toMatchObject({ code: "not-found" });
    const many = Array.from({ length: 17 }, () => new Pages(["a"], ["b"]));
    for (const pages of many) await open.begin(pages.read, 1, never);
    expect(many.map((pages) => pages.stopped?.aborted)).toEqual([true, ...Array(16).fill(false)]);
    open.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends with the call that asked for more", async () => {
    const open = new OpenListings();
    const stop = new AbortController();
    const hanging = (signal: AbortSignal) =>
      (async function* (): AsyncGenerator<readonly string[]> {
        yield ["a"];
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      })();
    const { stream = "" } = await open.begin(hanging, 1, never);
    const next = open.next(stream, 1, stop.signal);
    stop.abort(new Error("left"));
    await expect(next).rejects.toThrow("left");
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("streams of the contract", () => {
  const engine = { hosts: {}, clock: { now: () => 0 } } as unknown as EngineContext;
  const streams = () => listingStreams(new OpenListings(), new TagFilter(engine));
  const rule = (input: object) => tagRuleSchema.parse(input);

  it("filter by name page by page, and read all where the newest are wanted", async () => {
    const pages = new Pages(["v1", "x1"], ["v2", "x2"]);
    const by = streams();
    const of = { source: pages.source, repository: "app", filter: rule({ include: ["v*"] }) };
    expect(await by.tags(of, { stream: "", limit: 10 }, never)).toMatchObject({ tags: ["v1"], matched: 1 });
    expect(pages.taken).toBe(1);
    const versions = new Pages(["1.0.0", "1.2.0"], ["1.1.0"]);
    const latest = { ...of, source: versions.source, filter: rule({ latest: { count: 2, by: "semver" } }) };
    const both = await by.tags(latest, { stream: "", limit: 10 }, never);
    expect([both.tags.toSorted(), versions.taken]).toEqual([["1.1.0", "1.2.0"], 2]);
  });

  it("say that the list is not complete where the registry does not list", async () => {
    const closed = {
      // biome-ignore lint/correctness/useYield: it fails before its first page
      async *listRepositories(): AsyncGenerator<readonly string[]> {
        throw new FreightlinerError({ code: "unsupported", operation: "list", message: "It does not list." });
      },
    } as unknown as ImageSource;
    const asked = { source: closed, named: [] as string[] };
    expect(await streams().repositories(asked, { stream: "", limit: 10 }, never)).toEqual({
      names: [],
      total: 0,
      complete: false,
    });
    asked.named = ["team/app"];
    expect(await streams().repositories(asked, { stream: "", limit: 10 }, never)).toEqual({
      names: ["team/app"],
      total: 1,
      complete: false,
    });
  });
});
