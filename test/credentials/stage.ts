// Credentials over files, variables and helper programs that a test writes.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { CredentialOwner, OwnerSettings } from "../../electron/credentials/credential-source.ts";
import { Credentials, type CredentialsOptions } from "../../electron/credentials/credentials.ts";
import type { SecretBox } from "../../electron/credentials/secret-box/secret-box.ts";
import type { Credential } from "../../electron/engine/credential.ts";

export const never = new AbortController().signal;

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "freightliner-credentials-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

export function password(username: string, secret: string): Credential {
  return { kind: "password", username, password: secret };
}

/** A box of which a test turns the key. */
export class TestBox implements SecretBox {
  readonly place = "vault";
  locked = false;
  problem: string | null = null;
  readonly secrets = new Map<string, string>();
  asked = 0;

  keys(): readonly string[] {
    return [...this.secrets.keys()];
  }
  async get(key: string): Promise<string | undefined> {
    this.asked += 1;
    this.#open();
    return this.secrets.get(key);
  }
  async set(key: string, secret: string): Promise<void> {
    this.#open();
    this.secrets.set(key, secret);
  }
  async remove(key: string): Promise<void> {
    this.secrets.delete(key);
  }
  #open(): void {
    if (this.locked) throw Object.assign(new Error("locked"), { code: "locked" });
  }
}

export function credentialsOf(options: Partial<CredentialsOptions> = {}): Credentials {
  return new Credentials({
    box: new TestBox(),
    dockerConfigFile: undefined,
    podmanAuthFiles: [],
    environment: { PATH: process.env.PATH },
    helperPath: "",
    clouds: { find: () => undefined, awsKey: () => Promise.reject(new Error("there is no cloud here")) },
    ...options,
  });
}

/** A file with this content. */
export function fileWith(content: unknown, name = "config.json"): string {
  const file = join(folder(), name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

/** Credentials over a config.json with this content. */
export function withConfig(config: unknown, options: Partial<CredentialsOptions> = {}) {
  const file = fileWith(config);
  return { file, credentials: credentialsOf({ dockerConfigFile: file, ...options }) };
}

export function owner(host: string, settings: Partial<OwnerSettings> = {}, id = "one"): CredentialOwner {
  return { id, registry: { host, ...settings } };
}

export function get(
  credentials: Credentials,
  host: string | CredentialOwner,
  signal = never,
  refused?: Credential,
): Promise<Credential | undefined> {
  return credentials.provider(typeof host === "string" ? owner(host) : host).get(signal, refused);
}

/** A real helper program: a shell script that writes down what it was asked. */
export function helper(script: string, name = "test") {
  const path = folder();
  const file = join(path, `docker-credential-${name}`);
  writeFileSync(file, `#!/bin/sh\necho "$1" >> "${path}/asked"\ncat >> "${path}/asked"\n${script}\n`);
  chmodSync(file, 0o755);
  return { path, asked: () => readFileSync(join(path, "asked"), "utf8") };
}

export const helperAnswer = `echo '{"ServerURL":"x","Username":"ada","Secret":"lovelace"}'`;
