// The frames that every transport carries, in both directions.
import { z } from "zod";
import { progressValueSchema } from "./contract.ts";
import { wireErrorSchema } from "./errors.ts";

/** Calls that one client may have open at once; more are answered `busy`. */
export const maxCallsInFlight = 64;
/** Largest frame from a client, in characters. */
export const maxClientFrame = 4 * 1024 * 1024;

const callId = z.number().int().nonnegative();

export const clientFrameSchema = z.discriminatedUnion("t", [
  z.object({
    t: z.literal("call"),
    id: callId,
    method: z.string().max(100),
    params: z.unknown(),
    /** Milliseconds; the contract's own deadline is the upper bound. */
    deadlineMs: z.number().int().positive().optional(),
  }),
  z.object({ t: z.literal("cancel"), id: callId }),
  /** From now on events and progress are wanted; `since` is the last number seen, where there was one. */
  z.object({ t: z.literal("subscribe"), since: z.number().int().nonnegative().optional() }),
  /** The client has room for this many further progress batches. */
  z.object({ t: z.literal("credit"), batches: z.number().int().min(1).max(64) }),
]);
export type ClientFrame = z.infer<typeof clientFrameSchema>;

export const hostFrameSchema = z.discriminatedUnion("t", [
  z.object({ t: z.literal("result"), id: callId, value: z.unknown() }),
  z.object({ t: z.literal("error"), id: callId, error: wireErrorSchema }),
  z.object({ t: z.literal("event"), seq: z.number().int().positive(), name: z.string(), data: z.unknown() }),
  z.object({
    t: z.literal("progress"),
    values: z.array(z.tuple([z.string(), progressValueSchema.nullable()])),
  }),
  /** Answer to subscribe: events continue behind `seq`; with `gap` some were missed and what is shown must be read again. */
  z.object({ t: z.literal("subscribed"), seq: z.number().int().nonnegative(), gap: z.boolean() }),
]);
export type HostFrame = z.infer<typeof hostFrameSchema>;

/** One connection between a client and a host, as a transport offers it to either of them. */
export interface FramePipe<Out> {
  send(frame: Out): void;
  /** Called for each frame that arrives; what arrives is not trusted. Set before anything is sent. */
  onFrame(listener: (frame: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
  /** Bytes that were sent but have not left the process, where the transport knows. */
  pending?(): number;
}
