// One question to a cloud by its own library: the network it has, and an end for all that it began.
import { AsyncLocalStorage } from "node:async_hooks";
import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import type { CloudCall, CloudLine } from "../../../shared/cloud-call.ts";
import { type Attempt, cloudError } from "../../../shared/cloud-error.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import { endTree } from "./program-tree.ts";
import { untilAborted } from "./renewing.ts";

interface Asking {
  readonly open: () => CloudLine;
  readonly signal: AbortSignal;
  /** In words: read when it has failed. */
  readonly attempt: () => Attempt;
}

/** What the question has whose code runs: its network, and the programs that were started for it. */
const running = new AsyncLocalStorage<{ readonly call: CloudCall; readonly started: Set<ChildProcess> }>();
let listening = false;

/**
 * Amazon's library waits for a program of a profile without an end, Google's for an executable for long; both keep it to
 * themselves. https://nodejs.org/api/diagnostics_channel.html#event-child_process
 */
function listen(): void {
  if (listening) return;
  listening = true;
  subscribe("child_process", (message) => {
    if (!isStarted(message)) return;
    const { process: child } = message;
    const started = running.getStore()?.started;
    started?.add(child);
    child.once("exit", () => started?.delete(child));
  });
}

function isStarted(message: unknown): message is { readonly process: ChildProcess } {
  return typeof message === "object" && message !== null && "process" in message;
}

/** For a library that keeps the way of its first question: always that of the question whose code runs. */
export const callOfQuestion: CloudCall = (request) => {
  const question = running.getStore();
  if (question !== undefined) return question.call(request);
  throw new FreightlinerError({
    code: "internal",
    operation: "cloud-sign-in",
    message: "A cloud's library sends a request that belongs to no question.",
  });
};

/** @throws FreightlinerError in the words of the attempt, or the signal's reason. */
export async function askCloud<T>(
  { open, signal, attempt }: Asking,
  work: (call: CloudCall) => Promise<T>,
): Promise<T> {
  listen();
  const line = open();
  const started = new Set<ChildProcess>();
  try {
    const { call } = line;
    return await running.run({ call, started }, () => untilAborted(work(call), signal));
  } catch (error) {
    signal.throwIfAborted();
    throw cloudError(error, attempt(), line.failure);
  } finally {
    for (const child of started) endTree(child);
    await line.close();
  }
}
