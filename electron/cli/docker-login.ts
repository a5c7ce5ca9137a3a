// login and logout in docker's configuration, for those who want a sign-in there: for docker itself, and whatever reads its file.
import type { CredentialInput, Endpoint } from "../../shared/endpoint.ts";
import { type DockerPlace, dockerSignIns } from "../app/docker-sign-in.ts";
import type { Values } from "./option-values.ts";
import type { SavedRegistry } from "./own-endpoint.ts";
import { printJson, printLine, printNote, type Session } from "./session.ts";
import { usageError } from "./usage-error.ts";

export const dockerConfigOption = "--docker-config";

/** @throws FreightlinerError `usage` for what has to do with our own place of secrets. */
export function readDockerConfig({ dockerConfig, vault, name }: Values): boolean {
  if (dockerConfig !== true) return false;
  if (vault === true || name !== undefined)
    throw usageError(
      `${dockerConfigOption} keeps the sign-in in docker's configuration; ${vault === true ? "--vault" : "--name"} is for one that Freightliner keeps.`,
    );
  return true;
}

export async function keepWithDocker(
  session: Session,
  { settings, endpoint }: SavedRegistry,
  credential: CredentialInput,
): Promise<void> {
  const { config, globals, io, stop } = session;
  const { host } = settings;
  const kept = await dockerSignIns(config).store(host, credential, stop);
  const place = wordsOf(kept);
  if (globals.json)
    printJson(io, {
      registry: host,
      name: endpoint?.name ?? null,
      credential: { ...documentOf(kept), username: credential.username },
    });
  else printLine(io, `Signed in at ${host} as "${credential.username}"; the password lies in ${place}.`);
  if (kept.helper === undefined)
    printNote(
      io,
      `It is not encrypted there: whoever can read ${kept.file} can read the password. With a credential helper in that file it would be kept by the helper.`,
    );
  for (const after of await tellOthers(session, host)) noteStronger(session, after);
}

export async function forgetWithDocker(session: Session, { settings }: SavedRegistry): Promise<void> {
  const { config, globals, io, stop } = session;
  const { host } = settings;
  const kept = await dockerSignIns(config).erase(host, stop);
  const forgotten = kept.left.length === 0;
  if (globals.json) printJson(io, { registry: host, forgotten, credential: documentOf(kept) });
  else
    printLine(
      io,
      `There is no sign-in ${forgotten ? "at" : "for all of"} ${host} in ${wordsOf(kept)} any more.`,
    );
  if (!forgotten)
    printNote(
      io,
      `What stands in ${kept.file} for a part of ${host} stays, and is still used there: ${kept.left.slice(0, 5).join(", ")}. Remove it from the file where that is not wanted.`,
    );
  for (const { name, credential } of await tellOthers(session, host))
    if (credential.source !== "none")
      printNote(
        io,
        `"${name}" is still signed in to by other means: ${credential.place ?? credential.source}.`,
      );
}

function wordsOf({ file, helper }: DockerPlace): string {
  return helper === undefined
    ? `docker's configuration (${file})`
    : `the credential helper docker-credential-${helper}, as docker's configuration says (${file})`;
}

function documentOf({ file, helper }: DockerPlace): object {
  const place = helper === undefined ? file : `docker-credential-${helper} (${file})`;
  const source = helper === undefined ? "docker-config" : "docker-helper";
  return { source, username: null, place, expires_at: null, problem: null };
}

/** All that are known at the host, here and in other processes: runs that wait for a sign-in go on. */
async function tellOthers({ client, stop }: Session, host: string): Promise<readonly Endpoint[]> {
  const { endpoints } = await client.call("endpoints.list", { includeTemporary: true }, stop);
  const there = endpoints.filter(
    ({ settings }) => settings.kind === "registry" && settings.host.toLowerCase() === host.toLowerCase(),
  );
  const after: Endpoint[] = [];
  for (const { id } of there) after.push(await client.call("endpoints.signInChanged", { id }, stop));
  return after;
}

/** What was saved or entered, or is chosen in the settings, counts before docker's. */
function noteStronger({ io }: Session, { name, credential }: Endpoint): void {
  const { source, place } = credential;
  if (source === "docker-config" || source === "docker-helper") return;
  printNote(
    io,
    `"${name}" does not take its sign-in from docker: ${place ?? source} counts there. Sign out with logout, or change its settings.`,
  );
}
