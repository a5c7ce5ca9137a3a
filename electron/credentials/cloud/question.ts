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

interface Question {
  readonly call: CloudCall;
  /** Programs that run for it. */
  readonly started: Set<ChildProcess>;
  /** True when it has its answer, or nobody waits for one; the library may not have heard of that. */
  over: boolean;
}

/** The one whose code runs. */
const running = new AsyncLocalStorage<Question>();
/** Of all questions. */
const programs = new Set<ChildProcess>();
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
    const question = running.getStore();
    if (question !== undefined) keep(message.process, question);
  });
  process.once("exit", () => programs.forEach(endTree));
}

/** Told before it is started. A program that is killed is a link that failed, and the chain may start it once more. */
function keep(child: ChildProcess, question: Question): void {
  const { started } = question;
  started.add(child);
  programs.add(child);
  const forget = (): void => {
    started.delete(child);
    programs.delete(child);
  };
  child.once("exit", forget);
  // One that could not be started never exits.
  child.once("close", forget);
  child.once("spawn", () => {
    if (question.over) endTree(child);
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
  const { call } = line;
  const question: Question = { call, started: new Set(), over: false };
  try {
    return await running.run(question, () => untilAborted(work(call), signal));
  } catch (error) {
    signal.throwIfAborted();
    throw cloudError(error, attempt(), line.failure);
  } finally {
    question.over = true;
    question.started.forEach(endTree);
    await line.close();
  }
}
