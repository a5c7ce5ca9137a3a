// Looks at a layout folder step by step and says in plain words what it is good for. Changes nothing there.
import type { CheckStep } from "../../shared/endpoint.ts";
import { toFreightlinerError, toWire } from "../../shared/errors.ts";
import { folderState, isWritable } from "./layout-folder.ts";

/** @param countRepositories reads the index. */
export async function checkLayout(
  path: string,
  countRepositories: () => Promise<number>,
  signal: AbortSignal,
): Promise<CheckStep[]> {
  const steps: CheckStep[] = [];
  const failed = (name: CheckStep["name"], thrown: unknown): void => {
    signal.throwIfAborted();
    const error = toFreightlinerError(thrown, "check");
    steps.push({ name, outcome: "failed", text: error.message, error: toWire(error) });
  };
  signal.throwIfAborted();
  try {
    const state = await folderState(path);
    const text = state === "missing" ? "does not exist yet; the first copy makes it" : "is there";
    steps.push({ name: "reachable", outcome: "passed", text: `${path} ${text}.` });
    const kind =
      state === "layout" ? "It is an OCI layout." : "It becomes an OCI layout with the first copy.";
    steps.push({ name: "registry", outcome: "passed", text: kind });
  } catch (thrown) {
    failed("reachable", thrown);
  }
  steps.push({ name: "sign-in", outcome: "skipped", text: "A folder needs no sign-in." });
  try {
    const count = await countRepositories();
    const noun = count === 1 ? "repository" : "repositories";
    steps.push({ name: "catalog", outcome: "passed", text: `It holds ${count} ${noun}.` });
  } catch (thrown) {
    failed("catalog", thrown);
  }
  const writable = await isWritable(path);
  steps.push({
    name: "push",
    outcome: writable ? "passed" : "warning",
    text: writable ? "Images can be written here." : "This user may not write here; it can be read only.",
  });
  return steps;
}
