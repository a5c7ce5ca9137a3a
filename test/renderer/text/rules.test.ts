// Rules in words: what is chosen, what is left out, and how names change.
import { describe, expect, it } from "vitest";
import { ruleText, tagsText } from "../../../renderer/text/rules.ts";
import { jobSpecSchema } from "../../../shared/run.ts";
import { tagRuleSchema } from "../../../shared/selection.ts";

const spec = (more: object) => jobSpecSchema.parse({ sourceId: "a", destinationId: "b", ...more });

describe("ruleText", () => {
  it("names one image as it is called", () => {
    const selection = [{ kind: "image", repository: "team/app", reference: "v1" }];
    expect(ruleText(spec({ selection }))).toBe("team/app:v1");
  });
  it("counts many, with the first two", () => {
    const selection = ["v1", "v2", "v3"].map((reference) => ({
      kind: "image",
      repository: "app",
      reference,
    }));
    expect(ruleText(spec({ selection }))).toBe("3 images: app:v1, app:v2 and 1 more");
  });
  it("says what is left out, where it lands and what is deleted", () => {
    const text = ruleText(
      spec({
        selection: [
          { kind: "repositories", include: ["**"], exclude: ["scratch"], tags: { exclude: ["*-rc"] } },
        ],
        mapping: { kind: "prefix", prefix: "mirror" },
        options: { platforms: ["linux/amd64"], mirror: {} },
      }),
    );
    expect(text).toBe(
      "all repositories without scratch, all tags, without *-rc; under mirror; only linux/amd64; deletes what the source does not have",
    );
  });
});

it.each([
  [{}, "all tags"],
  [{ names: ["v1"] }, "tag v1"],
  [{ latest: { count: 5, by: "semver" } }, "the newest 5 tags by version"],
  [{ sets: [{ semver: ">=1", prereleases: true }] }, "tags version >=1 with pre-releases"],
  [{ include: ["v*"], newerThanSeconds: 7 * 86_400 }, "tags v*, made in the last 7 days"],
])("tags %j: %s", (rule, expected) => expect(tagsText(tagRuleSchema.parse(rule))).toBe(expected));
