// kill -9 at random moments, several times in one run: all digests equal, nothing sent twice, no half image ever readable, the database sound.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildBundles } from "../support/build.ts";
import { type ChaosStage, chaosRound, openChaosStage, problemsOf } from "../support/chaos.ts";

const rounds = [
  { from: "real", to: "real" },
  { from: "real", to: "fixture" },
  { from: "fixture", to: "real" },
  { from: "fixture", to: "fixture" },
  { from: "real", to: "real" },
] as const;

describe("kill -9 at random moments", () => {
  let stage: ChaosStage;

  beforeAll(async () => {
    await buildBundles("cli");
    stage = await openChaosStage();
  });
  afterAll(() => stage.stop());

  // A round can be repeated with `npm run chaos -- --seed SEED --from KIND --to KIND --rounds 1`.
  const first = Math.floor(Math.random() * 1_000_000);
  it.each(rounds.map((round, index) => ({ ...round, seed: first + index })))(
    "D002, D003, R012: from $from to $to ends well (seed $seed)",
    async (round) => {
      const report = await chaosRound({ ...round, stage, kills: 4 });
      expect(problemsOf(report)).toEqual([]);
      expect(report.looks).toBeGreaterThan(0);
      // The large layers go up in parts, or the rounds prove less than they should.
      expect(report.parts).toBeGreaterThan(0);
    },
  );
});
