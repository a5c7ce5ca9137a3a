// Talks to a docker credential helper: https://github.com/docker/docker-credential-helpers#development
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { z } from "zod";
import { type FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import { configurationError } from "./credential-source.ts";
import type { DockerConfig } from "./docker-config.ts";
import { pairProblem } from "./password.ts";

const namePattern = /^[A-Za-z0-9._-]+$/;
const maxOutput = 1024 * 1024;
/** It may ask its owner. */
export const helperDeadlineMs = 30_000;
/** The protocol's fixed texts for "nothing is stored for it". */
const nothingStored: readonly string[] = [
  "credentials not found in native keychain",
  "no credentials server URL",
  "no credentials username",
];
const answerSchema = z.object({ Username: z.string(), Secret: z.string() });

/** What is done, and the words for it in errors. */
const actions = { get: "asked for", store: "given the sign-in for", erase: "told to forget" } as const;

/** How helpers are found and started. */
export interface HelperPlace {
  /** Folders to look in, as in PATH. */
  readonly path: string;
  /** What it is started with: helpers read folders, agents and accounts from there. */
  readonly environment: NodeJS.ProcessEnv;
  /** Milliseconds that one may take. */
  readonly deadlineMs: number;
}

export interface HelperQuestion extends HelperPlace {
  /** The part behind `docker-credential-`. */
  readonly name: string;
  /** The server key, e.g. `registry.example:5000`. */
  readonly server: string;
  readonly signal: AbortSignal;
}

interface Talk extends HelperQuestion {
  readonly action: keyof typeof actions;
  /** For its standard input. */
  readonly input: string;
}

interface HelperEnd {
  readonly status: number | null;
  readonly output: string;
}

export interface HelperAnswer {
  readonly username: string;
  readonly secret: string;
}

/**
 * Undefined where the helper holds nothing for the server.
 * @throws FreightlinerError `configuration` that names the helper; never with anything that it printed.
 */
export async function askHelper(question: HelperQuestion): Promise<HelperAnswer | undefined> {
  const talk: Talk = { ...question, action: "get", input: question.server };
  const output = await talkTo(talk);
  if (output === undefined) return undefined;
  const answer = parseAnswer(output);
  if (answer === undefined) throw failure(talk, "answered something that is no credential");
  const problem = pairProblem({ username: answer.username, password: answer.secret });
  if (problem !== undefined) throw failure(talk, `answered no credential (${problem})`);
  return answer;
}

/** Lets a helper keep a sign-in. @throws as `askHelper`. */
export async function storeWithHelper(
  question: HelperQuestion,
  { username, secret }: HelperAnswer,
): Promise<void> {
  const input = JSON.stringify({ ServerURL: question.server, Username: username, Secret: secret });
  const talk: Talk = { ...question, action: "store", input };
  if ((await talkTo(talk)) === undefined) throw failure(talk, "did not keep it");
}

/** Nothing where it keeps none. @throws as `askHelper`. */
export async function eraseWithHelper(question: HelperQuestion): Promise<void> {
  await talkTo({ ...question, action: "erase", input: question.server });
}

/** What it printed; undefined where it says that nothing is stored. */
async function talkTo(talk: Talk): Promise<string | undefined> {
  talk.signal.throwIfAborted();
  checkName(talk.name);
  const child = spawn(findHelper(talk.name, talk.path), [talk.action], {
    shell: false,
    env: talk.environment,
    windowsHide: true,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const { status, output } = await converse(child, talk);
  if (status === 0) return output;
  if (nothingStored.includes(output.trim())) return undefined;
  throw failure(talk, `ended with status ${status ?? "unknown"}`);
}

function failure({ name, server, action }: Talk, what: string): FreightlinerError {
  return configurationError(
    `The credential helper docker-credential-${name} ${what} when it was ${actions[action]} ${server}.`,
  );
}

/** What helpers are started with: they belong to others, and our passwords and passphrases are not for them. */
export function helperEnvironment(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !/^FREIGHTLINER_/i.test(name)));
}

/** Of a configuration, each once. */
export function helpersIn({ credsStore, credHelpers }: DockerConfig): readonly string[] {
  return [...new Set([credsStore ?? "", ...Object.values(credHelpers ?? {})])].filter((name) => name !== "");
}

/** Why it could not be started; undefined where it could. It is not asked anything. */
export function helperProblem(name: string, path: string): string | undefined {
  try {
    checkName(name);
    findHelper(name, path);
    return undefined;
  } catch (thrown) {
    return toFreightlinerError(thrown, "find-helper").message;
  }
}

function checkName(name: string): void {
  if (!namePattern.test(name)) {
    throw configurationError(
      `The credential helper "${name.slice(0, 100)}" has no allowed name: expected letters, digits and . _ -.`,
    );
  }
}

/** Looked for by hand, so that neither the working folder nor a relative entry can plant a helper. */
function findHelper(name: string, path: string): string {
  const file = `docker-credential-${name}${process.platform === "win32" ? ".exe" : ""}`;
  for (const folder of path.split(delimiter).filter((entry) => isAbsolute(entry))) {
    try {
      accessSync(join(folder, file), constants.X_OK);
      return join(folder, file);
    } catch {
      // Not in this folder; the next one may have it.
    }
  }
  throw configurationError(
    `The credential helper docker-credential-${name}, named in docker's configuration, is not in any folder of PATH.`,
  );
}

function converse(child: ChildProcess, talk: Talk): Promise<HelperEnd> {
  const { deadlineMs, signal } = talk;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (action: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      action();
    };
    const giveUp = (reason: unknown): void =>
      end(() => {
        child.kill("SIGKILL");
        // A grandchild may still hold the pipe open; we no longer listen.
        child.stdout?.destroy();
        reject(reason);
      });
    const onAbort = (): void => giveUp(signal.reason);
    const timer = setTimeout(
      () => giveUp(failure(talk, `did not answer within ${deadlineMs / 1000} seconds`)),
      deadlineMs,
    );
    signal.addEventListener("abort", onAbort, { once: true });
    child.stdout?.on("data", (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > maxOutput) giveUp(failure(talk, `answered more than ${maxOutput} bytes`));
    });
    child.once("error", () => giveUp(failure(talk, "could not be started")));
    child.once("close", (status) =>
      end(() => resolve({ status, output: Buffer.concat(chunks).toString("utf8") })),
    );
    // A helper that ends without reading its question says so by its status.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(talk.input);
  });
}

function parseAnswer(output: string): HelperAnswer | undefined {
  try {
    const answer = answerSchema.safeParse(JSON.parse(output));
    return answer.success ? { username: answer.data.Username, secret: answer.data.Secret } : undefined;
  } catch {
    // Not JSON. The parser's message would quote the output, which may be a secret.
    return undefined;
  }
}
