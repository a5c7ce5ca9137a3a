// How it stands with a newer version of the program itself.
import { z } from "zod";

export const updateStatusSchema = z.object({
  /** `ready` = downloaded and waiting for a restart, `waiting` = for running transfers to end first. */
  state: z.enum(["unsupported", "idle", "checking", "downloading", "ready", "waiting", "failed"]),
  current: z.string(),
  /** The newer version, where one is known. */
  version: z.string().nullable(),
  /** Its release notes as plain text. */
  notes: z.string().nullable(),
  /** 0 to 100 while downloading. */
  percent: z.number().nullable(),
  /** One plain sentence where it failed or is not supported. */
  text: z.string().nullable(),
});
export type UpdateStatus = z.infer<typeof updateStatusSchema>;
