// What a bug report needs to know of this program, as one JSON text: never a secret, and names only where they are wanted.
import { homedir, release } from "node:os";
import type { Capabilities, MethodResult } from "../../shared/contract.ts";
import type { RegistrySettings } from "../../shared/endpoint.ts";
import type { LogLine } from "../../shared/log-line.ts";
import type { Run } from "../../shared/run.ts";
import type { StoredEndpoint } from "../store/store.ts";
import type { LogRing } from "./log-ring.ts";
import { Placeholders } from "./placeholders.ts";
import type { Services } from "./services.ts";

const lastRuns = 20;
const lastLines = 500;

export interface DiagnosticsOptions {
  readonly services: Pick<Services, "store" | "engine" | "limits" | "clock">;
  readonly capabilities: Capabilities;
  readonly ring: LogRing;
}

export function diagnostics(
  { services, capabilities, ring }: DiagnosticsOptions,
  hideNames: boolean,
): MethodResult<"diagnostics.preview"> {
  const { store, engine, limits, clock } = services;
  const endpoints = store.endpoints.list();
  const names = new Placeholders(hideNames);
  for (const endpoint of endpoints) learn(names, endpoint);
  const now = new Date(clock.now()).toISOString();
  const document = {
    made: now,
    names: hideNames ? "hidden" : "shown",
    program: { ...capabilities, dataFolder: withoutHome(capabilities.dataFolder), node: process.version },
    system: { platform: process.platform, release: release(), architecture: process.arch },
    database: store.integrity(),
    // Of all settings only those whose values are choices: others may hold what a person typed.
    settings: plainSettings(store.settings.all()),
    limits: limits.get(),
    endpoints: endpoints.map((endpoint) => endpointOf(endpoint, names)),
    hosts: engine.hosts.list().map((status) => ({ ...status, host: names.host(status.host) })),
    runs: store.runs.list({ offset: 0, limit: lastRuns }).runs.map((run) => runOf(run, names)),
    log: ring.read({ level: "debug", limit: lastLines }).lines.map((line) => lineOf(line, names)),
  };
  return {
    fileName: `freightliner-diagnostics-${now.slice(0, 10)}.json`,
    text: `${names.inText(withoutHome(JSON.stringify(document, null, 2)))}\n`,
  };
}

function learn(names: Placeholders, { name, username, settings }: StoredEndpoint): void {
  // A name that is the address is told as that.
  if (settings.kind !== "registry") names.folder(settings.path);
  else names.host(settings.host);
  names.name(name);
  if (username !== null) names.user(username);
}

function endpointOf(endpoint: StoredEndpoint, names: Placeholders): object {
  const { id, name, settings, sample, temporary, health } = endpoint;
  const steps = health.steps.map((step) => ({
    ...{ name: step.name, outcome: step.outcome, code: step.error?.code },
    ...(names.hide ? {} : { text: step.text }),
  }));
  const place =
    settings.kind !== "registry"
      ? { ...settings, path: names.folder(settings.path) }
      : registryOf(settings, names);
  return { id, name: names.name(name), settings: place, sample, temporary, health: { ...health, steps } };
}

/** Where names are hidden, of what names a file, an address or a variable only that it is set is told. */
function registryOf(settings: RegistrySettings, names: Placeholders): object {
  if (!names.hide) return settings;
  const { apiUrl, proxy, mirrors, pins, clientCertFile, clientKeyFile, caFile, credential, ...plain } =
    settings;
  const isSet = Object.entries({ apiUrl, mirrors, pins, clientCertFile, clientKeyFile })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  return {
    ...plain,
    host: names.host(settings.host),
    trustedTokenHosts: settings.trustedTokenHosts.map((host) => names.host(host)),
    ...(caFile === undefined ? {} : { caFile: names.folder(caFile) }),
    ...(proxy === undefined ? {} : { proxy: proxy === "none" ? proxy : "set" }),
    ...(credential === undefined ? {} : { credential: { from: credential.from } }),
    isSet,
  };
}

/** Selections, mappings and messages name repositories: only what kind of run it was is told where names are hidden. */
function runOf(run: Run, names: Placeholders): object {
  const { id, state, stateReason, spec, plan, tallies, error, createdAt, startedAt, finishedAt } = run;
  const told = { id, state, stateReason, options: spec.options, tallies, createdAt, startedAt, finishedAt };
  const { warnings, guard, ...counts } = plan;
  const codes = warnings.map(({ code }) => code);
  const failure = error === null ? null : { code: error.code, side: error.side, operation: error.operation };
  const ends = { source: spec.sourceId, destination: spec.destinationId };
  const hidden = { ...told, ...ends, plan: { ...counts, warnings: codes }, error: failure };
  return names.hide ? hidden : { ...told, ...ends, plan, error, mapping: spec.mapping, guard };
}

/** Fields of a line that name nobody: numbers, states and the program's own words. */
const plainFields: ReadonlySet<string> = new Set([
  ...["runId", "jobId", "operation", "method", "status", "durationMs", "error", "state", "reason", "removed"],
  ...["days", "code", "signal", "active", "endpointId"],
]);

function lineOf({ at, level, message, fields }: LogLine, names: Placeholders): object {
  const told = { at, level, message };
  if (!names.hide) return { ...told, fields };
  const parsed = parsedFields(fields);
  const kept = Object.entries(parsed).filter(([key, value]) => plainFields.has(key) && isPlain(value));
  const err = parsed.err;
  const code = typeof err === "object" && err !== null && "code" in err ? { code: err.code } : {};
  return { ...told, fields: { ...Object.fromEntries(kept), ...code } };
}

/** Sentences may quote names. */
function isPlain(value: unknown): boolean {
  return typeof value === "string"
    ? /^[\w.-]{1,40}$/.test(value)
    : ["number", "boolean"].includes(typeof value);
}

/** Nothing of a line that was cut. */
function parsedFields(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function plainSettings(settings: Readonly<Record<string, unknown>>): object {
  const isSimple = (value: unknown): boolean => typeof value === "number" || typeof value === "boolean";
  const isWord = (value: unknown): boolean => typeof value === "string" && /^[a-z-]{1,20}$/.test(value);
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => isSimple(value) || isWord(value)));
}

/** The user's own name stands in the path of the home folder. */
function withoutHome(text: string): string {
  const home = homedir();
  return home.length < 2 ? text : text.replaceAll(JSON.stringify(home).slice(1, -1), "~");
}
