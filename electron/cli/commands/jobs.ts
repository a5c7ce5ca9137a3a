// `jobs [list|show|run|delete]`: the saved jobs, by name or id.
import type { Command } from "commander";
import { endpointAddress } from "../../../shared/endpoint.ts";
import type { SavedJob } from "../../../shared/job.ts";
import { exitCodes } from "../exit-code.ts";
import { mappingText, optionsText, renameText, selectionText } from "../job-text.ts";
import { followJob } from "../plan-and-run.ts";
import { withFlow, withRunOutput } from "../run-flow.ts";
import { addFileOptions, addRetryOption } from "../run-options.ts";
import {
  printJson,
  printLine,
  printLines,
  printNote,
  readGlobals,
  type Session,
  withSession,
} from "../session.ts";
import { factLines, tableLines } from "../table.ts";
import { usageError } from "../usage-error.ts";
import { unlockFor } from "../vault.ts";
import { type CommandContext, examples, readOutput } from "./command-context.ts";

/** Items of a selection that are shown; --json has all. */
const shownItems = 20;

export function addJobs(program: Command, context: CommandContext): void {
  const jobs = program.command("jobs").description("saved jobs: what to copy under a name, and when");
  jobs.addHelpText("after", examples("jobs", "jobs run nightly"));
  addList(jobs, context);
  addShow(jobs, context);
  addRun(jobs, context);
  addDelete(jobs, context);
}

function addList(parent: Command, context: CommandContext): void {
  const command = parent
    .command("list", { isDefault: true })
    .description("list saved jobs")
    .addHelpText("after", examples("jobs list --json"));
  command.action(async () => {
    await withSession(context.io, readGlobals(command.optsWithGlobals()), listJobs);
    context.finish(exitCodes.done);
  });
}

async function listJobs(session: Session): Promise<void> {
  const { client, io, globals, stop } = session;
  const { jobs } = await client.call("jobs.list", {}, stop);
  const name = await endpointNames(session);
  if (globals.json) {
    printJson(io, { jobs: jobs.map((job) => jobRow(job, name)) });
    return;
  }
  if (jobs.length === 0) printNote(io, "There are no saved jobs.");
  else {
    const rows = jobs.map((job) => [
      job.name,
      `${name(job.spec.sourceId)} → ${name(job.spec.destinationId)}`,
      job.schedule?.cron ?? "by hand",
      job.enabled ? (time(job.nextRunAt) ?? "-") : "switched off",
      job.lastRunId ?? "-",
    ]);
    const titles = ["JOB", "FROM → TO", "SCHEDULE", "NEXT", "LAST RUN"];
    printLines(
      io,
      tableLines(
        titles.map((title) => ({ title })),
        rows,
      ),
    );
  }
}

type EndpointName = (id: string) => string;

async function endpointNames({ client, stop }: Session): Promise<EndpointName> {
  const { endpoints } = await client.call("endpoints.list", { includeTemporary: true }, stop);
  const names = new Map(endpoints.map(({ id, settings }) => [id, endpointAddress(settings)]));
  return (id) => names.get(id) ?? id;
}

function time(ms: number | null): string | undefined {
  return ms === null ? undefined : new Date(ms).toISOString();
}

function jobRow(job: SavedJob, name: EndpointName) {
  const { schedule } = job;
  return {
    job: job.id,
    name: job.name,
    source: name(job.spec.sourceId),
    destination: name(job.spec.destinationId),
    schedule:
      schedule === null
        ? null
        : { cron: schedule.cron, time_zone: schedule.timeZone, missed: schedule.missed },
    enabled: job.enabled,
    next_run_at: time(job.nextRunAt) ?? null,
    last_run_at: time(job.lastRunAt) ?? null,
    last_run: job.lastRunId,
    note: job.note,
  };
}

/** @throws FreightlinerError `usage` that names the jobs there are. */
async function findJob({ client, stop }: Session, text: string): Promise<SavedJob> {
  const { jobs } = await client.call("jobs.list", {}, stop);
  const job = jobs.find(({ name }) => name === text) ?? jobs.find(({ id }) => id === text.toUpperCase());
  // The list shortens what a job names.
  if (job !== undefined) return client.call("jobs.get", { jobId: job.id }, stop);
  const known =
    jobs.length === 0 ? "there are none yet" : `expected one of ${jobs.map(({ name }) => name).join(", ")}`;
  throw usageError(`There is no saved job "${text}"; ${known}.`);
}

function addShow(parent: Command, context: CommandContext): void {
  const command = parent
    .command("show")
    .description("show one saved job")
    .argument("<job>", "its name")
    .addHelpText("after", examples("jobs show nightly"));
  command.action(async (text: string) => {
    await withSession(context.io, readGlobals(command.optsWithGlobals()), async (session) => {
      const job = await findJob(session, text);
      const name = await endpointNames(session);
      const { selection, mapping, renameTags, options } = job.spec;
      if (session.globals.json) {
        printJson(session.io, { ...jobRow(job, name), selection, mapping, rename_tags: renameTags, options });
        return;
      }
      const { schedule } = job;
      printLines(
        session.io,
        factLines([
          ["Job", job.name],
          ["From", name(job.spec.sourceId)],
          ["To", name(job.spec.destinationId)],
          [
            "Schedule",
            schedule === null ? "by hand" : `${schedule.cron} (${schedule.timeZone ?? "local time"})`,
          ],
          ["Next", job.enabled ? (time(job.nextRunAt) ?? "-") : "switched off"],
          [
            "Last",
            [time(job.lastRunAt) ?? "never", ...(job.lastRunId === null ? [] : [job.lastRunId])].join(", "),
          ],
          ...(job.note === null ? [] : [["Note", job.note] as const]),
          ...selection.slice(0, shownItems).map((item) => ["Takes", selectionText(item)] as const),
          ...(selection.length > shownItems
            ? [["Takes", `and ${selection.length - shownItems} more`] as const]
            : []),
          ["Names", mappingText(mapping)],
          ...(renameTags === null ? [] : [["Tags", renameText(renameTags)] as const]),
          ["Options", optionsText(options)],
        ]),
      );
    });
    context.finish(exitCodes.done);
  });
}

function addRun(parent: Command, context: CommandContext): void {
  const command = parent.command("run").description("run a saved job now").argument("<job>", "its name");
  addRetryOption(addFileOptions(command));
  command.addHelpText("after", examples("jobs run nightly --report nightly.html"));
  command.action(async (text: string) => {
    const values = command.optsWithGlobals();
    const output = readOutput(context, values);
    const code = await withRunOutput(output, (session) =>
      withFlow(session, output, [], async (flow) => {
        const job = await findJob(session, text);
        await unlockFor(session, [job.spec.sourceId, job.spec.destinationId]);
        return followJob(flow, await session.client.call("jobs.run", { jobId: job.id }, session.stop));
      }),
    );
    context.finish(code);
  });
}

function addDelete(parent: Command, context: CommandContext): void {
  const command = parent
    .command("delete")
    .description("remove a saved job; its runs stay in the history")
    .argument("<job>", "its name")
    .addHelpText("after", examples("jobs delete nightly"));
  command.action(async (text: string) => {
    await withSession(context.io, readGlobals(command.optsWithGlobals()), async (session) => {
      const job = await findJob(session, text);
      await session.client.call("jobs.remove", { jobId: job.id }, session.stop);
      if (session.globals.json) printJson(session.io, { job: job.id, name: job.name, deleted: true });
      else printLine(session.io, `Removed the job ${job.name}.`);
    });
    context.finish(exitCodes.done);
  });
}
