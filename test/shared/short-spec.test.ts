// Selections in lists: whole where they are short, and else a few names and how many there are more.
import { expect, it } from "vitest";
import { type JobSpec, jobSpecSchema, wholeJobSpecSchema } from "../../shared/run.ts";
import { shortSpec } from "../../shared/short-spec.ts";

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `team/app-${at}`);
const spec = (...selection: object[]): JobSpec =>
  jobSpecSchema.parse({ sourceId: "a", destinationId: "b", selection });
const repositories = (more: object) => ({ kind: "repositories", tags: {}, ...more });

it("leaves what is short as it is", () => {
  const short = spec(
    repositories({ names: names(50), tags: { names: ["v1"] } }),
    ...names(19).map((repository) => ({ kind: "image", repository, reference: "v1" })),
  );
  expect(shortSpec(short)).toBe(short);
});

it("keeps a few of a hundred thousand names, and counts the others", () => {
  const tags = { names: names(100_000).map((name) => name.replace("/", "-")) };
  const long = spec(repositories({ names: names(100_000), tags }), repositories({ include: ["**"] }));
  const short = shortSpec(long);
  expect(short).toMatchObject({
    namesLeft: 2 * 99_997,
    selection: [{ names: names(3), tags: { names: { length: 3 } } }, { include: ["**"] }],
  });
  expect(JSON.stringify(short).length).toBeLessThan(2000);
  const images = spec(...names(10_000).map((repository) => ({ kind: "image", repository, reference: "v1" })));
  expect(shortSpec(images)).toMatchObject({ namesLeft: 9_997, selection: { length: 3 } });
  // Many lists that are short one by one.
  const many = shortSpec(spec(...names(20).map(() => repositories({ names: names(50) }))));
  expect(many.namesLeft).toBeGreaterThan(500);
  expect(many.selection.every((item) => item.kind === "repositories" && item.names.length > 0)).toBe(true);
  expect(JSON.stringify(many).length).toBeLessThan(8000);
});

it("is no longer what can be planned or saved", () => {
  const short = shortSpec(spec(repositories({ names: names(60) })));
  expect(wholeJobSpecSchema.safeParse(short).success).toBe(false);
  const { namesLeft: _, ...rest } = short;
  expect(wholeJobSpecSchema.safeParse(rest).success).toBe(true);
});
