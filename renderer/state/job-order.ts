// The order of the saved jobs: by name, next or last run; a job without the one comes last either way.
import { create } from "zustand";
import type { SavedJob } from "../../shared/job.ts";

export type JobSort = "name" | "next" | "last";

interface JobOrder {
  readonly by: JobSort;
  readonly descending: boolean;
}

export const useJobOrder = create<JobOrder>(() => ({ by: "name", descending: false }));

/** The same again turns it around. What ran last is looked for from the newest on. */
export function sortJobsBy(by: JobSort): void {
  useJobOrder.setState((order) => ({
    by,
    descending: order.by === by ? !order.descending : by === "last",
  }));
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

export function inJobOrder(jobs: readonly SavedJob[], { by, descending }: JobOrder): readonly SavedJob[] {
  const turn = descending ? -1 : 1;
  const byName = (a: SavedJob, b: SavedJob): number => collator.compare(a.name, b.name);
  if (by === "name") return jobs.toSorted((a, b) => turn * byName(a, b));
  const timeOf = ({ nextRunAt, lastRunAt }: SavedJob): number | null =>
    by === "next" ? nextRunAt : lastRunAt;
  return jobs.toSorted((a, b) => {
    const [one, other] = [timeOf(a), timeOf(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null) || byName(a, b);
    return turn * (one - other) || byName(a, b);
  });
}
