// Doubts of a plan's destination: the newest answer counts, and nothing is doubted that was not asked or is not wanted.
import { describe, expect, it } from "vitest";
import { writeDoubts } from "../../../../renderer/screens/plan/write-doubts.ts";
import type { Endpoint, RegistryCapability } from "../../../../shared/endpoint.ts";

const now = 10 * 3_600_000;
const hours = (count: number): number => now - count * 3_600_000;
const both = { writes: true, deletes: true };

function endpoint(
  push: { at: number; outcome: "passed" | "warning" | "skipped" } | undefined,
  probed?: { at: number; abilities: readonly Pick<RegistryCapability, "name" | "answer">[] },
): Endpoint {
  return {
    name: "Production",
    health: {
      state: "ok",
      checkedAt: push?.at ?? null,
      steps: push === undefined ? [] : [{ name: "push", outcome: push.outcome, text: "Check." }],
    },
    capabilities:
      probed === undefined
        ? null
        : {
            probedAt: probed.at,
            repository: null,
            capabilities: probed.abilities.map((ability) => ({
              ...ability,
              text: `Probe of ${ability.name}.`,
            })),
          },
  } as unknown as Endpoint;
}

describe("writeDoubts", () => {
  it("says what the newest answer was, and drops a doubt that a later yes ends", () => {
    const no = { at: hours(3), outcome: "warning" } as const;
    const yes = { name: "push", answer: "yes" } as const;
    expect(writeDoubts(endpoint(no), both, now)).toEqual([
      "Production was asked 3 hr. ago: Check. So it may refuse this.",
    ]);
    expect(writeDoubts(endpoint(no, { at: hours(2), abilities: [yes] }), both, now)).toEqual([]);
    expect(writeDoubts(endpoint(no, { at: hours(4), abilities: [yes] }), both, now)).toHaveLength(1);
  });

  it("doubts deletes only where the plan deletes, and copies only where it copies", () => {
    const abilities = [
      { name: "push", answer: "no" },
      { name: "delete", answer: "no" },
    ] as const;
    const refuses = endpoint(undefined, { at: hours(2), abilities });
    expect(writeDoubts(refuses, both, now)).toHaveLength(2);
    expect(writeDoubts(refuses, { writes: true, deletes: false }, now).join()).toContain("Probe of push.");
    expect(writeDoubts(refuses, { writes: false, deletes: true }, now).join()).toContain("Probe of delete.");
  });

  it("doubts nothing that was not answered", () => {
    expect(writeDoubts(endpoint({ at: hours(1), outcome: "skipped" }), both, now)).toEqual([]);
    const unknown = [{ name: "push", answer: "not-tested" }] as const;
    expect(writeDoubts(endpoint(undefined, { at: hours(1), abilities: unknown }), both, now)).toEqual([]);
  });
});
