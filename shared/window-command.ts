// What a menu, the tray or a notification may ask of the window: a closed list.
import { z } from "zod";

export const screenNames = ["transfer", "transfers", "jobs", "history", "registries", "settings"] as const;
export const screenNameSchema = z.enum(screenNames);
export type ScreenName = z.infer<typeof screenNameSchema>;

export const windowCommandSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("screen"), screen: screenNameSchema }),
  z.object({ kind: z.literal("run"), runId: z.string().max(26) }),
  /** A command of the window's own list by its id (renderer/commands); unknown ones do nothing. */
  z.object({ kind: z.literal("command"), id: z.string().regex(/^[a-z][a-zA-Z0-9.-]{0,60}$/) }),
]);
export type WindowCommand = z.infer<typeof windowCommandSchema>;
