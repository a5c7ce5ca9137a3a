// A job of a sync file as the part of a run that can be saved, once both ends are endpoints.
import type { SavedJobInput } from "../../shared/job.ts";
import { defaultRunOptions, type JobSpec, mirrorSchema, type RunOptions } from "../../shared/run.ts";
import type { JobEntry, ProfileEntry } from "./sync-file-schema.ts";
import { tagRuleOf } from "./tag-item.ts";

export interface JobEnds {
  readonly sourceId: string;
  readonly destinationId: string;
}

/** What a profile or a job says of a run's options; what it leaves open is left out. */
export function defaultsOf(entry: ProfileEntry | JobEntry): Partial<RunOptions> {
  const { concurrency, bandwidth, overwrite, keep_both_suffix: suffix, attachments, verify } = entry;
  return {
    ...(concurrency?.images === undefined ? {} : { parallelImages: concurrency.images }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
    ...(overwrite === undefined ? {} : { overwrite }),
    ...(suffix === undefined ? {} : { keepBothSuffix: suffix }),
    ...(attachments === undefined ? {} : { attachments }),
    ...(verify === undefined ? {} : { verifyBlobs: verify }),
  };
}

/** What the job says counts more than what the profile does; the rest is as everywhere. */
function optionsOf(job: JobEntry, defaults: Partial<RunOptions>): RunOptions {
  return {
    ...defaultRunOptions,
    ...defaults,
    ...defaultsOf(job),
    ...(job.platforms === undefined ? {} : { platforms: job.platforms }),
    ...(job.foreign_layers === undefined ? {} : { foreignLayers: job.foreign_layers }),
    mirror: job.mirror === false ? null : mirrorSchema.parse(job.mirror),
  };
}

export function jobSpecOf(job: JobEntry, ends: JobEnds, defaults: Partial<RunOptions>): JobSpec {
  const { names, include, exclude } = job.repositories;
  return {
    ...ends,
    selection: [{ kind: "repositories", names, include, exclude, tags: tagRuleOf(job.tags) }],
    mapping: job.map,
    renameTags: job.rename_tags ?? null,
    options: optionsOf(job, defaults),
  };
}

/** For the list of saved jobs, so that a host runs it when its time comes. */
export function savedJobOf(job: JobEntry, spec: JobSpec, id: string | undefined): SavedJobInput {
  return {
    ...(id === undefined ? {} : { id }),
    name: job.name,
    spec,
    schedule: job.schedule ?? null,
    enabled: job.enabled,
  };
}
