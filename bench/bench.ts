// `npm run bench -- [part …]`: measurements side by side with skopeo; every part by default. Nothing here is a test.
// Parts: large small unchanged shared plan memory floor. Build first (`npm run build`).
// Options: --rounds N (5), --megabytes N (1024; large and floor), --images N (200), --repositories N (40; small),
// --plan-repositories N (2000), --plan-tags N (50), --memory-megabytes A,B (1024,4096).
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { assertNever } from "../shared/assert-never.ts";
import { benchFloor, benchLarge } from "./large.ts";
import { benchMemory } from "./memory.ts";
import { benchPlan } from "./plan.ts";
import { cliBundle, versions } from "./programs.ts";
import { benchShared } from "./shared.ts";
import { benchSmall } from "./small.ts";

const parts = ["large", "small", "unchanged", "shared", "plan", "memory", "floor"] as const;
type Part = (typeof parts)[number];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    megabytes: { type: "string", default: "1024" },
    images: { type: "string", default: "200" },
    repositories: { type: "string", default: "40" },
    "plan-repositories": { type: "string", default: "2000" },
    "plan-tags": { type: "string", default: "50" },
    "memory-megabytes": { type: "string", default: "1024,4096" },
  },
});
const rounds = Number(values.rounds);

function readParts(): readonly Part[] {
  const unknown = positionals.filter((name) => !parts.some((part) => part === name));
  if (unknown.length > 0) {
    throw new Error(`There is no part ${unknown.join(", ")}; expected ${parts.join(", ")}.`);
  }
  return positionals.length === 0 ? parts : parts.filter((part) => positionals.includes(part));
}

async function run(part: Part, chosen: readonly Part[]): Promise<void> {
  const small = { rounds, images: Number(values.images), repositories: Number(values.repositories) };
  switch (part) {
    case "large":
      return benchLarge({ rounds, megabytes: Number(values.megabytes) });
    case "small":
      return benchSmall(small, { cold: true, unchanged: chosen.includes("unchanged") });
    case "unchanged":
      // Measured in the rounds of `small` where both are wanted.
      if (chosen.includes("small")) return;
      return benchSmall(small, { cold: false, unchanged: true });
    case "shared":
      return benchShared();
    case "plan":
      return benchPlan({
        repositories: Number(values["plan-repositories"]),
        tags: Number(values["plan-tags"]),
      });
    case "memory":
      return benchMemory(values["memory-megabytes"].split(",").map(Number), Math.min(rounds, 3));
    case "floor":
      // The large copy measures the floor in its own rounds.
      if (chosen.includes("large")) return;
      return benchFloor({ rounds, megabytes: Number(values.megabytes) });
    default:
      return assertNever(part);
  }
}

// An exit takes the registries and folders along, a signal alone would not.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const chosen = readParts();
if (!existsSync(cliBundle)) throw new Error(`${cliBundle} is missing; run npm run build first.`);
console.log(await versions());
for (const part of chosen) await run(part, chosen);
