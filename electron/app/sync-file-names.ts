// What the parts of a sync file say of each other: names that are meant to be there, and schedules that can come true.
import { FreightlinerError } from "../../shared/errors.ts";
import type { Schedule } from "../../shared/job.ts";
import { isHost } from "../../shared/reference.ts";
import { nextTime } from "./cron-times.ts";
import type { FileParts } from "./sync-file-parts.ts";
import { nearest } from "./sync-file-strict.ts";
import type { FileProblem, FileText, Path } from "./sync-file-text.ts";

export function checkNames(
  text: FileText,
  parts: FileParts,
  profile: string | undefined,
  problems: FileProblem[],
): void {
  if (profile !== undefined && !parts.profileNames.includes(profile))
    problems.push(text.problem(["profiles"], unknownProfile(profile, parts.profileNames)));
  const seen = new Set<string>();
  for (const job of parts.jobNames) {
    const { path, name, schedule } = job;
    if (name !== undefined && seen.has(name)) {
      const message = `two jobs are called "${name}"; expected a name of its own`;
      problems.push(text.problem([...path, "name"], message));
    }
    if (name !== undefined) seen.add(name);
    for (const side of ["from", "to"] as const) checkEnd(text, parts, [...path, side], job[side], problems);
    if (schedule === undefined) continue;
    const wrong = scheduleProblem(schedule);
    if (wrong !== undefined) problems.push(text.problem([...path, "schedule"], wrong));
  }
}

function unknownProfile(profile: string, names: readonly string[]): string {
  const known = names.length === 0 ? "the file has none" : `expected one of ${names.join(", ")}`;
  return `there is no profile "${profile}"; ${known}`;
}

/** A name of the file or an address; a bare word that is neither may be the name of a saved registry. */
function checkEnd(
  text: FileText,
  parts: FileParts,
  path: Path,
  end: string | undefined,
  problems: FileProblem[],
): void {
  const known = [...parts.registryNames];
  if (end === undefined || known.includes(end) || /^(?:oci:.|https?:\/\/)/.test(end)) return;
  if (isHost(end) && /[.:]|^localhost$/.test(end)) return;
  const meant = nearest(end, known);
  if (meant !== undefined)
    problems.push(text.problem(path, `there is no registry "${end}"; did you mean "${meant}"?`));
}

function scheduleProblem(schedule: Schedule): string | undefined {
  try {
    nextTime(schedule, Date.now());
    return undefined;
  } catch (thrown) {
    if (thrown instanceof FreightlinerError) return thrown.message.replace(/\.$/, "");
    throw thrown;
  }
}
