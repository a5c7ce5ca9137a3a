// `doctor`: what the program stands on, part by part, with what to do where something is wrong.
import type { Command } from "commander";
import type { Finding } from "../../../shared/contract.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-code.ts";
import { printJson, printLines, readGlobals, withSession } from "../session.ts";
import { type CommandContext, examples } from "./command-context.ts";

const marks: Readonly<Record<Finding["outcome"], string>> = {
  passed: "ok  ",
  warning: "WARN",
  failed: "FAIL",
  skipped: "-   ",
};
const titles: Readonly<Record<Finding["name"], string>> = {
  version: "versions",
  "data-folder": "data folder",
  database: "database",
  secrets: "secrets",
  space: "space",
  helpers: "helpers",
  registry: "registry",
};

export function addDoctor(program: Command, context: CommandContext): void {
  const command = program
    .command("doctor")
    .description(
      "check versions, data folder, database, secret storage, credential helpers and every saved registry",
    )
    .option("--offline", "ask no registry");
  command.addHelpText("after", examples("doctor", "doctor --offline --json"));
  command.action(async () => {
    const values = command.optsWithGlobals();
    const globals = readGlobals(values);
    const { io } = context;
    const findings = await withSession(io, globals, async ({ client, stop }) => {
      const registries = values.offline !== true;
      return (await client.call("doctor.run", { registries }, stop)).findings;
    });
    const code = exitCodeOfFindings(findings);
    if (globals.json) printJson(io, { ok: code === exitCodes.done, findings });
    else printLines(io, findings.map(lineOf));
    context.finish(code);
  });
}

/** Unreachable registries alone are told apart from what is wrong with this machine. */
function exitCodeOfFindings(findings: readonly Finding[]): ExitCode {
  const failed = findings.filter(({ outcome }) => outcome === "failed");
  if (failed.length === 0) return exitCodes.done;
  const isAway = ({ name, code }: Finding): boolean =>
    name === "registry" && code !== undefined && exitCodeOf(code) === exitCodes.unreachable;
  return failed.every(isAway) ? exitCodes.unreachable : exitCodes.someFailed;
}

function lineOf({ name, subject, outcome, text }: Finding): string {
  return `${marks[outcome]}  ${titles[name]}${subject === null ? "" : ` ${subject}`}: ${text}`;
}
