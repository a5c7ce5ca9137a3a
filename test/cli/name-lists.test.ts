// `ls` and `list-tags` print while they read, in the order served; sorted only where that is asked.
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type FixtureRegistry, startFixtureRegistry } from "../support/fixture-registry.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { tempFolder } from "../support/temp.ts";
import { cli } from "./cli-harness.ts";

const tags = ["v1", "v10", "v2", "v3", "v4", "v5"];

async function listed(): Promise<{ registry: FixtureRegistry; home: string }> {
  const [registry, home] = await Promise.all([startFixtureRegistry(), tempFolder("name-lists")]);
  onTestFinished(async () => {
    await registry.stop();
    await home[Symbol.asyncDispose]();
  });
  const image = await buildImage({ seed: "listed" });
  for (const tag of tags) await pushImage(registry, image, "team/app", tag);
  for (let at = 0; at < 5; at++) await pushImage(registry, image, `team/more${at}`, "v1");
  registry.fault({ do: "page-size", names: 2 });
  registry.clearRecords();
  return { registry, home: join(home.path, "home") };
}

/** How many pages had been asked for at each text on stdout. */
function pagesAtOutput(registry: FixtureRegistry) {
  const seen: number[] = [];
  const pages = () => registry.requests.filter(({ path }) => /_catalog|tags\/list/.test(path)).length;
  return { seen, onStdout: () => void seen.push(pages()) };
}

it.each([
  [
    "ls",
    "",
    tags.length / 2,
    ["team/app", "team/more0", "team/more1", "team/more2", "team/more3", "team/more4"],
  ],
  ["list-tags", "/team/app", tags.length / 2, tags],
] as const)(
  "%s prints each page when it has come, as lines and as JSON",
  async (command, path, pages, names) => {
    const { registry, home } = await listed();
    const plain = pagesAtOutput(registry);
    const lines = await cli({ home, onStdout: plain.onStdout }, command, `${registry.host}${path}`);
    expect([lines.code, lines.stdout.trim().split("\n")]).toEqual([0, names]);
    expect(plain.seen.slice(0, pages)).toEqual([1, 2, 3]);
    registry.clearRecords();
    const json = pagesAtOutput(registry);
    const document = await cli(
      { home, onStdout: json.onStdout },
      command,
      `${registry.host}${path}`,
      "--json",
    );
    const { repositories, tags: list, complete } = JSON.parse(document.stdout);
    expect([repositories ?? list, complete]).toEqual([names, command === "ls" ? true : undefined]);
    expect(json.seen).toEqual(expect.arrayContaining([1, 2, 3]));
  },
);

it("sorts numbers by their value where --sort asks for it, and filters page by page", async () => {
  const { registry, home } = await listed();
  const sorted = await cli({ home }, "list-tags", `${registry.host}/team/app`, "--sort");
  expect(sorted.stdout.trim().split("\n")).toEqual(["v1", "v2", "v3", "v4", "v5", "v10"]);
  const some = await cli({ home }, "list-tags", `${registry.host}/team/app`, "--tag-filter", "v1*");
  expect(some.stdout).toBe("v1\nv10\n");
  const help = await cli({ home }, "ls", "--help");
  expect(help.stdout.replace(/\s+/g, " ")).toContain("the registry's own order, printed while it is read");
});

it("keeps what was printed where the list breaks off, says why, and the JSON document is whole", async () => {
  const { registry, home } = await listed();
  registry.fault({ do: "status", status: 404 }, { kind: "tags", after: 1 });
  const lines = await cli({ home }, "list-tags", `${registry.host}/team/app`);
  expect([lines.code === 0, lines.stdout]).toEqual([false, "v1\nv10\n"]);
  expect(lines.stderr).toContain("error: ");
  const second = await listed();
  second.registry.fault({ do: "status", status: 404 }, { kind: "catalog", after: 1 });
  const json = await cli({ home: second.home }, "ls", second.registry.host, "--json");
  expect(json.code).toBe(lines.code);
  expect(JSON.parse(json.stdout)).toMatchObject({
    repositories: ["team/app", "team/more0"],
    complete: false,
    error: { operation: "list-repositories" },
  });
});

it("tells an address where nothing answers as ever: one document with the error", async () => {
  const { registry, home } = await listed();
  await registry.stop();
  const end = await cli({ home }, "ls", registry.host, "--json");
  expect([end.code, JSON.parse(end.stdout).error.code]).toEqual([4, "unreachable"]);
});
