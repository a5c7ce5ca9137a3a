// The real docker-registry (distribution 2.8) as a process of its own on a free loopback port.
import type { ChildProcess } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AccessLogLine, AccessLogReader } from "./access-log.ts";
import { endChild, freePort, runCommand, startChild } from "./child.ts";
import { rawRequest } from "./raw-http.ts";
import { tempFolder } from "./temp.ts";

export interface RealRegistryOptions {
  /** With a password: every request needs Basic credentials (htpasswd). */
  readonly user?: string;
  readonly password?: string;
  /** `storage.delete.enabled`; false by default, as in the field. */
  readonly delete?: boolean;
  /** Serves https with a new self-signed certificate for 127.0.0.1 and localhost. */
  readonly tls?: boolean;
}

export interface RealRegistry {
  /** `127.0.0.1:PORT`, as registries are addressed. */
  readonly host: string;
  readonly port: number;
  /** Its own temporary folder: `data/` is the store, beside it its configuration. */
  readonly folder: string;
  /** The store's root: holds `docker/registry/v2`. */
  readonly dataFolder: string;
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  /** PEM file of the certificate, with `tls`. */
  readonly certificateFile?: string;
  readonly pid: number;
  /** Every request answered so far, in order of completion. Our own probes are left out. */
  accessLog(): Promise<readonly AccessLogLine[]>;
  /** Forgets the lines so far. */
  clearAccessLog(): Promise<void>;
  /** What it wrote to stderr. */
  errors(): string;
  /** Ends the process with SIGTERM and keeps the folder; safe to call twice. */
  halt(): Promise<void>;
  /** Kills the process at once; the folder stays, `restart()` may follow. */
  kill9(): Promise<void>;
  /** (Re)starts on the same port and folder. */
  restart(): Promise<void>;
  /** Ends the process and removes the folder. */
  stop(): Promise<void>;
}

/** Starts one and waits until `GET /v2/` answers. */
export async function startRealRegistry(options: RealRegistryOptions = {}): Promise<RealRegistry> {
  for (let attempt = 1; ; attempt += 1) {
    const registry = new RegistryProcess(options, (await tempFolder("registry")).path, await freePort());
    try {
      await registry.prepare();
      await registry.restart();
      return registry;
    } catch (thrown) {
      await registry.stop();
      // Another process may have taken the free port in between.
      if (attempt >= 3) throw thrown;
    }
  }
}

class RegistryProcess implements RealRegistry {
  readonly host: string;
  readonly port: number;
  readonly folder: string;
  readonly dataFolder: string;
  readonly url: string;
  declare readonly user?: string;
  declare readonly password?: string;
  declare readonly certificateFile?: string;
  readonly #options: RealRegistryOptions;
  readonly #log = new AccessLogReader();
  #child: ChildProcess | undefined;
  #stderr = "";

  constructor(options: RealRegistryOptions, folder: string, port: number) {
    this.#options = options;
    this.folder = folder;
    this.dataFolder = join(folder, "data");
    this.port = port;
    this.host = `127.0.0.1:${port}`;
    this.url = `${options.tls === true ? "https" : "http"}://${this.host}`;
    if (options.user !== undefined) this.user = options.user;
    if (options.password !== undefined) this.password = options.password;
    if (options.tls === true) this.certificateFile = join(folder, "server.crt");
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async prepare(): Promise<void> {
    const { user, password } = this.#options;
    if (user !== undefined) {
      const made = await runCommand("htpasswd", ["-Bbn", user, password ?? ""]);
      if (made.code !== 0) throw new Error(`htpasswd failed: ${made.stderr}`);
      await writeFile(join(this.folder, "htpasswd"), made.stdout);
    }
    if (this.certificateFile !== undefined) await makeCertificate(this.folder);
    await writeFile(join(this.folder, "config.yml"), JSON.stringify(this.#configuration(), null, 2));
  }

  /** JSON is YAML, so this is the registry's configuration file. */
  #configuration(): unknown {
    const { folder } = this;
    return {
      version: 0.1,
      log: { level: "error" },
      storage: {
        filesystem: { rootdirectory: this.dataFolder },
        delete: { enabled: this.#options.delete === true },
      },
      http: {
        addr: this.host,
        // Fixed, so that upload sessions (signed `_state`) outlive a restart.
        secret: "freightliner-tests",
        ...(this.certificateFile === undefined
          ? {}
          : { tls: { certificate: this.certificateFile, key: join(folder, "server.key") } }),
      },
      ...(this.user === undefined
        ? {}
        : { auth: { htpasswd: { realm: "Registry", path: join(folder, "htpasswd") } } }),
    };
  }

  async restart(): Promise<void> {
    await this.halt();
    const child = startChild("docker-registry", ["serve", join(this.folder, "config.yml")], {
      env: { PATH: process.env.PATH, OTEL_TRACES_EXPORTER: "none" },
    });
    this.#child = child;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#log.add(text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-100_000);
    });
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline) {
      if (child.exitCode !== null) throw new Error(`docker-registry ended at once: ${this.#stderr}`);
      const reply = await rawRequest(this, "/v2/?probe=ready").catch(() => undefined);
      if (reply?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`docker-registry did not answer on ${this.url} within 20 s: ${this.#stderr}`);
  }

  async accessLog(): Promise<readonly AccessLogLine[]> {
    const running = this.#child;
    // A probe of our own comes last in the log, so every request answered before it is there.
    if (running?.exitCode === null && running.signalCode === null) {
      const marker = `probe=${this.#log.nextMarker()}`;
      await rawRequest(this, `/v2/?${marker}`);
      await this.#log.waitFor(marker);
    }
    return this.#log.lines();
  }

  async clearAccessLog(): Promise<void> {
    await this.accessLog();
    this.#log.clear();
  }

  errors(): string {
    return this.#stderr;
  }

  async halt(): Promise<void> {
    if (this.#child !== undefined) await endChild(this.#child);
  }

  async kill9(): Promise<void> {
    if (this.#child !== undefined) await endChild(this.#child, "SIGKILL");
  }

  async stop(): Promise<void> {
    await this.halt();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

async function makeCertificate(folder: string): Promise<void> {
  const made = await runCommand("openssl", [
    ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split(" "),
    ...["-keyout", join(folder, "server.key"), "-out", join(folder, "server.crt"), "-subj", "/CN=localhost"],
    ...["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
  ]);
  if (made.code !== 0) throw new Error(`openssl failed: ${made.stderr}`);
}
