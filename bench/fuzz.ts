// `npm run fuzz`: broken inputs for every parser of what others wrote (--seconds N, 300 by default); exits with 1 where one
// crashes, hangs or grows. What found something is kept in test/fuzz/corpus. Repeat with --seed N; --only NAME, as often as wanted.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fuzz } from "../test/fuzz/fuzz.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "300" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
    only: { type: "string", multiple: true, default: [] },
  },
});

const { inputs, failures } = await fuzz({
  seconds: Number(values.seconds),
  seed: Number(values.seed),
  only: values.only,
});
for (const { target, seed, input, fault } of failures) {
  const folder = join(import.meta.dirname, "../test/fuzz/corpus", target);
  const file = join(folder, `found-${createHash("sha256").update(input).digest("hex").slice(0, 12)}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, input);
  console.log(`${target} (seed ${seed}): ${fault}\n  kept as ${file}`);
}
for (const [name, count] of inputs) console.log(`${name.padEnd(16)} ${count.toLocaleString("en")} inputs`);
const total = [...inputs.values()].reduce((sum, count) => sum + count, 0);
console.log(`seed ${values.seed}: ${total.toLocaleString("en")} inputs, ${failures.length} failures`);
process.exitCode = failures.length === 0 ? 0 : 1;
