// --checkpoint-file: names the run and the data folder, so that another process can go on with it.
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { FreightlinerError } from "../../shared/errors.ts";
import { jsonText } from "../../shared/plain-text.ts";
import { runIdSchema } from "../../shared/run.ts";
import { writeFileAtomic } from "./atomic-file.ts";

const checkpointSchema = z.object({
  version: z.literal(1),
  run: runIdSchema,
  /** The data folder that holds the run. Absolute. */
  home: z.string().min(1).max(4096),
  /** What was typed, without secrets; for people. */
  command: z.string(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** A checkpoint is a few hundred bytes; anything large is not one. */
const longestFile = 1024 * 1024;

export async function writeCheckpoint(file: string, checkpoint: Omit<Checkpoint, "version">): Promise<void> {
  await writeFileAtomic(file, `${jsonText({ version: 1, ...checkpoint }, 2)}\n`, "checkpoint file");
}

function bad(file: string, expectation: string, cause?: unknown): FreightlinerError {
  return new FreightlinerError({
    code: "configuration",
    operation: "read-checkpoint",
    message: `The checkpoint file ${file} ${expectation}`,
    cause,
  });
}

/** @throws FreightlinerError `configuration` that names the file and what is wrong with it. */
export async function readCheckpoint(file: string): Promise<Checkpoint> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw bad(file, "cannot be read.", cause);
  }
  if (text.length > longestFile)
    throw bad(file, "is too long to be one; expected what --checkpoint-file wrote.");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw bad(file, "is not JSON; expected what --checkpoint-file wrote.", cause);
  }
  const parsed = checkpointSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw bad(file, `is not a checkpoint: ${z.prettifyError(parsed.error).replaceAll("\n", " ")}`);
}
