// Secrets planted in every source, journeys that fail with each, and none of them in anything that people or programs read.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, CDPSession, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Endpoint, RegistrySettings } from "../../shared/endpoint.ts";
import type { RunState } from "../../shared/run.ts";
import { buildBundles } from "../support/build.ts";
import { type BuiltHost, startBuiltHost } from "../support/built-host.ts";
import { canaryUser, filesIn, leaksOf, type Seen } from "../support/canaries.ts";
import { launchChromium } from "../support/chromium.ts";
import { enterHost } from "../support/enter-host.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { type LeakyManner, type LeakyRegistry, startLeakyRegistry } from "../support/leaky-registry.ts";
import { runProcess } from "../support/processes.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const canaries = {
  saved: "canary-saved-7f3a9c",
  entered: "canary-entered-51e0d2",
  typed: "canary-typed-aa93e1",
  stdin: "canary-stdin-0c77b4",
  dockerPassword: "canary-docker-c8b6e4",
  identityToken: "canary-identity-3b1d90",
  registryToken: "canary-registrytoken-77d0f2",
  podman: "canary-podman-e21c5a",
  helper: "canary-helper-90ab3f",
  brokenHelper: "canary-brokenhelper-4d2e77",
  environment: "canary-environment-b05c81",
  // As long as those of clouds are.
  cloudKey: "canarycloudkey6e1f02b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e",
  proxy: "canary-proxy-d3307e",
  passphrase: "canary-passphrase-7a2b1c",
  wrongPassphrase: "canary-wrongphrase-11d4c8",
  signature: "canarysignature9f0e1d2c3b4a",
} as const;

/** A registry that leaks for each source, and how it leaks. */
const leaky = {
  entered: "token",
  typed: "token",
  stdin: "token",
  dockerPassword: "basic",
  identityToken: "token",
  registryToken: "basic",
  podman: "token",
  helper: "token",
  brokenHelper: "basic",
  environment: "basic",
  cloudKey: "basic",
  cloudToken: "token",
  signature: "redirect",
  proxy: "proxy",
} as const satisfies Readonly<Record<string, LeakyManner>>;
type LeakyName = keyof typeof leaky;
/** Where the command line knows them only by the name of what was added in the window. */
const inWindowOnly: ReadonlySet<LeakyName> = new Set([
  "typed",
  "environment",
  "cloudKey",
  "entered",
  "proxy",
]);

describe("S007 secrets that were planted everywhere", () => {
  let source: RealRegistry;
  let guarded: RealRegistry;
  let home: TempFolder;
  let outside: TempFolder;
  let host: BuiltHost;
  let browser: Browser;
  const registries = {} as Record<LeakyName, LeakyRegistry>;
  const said: Seen[] = [];
  const say = (where: string, value: unknown): void => {
    said.push({ where, text: typeof value === "string" ? value : JSON.stringify(value) });
  };

  beforeAll(async () => {
    await buildBundles("cli", "host", "client");
    [source, guarded, home, outside] = await Promise.all([
      startRealRegistry(),
      startRealRegistry({ user: canaryUser, password: canaries.saved }),
      tempFolder("canary"),
      tempFolder("canary-outside"),
    ]);
    for (const [name, manner] of Object.entries(leaky) as [LeakyName, LeakyManner][])
      registries[name] = await startLeakyRegistry(manner, canaries.signature);
    await pushImage(source, await buildImage({ seed: "canary" }), "team/app", "v1");
    await plant();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
    await Promise.all(Object.values(registries).map((registry) => registry.stop()));
    await Promise.all([source.stop(), guarded.stop(), home.remove(), outside.remove()]);
  });

  const auth = (secret: string): string => Buffer.from(`${canaryUser}:${secret}`).toString("base64");
  async function plant(): Promise<void> {
    const at = (name: string): string => join(outside.path, name);
    await mkdir(at("bin"));
    await mkdir(join(home.path, "out"));
    const docker = {
      auths: {
        [registries.dockerPassword.host]: { auth: auth(canaries.dockerPassword) },
        [registries.identityToken.host]: { auth: auth(""), identitytoken: canaries.identityToken },
        [registries.registryToken.host]: { registrytoken: canaries.registryToken },
      },
      credHelpers: { [registries.helper.host]: "canary", [registries.brokenHelper.host]: "broken" },
    };
    await writeFile(at("config.json"), JSON.stringify(docker));
    await writeFile(
      at("podman.json"),
      JSON.stringify({ auths: { [registries.podman.host]: { auth: auth(canaries.podman) } } }),
    );
    await writeFile(at("passphrase"), `${canaries.passphrase}\n`, { mode: 0o600 });
    await writeFile(at("subject-token"), canaries.cloudKey);
    // A workload identity whose token service refuses, and quotes what it was given.
    const identity = {
      type: "external_account",
      audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: `http://${registries.cloudToken.host}/token`,
      credential_source: { file: at("subject-token") },
    };
    await writeFile(at("key.json"), JSON.stringify(identity));
    const helper = (name: string, lines: readonly string[]): Promise<void> =>
      writeFile(
        at(`bin/docker-credential-${name}`),
        ["#!/bin/sh", "cat > /dev/null", ...lines, ""].join("\n"),
        {
          mode: 0o755,
        },
      );
    const answer = JSON.stringify({ Username: canaryUser, Secret: canaries.helper });
    await helper("canary", [`echo 'using ${canaries.helper}' >&2`, `echo '${answer}'`]);
    const broken = `token ${canaries.brokenHelper} has expired`;
    await helper("broken", [`echo '${broken}' >&2`, `echo '${broken}'`, "env >&2", "exit 1"]);
  }
  const env = (): Record<string, string> => ({
    DOCKER_CONFIG: outside.path,
    REGISTRY_AUTH_FILE: join(outside.path, "podman.json"),
    PATH: `${join(outside.path, "bin")}:${process.env.PATH ?? ""}`,
    FREIGHTLINER_LOG_LEVEL: "debug",
    FREIGHTLINER_VAULT_PASSPHRASE_FILE: join(outside.path, "passphrase"),
    CANARY_USER: canaryUser,
    CANARY_PASSWORD: canaries.environment,
    AWS_ACCESS_KEY_ID: "AKIACANARY",
    AWS_SECRET_ACCESS_KEY: canaries.cloudKey,
    AZURE_CLIENT_SECRET: canaries.cloudKey,
    GOOGLE_APPLICATION_CREDENTIALS: join(outside.path, "key.json"),
    // No cloud is asked for in earnest.
    AWS_EC2_METADATA_DISABLED: "true",
  });
  const cli = async (name: string, input: string, ...args: string[]): Promise<number | null> => {
    const end = await runProcess({ home: home.path, args, input, env: env() });
    say(`cli ${name}: stdout`, end.stdout);
    say(`cli ${name}: stderr`, end.stderr);
    return end.code;
  };
  const settingsOf = (name: LeakyName): Partial<RegistrySettings> =>
    name === "environment"
      ? { credential: { from: "environment", username: "CANARY_USER", password: "CANARY_PASSWORD" } }
      : name === "cloudKey"
        ? {
            provider: "google",
            credential: { from: "cloud", keyFile: join(outside.path, "key.json") },
          }
        : {};

  it("fail in the window with each of them", async () => {
    host = await startBuiltHost(home.path, env());
    const { client } = host;
    client.subscribe({
      onEvent: () => {},
      onProgress: () => client.credit(1),
      onGap: () => {},
      onClose: () => {},
    });
    const tolerate = (what: Promise<unknown>): Promise<unknown> =>
      what.then(
        (value) => say("answer", value),
        (thrown: unknown) =>
          say("refusal", thrown instanceof Error ? `${thrown.message} ${thrown.stack}` : thrown),
      );
    await client.call("secrets.choose", { place: "vault", passphrase: canaries.passphrase });
    await tolerate(client.call("secrets.unlock", { passphrase: canaries.wrongPassphrase }));
    const { wrongPassphrase: passphrase } = canaries;
    await tolerate(client.call("secrets.changePassphrase", { passphrase, next: passphrase }));

    const add = (
      name: string,
      at: string,
      more: Partial<RegistrySettings>,
      secret?: string,
      remember = true,
    ) =>
      client.call("endpoints.add", {
        name,
        settings: { kind: "registry", host: at, ...more },
        remember,
        ...(secret === undefined ? {} : { credential: { username: canaryUser, password: secret } }),
      });
    const from = await add("source", source.host, {});
    const saved = await add("saved", guarded.host, {}, canaries.saved);
    expect(saved.credential.source).toBe("saved");
    const endpoints: Endpoint[] = [saved];
    for (const name of Object.keys(leaky) as LeakyName[]) {
      if (name === "typed" || name === "stdin" || name === "proxy" || name === "cloudToken") continue;
      const secret = name === "entered" ? canaries.entered : undefined;
      endpoints.push(await add(name, registries[name].host, settingsOf(name), secret, false));
    }
    const proxy = `http://${registries.proxy.host}`;
    const proxied = await add("proxied", "registry.test:5000", { plainHttp: "always", proxy });
    const credential = { username: canaryUser, password: canaries.proxy };
    endpoints.push(await client.call("endpoints.signInProxy", { id: proxied.id, credential }));
    const until = (runId: string, ...states: RunState[]) =>
      vi.waitFor(
        async () => {
          const run = await client.call("runs.get", { runId });
          expect(states).toContain(run.state);
          return run;
        },
        { timeout: 30_000, interval: 50 },
      );
    const ended: RunState[] = ["planned", "failed", "succeeded", "paused", "cancelled"];
    for (const endpoint of endpoints) {
      const { id, settings } = endpoint;
      await tolerate(client.call("endpoints.check", { id, attempt: "canary" }));
      await tolerate(client.call("endpoints.try", { id, settings }));
      await tolerate(client.call("endpoints.probe", { id, repository: "team/probed", write: true }));
      await tolerate(client.call("repositories.list", { endpointId: id }));
      const sides =
        endpoint.name === "signature"
          ? { sourceId: id, destinationId: saved.id }
          : { sourceId: from.id, destinationId: id };
      const selection = [{ kind: "image" as const, repository: "team/app", reference: "v1" }];
      const { id: runId } = await client.call("runs.plan", { ...sides, selection });
      const planned = await until(runId, ...ended);
      if (planned.state === "planned") {
        await client.call("runs.start", { runId });
        await until(runId, "failed", "succeeded", "paused");
      }
      await tolerate(client.call("runs.images", { runId }));
      await tolerate(client.call("runs.syncFile", { runId }));
      for (const format of ["json", "csv", "html"] as const)
        await tolerate(client.call("runs.report", { runId, format }));
    }
    const { runs } = await client.call("runs.list", {});
    const states = new Map(runs.map((run) => [run.destination.name, run.state]));
    // The right password does its work; the signed address is the only other run that comes to its start.
    expect(runs.some((run) => run.destination.name === "saved" && run.state === "succeeded")).toBe(true);
    expect(runs.find((run) => run.source.name === "signature")?.state).toBe("failed");
    expect([...states].filter(([name]) => name !== "saved").map(([, state]) => state)).not.toContain(
      "succeeded",
    );

    await tolerate(client.call("doctor.run", {}));
    await tolerate(client.call("settings.get", {}));
    await tolerate(client.call("endpoints.importable", {}));
    await tolerate(client.call("backups.create", {}));
    await tolerate(client.call("logs.read", { level: "debug", limit: 1000 }));
    for (const hideNames of [true, false]) await tolerate(client.call("diagnostics.preview", { hideNames }));
    say("metrics", await (await fetch(`${host.origin}/metrics`)).text());
  }, 120_000);

  it("are not left in the window's heap, also not the one that was typed there", async () => {
    browser = await launchChromium(["--js-flags=--heap-snapshot-string-limit=100000000"]);
    const context = await browser.newContext();
    await enterHost(context, host);
    const page = await context.newPage();
    await page.goto(host.origin);
    // A second try finds it as the first one did.
    await host.client.call("secrets.unlock", { passphrase: canaries.passphrase });
    await typeIn(page);
    await host.client.call("secrets.lock", {});
    await unlockIn(page);
    const heap = await heapOf(page);
    // A snapshot without what the window shows would make this test blind.
    expect(heap).toContain(registries.identityToken.host);
    expect(heap).toContain(registries.typed.host);
    expect(registries.typed.given.join("\n")).toContain(canaries.typed);
    expect(leaksOf(canaries, [{ where: "heap", text: heap }])).toEqual([]);
  }, 120_000);

  /** As a person adds a registry, whose check fails, and saves it all the same. */
  async function typeIn(page: Page): Promise<void> {
    await page.getByRole("navigation").getByText("Registries", { exact: true }).click();
    await page.getByRole("button", { name: "Add registry…" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a registry" });
    await dialog.getByRole("textbox", { name: "Address" }).fill(registries.typed.host);
    await dialog.getByRole("textbox", { name: "User name (optional)" }).fill(canaryUser);
    await dialog.getByLabel("Password or token").fill(canaries.typed);
    await dialog.getByRole("button", { name: "Check", exact: true }).click();
    await dialog.getByRole("button", { name: "Save anyway" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("row", { name: registries.typed.host }).first().waitFor();
  }

  /** With the wrong passphrase first. */
  async function unlockIn(page: Page): Promise<void> {
    await page.getByRole("button", { name: /^Vault locked/ }).click();
    const dialog = page.getByRole("dialog", { name: "Unlock the vault" });
    const field = dialog.getByLabel("Passphrase", { exact: true });
    await field.fill(canaries.wrongPassphrase);
    await dialog.getByRole("button", { name: "Unlock", exact: true }).click();
    await dialog.getByText("This is not the vault's passphrase.").waitFor();
    await field.fill(canaries.passphrase);
    await dialog.getByRole("button", { name: "Unlock", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    expect((await host.client.call("secrets.status", {})).locked).toBe(false);
  }

  it("fail on the command line with each of them", async () => {
    const debug = ["--log-level", "debug"];
    const file = (name: string, what: string): string => join(home.path, "out", `${name}-${what}.json`);
    for (const name of Object.keys(leaky) as LeakyName[]) {
      if (inWindowOnly.has(name)) continue;
      const { host: at } = registries[name];
      const password = name === "stdin";
      const input = password ? `${canaries.stdin}\n` : "";
      const only = password ? ["--username", canaryUser, "--password-stdin"] : [];
      const target = password ? ["--destination-username", canaryUser, "--destination-password-stdin"] : [];
      const [one, other] = name === "signature" ? [at, guarded.host] : [source.host, at];
      await cli(`ls ${name}`, input, "ls", at, "--json", ...only, ...debug);
      const files = ["--report", file(name, "report"), "--metrics-file", file(name, "metrics")];
      const copy = ["copy", `${one}/team/app:v1`, `${other}/team/copied:v1`, ...target, ...debug];
      expect(await cli(`copy ${name}`, input, ...copy, "--json", ...files), name).not.toBe(0);
      expect(await cli(`copy ${name} with events`, input, ...copy, "--events"), name).not.toBe(0);
    }
    const login = (at: string): string[] => [
      "login",
      at,
      "--username",
      canaryUser,
      "--password-stdin",
      ...debug,
    ];
    expect(await cli("login stdin", `${canaries.stdin}\n`, ...login(registries.stdin.host))).not.toBe(0);
    expect(await cli("login", `${canaries.saved}\n`, ...login(guarded.host), "--json")).toBe(0);
    const writes = ["--probe", "--write", "--repository", "team/probed"];
    expect(await cli("auth test", "", "auth", "test", guarded.host, ...writes, "--json", ...debug)).toBe(0);
    for (const name of ["identityToken", "dockerPassword", "podman", "helper", "brokenHelper"] as const)
      expect(
        await cli(`auth test ${name}`, "", "auth", "test", registries[name].host, "--probe", ...debug),
        name,
      ).not.toBe(0);
    expect(await cli("logout", "", "logout", guarded.host, ...debug)).toBe(0);
    for (const name of ["environment", "entered", "cloudKey", "proxied"])
      await cli(`ls ${name}`, "", "ls", name, "--json", ...debug);
    expect([0, 1, 4]).toContain(await cli("doctor", "", "doctor", "--json", ...debug));
    expect(await cli("runs", "", "runs", "--json", ...debug)).toBe(0);
  }, 180_000);

  it("went out to their own registries, so that there was something to leak", () => {
    for (const name of [
      "entered",
      "dockerPassword",
      "identityToken",
      "podman",
      "helper",
      "environment",
      "stdin",
      "proxy",
    ] as const)
      expect(registries[name].given.join("\n"), name).toContain(canaries[name]);
    expect(registries.cloudToken.given.join("\n")).toContain(canaries.cloudKey);
    const errors = said.map(({ text }) => text).join("\n");
    expect(errors).toContain(registries.identityToken.host);
    expect(errors).toContain("these credentials are wrong");
    expect(errors).toContain("this address has expired");
  });

  it("stand in no output, log, event, database, report, export or diagnostics", async () => {
    await host.stop();
    say("frames", host.frames.join("\n"));
    say("host stdout", host.process.stdout);
    say("host stderr", host.process.stderr);
    const files = await filesIn(home.path);
    expect(files.map(({ where }) => where)).toEqual(
      expect.arrayContaining(["freightliner.db", "vault.json", "logs/web.log", "out/stdin-report.json"]),
    );
    expect(files.find(({ where }) => where === "logs/web.log")?.text).toContain('"msg":"request"');
    const { cookie, key } = host.entry;
    const session = { cookie: cookie.slice(cookie.indexOf("=") + 1), pageKey: key };
    expect(leaksOf({ ...canaries, ...session }, [...said, ...files])).toEqual([]);
  });

  async function heapOf(page: Page): Promise<string> {
    const session: CDPSession = await page.context().newCDPSession(page);
    const chunks: string[] = [];
    session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
    await session.send("HeapProfiler.enable");
    for (let round = 0; round < 3; round++) await session.send("HeapProfiler.collectGarbage");
    await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
    await session.detach();
    return chunks.join("");
  }
});
