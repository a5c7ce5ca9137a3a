// `npm test`: checks, the production build, unit and integration tests with coverage, then the journeys in a browser.
// Prints one closing line, e.g. `412 passed, 0 failed, 3 skipped`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join, relative } from "node:path";

const root = join(import.meta.dirname, "..");
const results = join(root, "test-results");
/** Real parts that the integration tests and journeys run against (Debian: apt-get install <package>). */
const parts = [
  ["docker-registry", "docker-registry"],
  ["skopeo", "skopeo"],
  ["htpasswd", "apache2-utils"],
  ["openssl", "openssl"],
  ["nginx", "nginx-light"],
  ["tinyproxy", "tinyproxy"],
  ["chromium", "chromium"],
];

const totals = { passed: 0, failed: 0, skipped: 0 };
const notes = [];
/** What failed, by name: said once more at the end, where nobody has to look for it. */
const failures = [];
/** What failed at first and passed when it was tried once more: to be looked into, but no reason to stop. */
const secondTries = [];

function onPath(program) {
  // Debian keeps daemons where a user's PATH does not lead.
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  return folders.some((folder) => existsSync(join(folder, program)));
}

function run(title, command, args, env = {}) {
  console.log(`\n── ${title}`);
  const started = Date.now();
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  console.log(
    `   ${status === 0 ? "ok" : `failed (${status})`} after ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  return status === 0;
}

/** A step that is one check: it counts as one passed or failed. */
function check(title, command, args) {
  if (run(title, command, args)) totals.passed++;
  else {
    totals.failed++;
    failures.push(title);
  }
}

function countVitest(file, ok) {
  if (!existsSync(file)) {
    totals.failed++;
    failures.push("unit and integration tests: they ended without a report");
    return;
  }
  const report = JSON.parse(readFileSync(file, "utf8"));
  for (const { name, assertionResults, message } of report.testResults) {
    const failed = assertionResults.filter(({ status }) => status === "failed");
    for (const { fullName, status, failureMessages } of assertionResults)
      if (status === "passed" && failureMessages.length > 0)
        secondTries.push(
          `${relative(root, name)} › ${fullName}\n      ${firstLines(failureMessages.join("\n"))}`,
        );
    for (const { fullName, failureMessages } of failed)
      failures.push(`${relative(root, name)} › ${fullName}\n      ${firstLines(failureMessages.join("\n"))}`);
    if (failed.length === 0 && message)
      failures.push(`${relative(root, name)}\n      ${firstLines(message)}`);
  }
  totals.passed += report.numPassedTests;
  totals.failed += report.numFailedTests;
  totals.skipped += report.numPendingTests + report.numTodoTests;
  // A file that cannot be loaded, or coverage under its threshold, fails the run without a failed test.
  if (!ok && report.numFailedTests === 0) {
    totals.failed++;
    failures.push(
      "unit and integration tests: a file, an error outside of tests, or coverage under its limit",
    );
  }
}

/** Three lines: a property says its seed in the second and its counterexample in the third. */
function firstLines(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines
    .slice(0, 3)
    .map((line) => line.trim().slice(0, 600))
    .join("\n      ");
}

/** Every journey of a Playwright report with the titles that lead to it. */
function* specsOf(suites, above = []) {
  for (const suite of suites) {
    const titles = suite.title === suite.file ? above : [...above, suite.title];
    for (const spec of suite.specs ?? []) yield { path: [...titles, spec.title].join(" › "), spec };
    yield* specsOf(suite.suites ?? [], titles);
  }
}

function countPlaywright(file, ok) {
  if (!existsSync(file)) {
    totals.failed++;
    failures.push("journeys in a browser: they ended without a report");
    return;
  }
  const { stats, suites } = JSON.parse(readFileSync(file, "utf8"));
  for (const { path, spec } of specsOf(suites)) {
    const place = `e2e/${spec.file}:${spec.line} › ${path}`;
    if (!spec.ok) failures.push(place);
    else if (spec.tests.some(({ status }) => status === "flaky")) secondTries.push(place);
  }
  totals.passed += stats.expected + stats.flaky;
  totals.failed += stats.unexpected;
  totals.skipped += stats.skipped;
  if (!ok && stats.unexpected === 0) totals.failed++;
}

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const missing = parts.filter(([program]) => !onPath(program));

check("format and lint", "npm", ["run", "--silent", "lint"]);
check("boundaries", "npm", ["run", "--silent", "boundaries"]);
check("types", "npm", ["run", "--silent", "types"]);
check("dead code", "npm", ["run", "--silent", "deadcode"]);
check("production build", "npm", ["run", "--silent", "build"]);

const projects = ["--project", "unit", "--project", "web"];
if (missing.length === 0) projects.push("--project", "integration");
else {
  const packages = missing.map(([, name]) => name).join(" ");
  notes.push(
    `integration tests and browser journeys were skipped: install ${packages} (Debian: apt-get install ${packages})`,
  );
  totals.skipped += 2;
}
const vitestReport = join(results, "vitest.json");
const vitest = [
  "run",
  ...projects,
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${vitestReport}`,
];
// Line coverage is only whole where the integration tests run too.
const coverage = missing.length === 0 ? ["--coverage", "--coverage.thresholds.lines=90"] : [];
const vitestOk = run("unit and integration tests", "vitest", [...vitest, ...coverage]);
countVitest(vitestReport, vitestOk);

if (missing.length === 0) {
  const journeys = join(results, "journeys.json");
  const ok = run("journeys in a browser", "playwright", ["test", "--reporter=list,json"], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: journeys,
  });
  countPlaywright(journeys, ok);
}

if (secondTries.length > 0) console.log("\npassed at the second try only:");
for (const test of secondTries) console.log(`   ${test}`);
if (failures.length > 0) console.log("\nfailed:");
for (const failure of failures) console.log(`   ${failure}`);
for (const note of notes) console.log(`\nnote: ${note}`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 ? 0 : 1;
