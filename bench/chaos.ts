// `npm run chaos`: rounds of kill -9 at random moments (--rounds N, 50 by default), both kinds of registry on both ends;
// exits with 1 where a round ends badly. Repeat a round with --seed N --rounds 1 --from KIND --to KIND --kills N.
import { parseArgs } from "node:util";
import { chaosRound, openChaosStage, problemsOf, type RegistryKind } from "../test/support/chaos.ts";
import { seededRandom } from "../test/support/seeded-random.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "50" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
    from: { type: "string" },
    to: { type: "string" },
    kills: { type: "string" },
  },
});

const pairs: readonly (readonly [RegistryKind, RegistryKind])[] = [
  ["real", "real"],
  ["real", "fixture"],
  ["fixture", "real"],
  ["fixture", "fixture"],
];

function kind(text: string | undefined, otherwise: RegistryKind): RegistryKind {
  if (text === undefined) return otherwise;
  if (text === "real" || text === "fixture") return text;
  throw new Error(`There is no kind ${text}; expected real or fixture.`);
}

/** In words; the round's problems, and how it can be had again. */
async function runRound(round: number): Promise<boolean> {
  const seed = Number(values.seed) + round;
  const pair = pairs[round % pairs.length] ?? ["real", "real"];
  const [from, to] = [kind(values.from, pair[0]), kind(values.to, pair[1])];
  const kills = values.kills === undefined ? seededRandom(seed).between(1, 5) : Number(values.kills);
  const again = `--seed ${seed} --rounds 1 --from ${from} --to ${to} --kills ${kills}`;
  try {
    const report = await chaosRound({ stage, seed, from, to, kills });
    const problems = problemsOf(report);
    const more = (100 * (report.sentBytes - report.imageBytes)) / report.imageBytes;
    console.log(
      `round ${round + 1} (${again}): ${report.kills} kills, ${report.looks} tags looked through, ${report.parts} parts, ${more.toFixed(0)} % more bytes sent than there are, ${problems.length} problems`,
    );
    for (const problem of problems) console.log(`  ${problem}`);
    return problems.length === 0;
  } catch (thrown) {
    console.log(`round ${round + 1} (${again}) failed: ${thrown instanceof Error ? thrown.message : thrown}`);
    return false;
  }
}

// An exit takes the registries and folders along, a signal alone would not.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const stage = await openChaosStage();
let bad = 0;
try {
  for (let round = 0; round < Number(values.rounds); round += 1) if (!(await runRound(round))) bad += 1;
} finally {
  await stage.stop();
}
console.log(`${values.rounds} rounds, ${bad} ended badly`);
process.exitCode = bad === 0 ? 0 : 1;
