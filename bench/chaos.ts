// `npm run chaos`: many rounds of kill -9 at random moments (--rounds N, 50 by default); exits with 1 where a round ends badly.
import { parseArgs } from "node:util";
import { chaosRound, pushChaosImages } from "../test/support/chaos.ts";
import { startRealRegistry } from "../test/support/real-registry.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "50" } } });
const source = await startRealRegistry();
let bad = 0;
try {
  const images = await pushChaosImages(source);
  for (let round = 1; round <= Number(values.rounds); round++) {
    const kills = 1 + Math.floor(Math.random() * 5);
    const report = await chaosRound({ source, images, kills, random: Math.random });
    const problems = [...report.wrong, ...report.sentTwice, ...report.halfSeen];
    if (problems.length > 0) bad++;
    console.log(
      `round ${round}: ${report.kills} kills, ${report.looks} tags looked through, ${problems.length} problems`,
    );
    for (const problem of problems) console.log(`  ${problem}`);
  }
} finally {
  await source.stop();
}
console.log(`${values.rounds} rounds, ${bad} ended badly`);
process.exitCode = bad === 0 ? 0 : 1;
