// The built command line as a person runs it: two real registries (plain, htpasswd), a data folder, JSON read back.
import { expect } from "vitest";
import { buildBundles } from "./build.ts";
import { type BuiltImage, manifestsOf } from "./image-builder.ts";
import { type ProcessEnd, type RunningProcess, runProcess, startProcess } from "./processes.ts";
import { getManifest } from "./raw-http.ts";
import { type RealRegistry, startRealRegistry } from "./real-registry.ts";
import { digestOf } from "./skopeo.ts";
import { type TempFolder, tempFolder } from "./temp.ts";

export const user = "mover";
export const password = "correct horse battery";
/** What gives a run the destination's credential. */
export const signIn = ["--destination-username", user, "--destination-password-stdin"] as const;

export interface RunItem {
  readonly source: string;
  readonly destination: string;
  readonly digest: string;
  readonly action: string;
  readonly status: string;
  readonly bytes: number;
  readonly attempts: number;
  readonly verified: boolean;
  readonly error?: {
    readonly code: string;
    readonly side: string;
    readonly operation: string;
    readonly message: string;
  };
}

export interface RunJson {
  readonly run: string | null;
  readonly status: string;
  readonly images: Readonly<Record<"total" | "copied" | "skipped" | "failed" | "deleted", number>>;
  readonly bytes: Readonly<
    Record<"to_transfer" | "transferred" | "already_present" | "mounted" | "resumed", number>
  > & { readonly unfinished?: number };
  readonly duration_ms: number;
  readonly throughput_bytes_per_s: number;
  readonly items: readonly RunItem[];
  readonly error?: { readonly code: string; readonly side: string; readonly message: string };
}

export class Stage {
  readonly source: RealRegistry;
  readonly destination: RealRegistry;
  readonly home: TempFolder;

  constructor(source: RealRegistry, destination: RealRegistry, home: TempFolder) {
    this.source = source;
    this.destination = destination;
    this.home = home;
  }

  static async open(): Promise<Stage> {
    await buildBundles("cli");
    const [source, destination, home] = await Promise.all([
      startRealRegistry(),
      startRealRegistry({ user, password }),
      tempFolder("cli"),
    ]);
    return new Stage(source, destination, home);
  }

  async close(): Promise<void> {
    await Promise.all([this.source.stop(), this.destination.stop(), this.home.remove()]);
  }

  /** Runs to the end; the destination's password is on the standard input. */
  run(...args: readonly string[]): Promise<ProcessEnd> {
    return runProcess({ home: this.home.path, args, input: `${password}\n` });
  }
  start(...args: readonly string[]): RunningProcess {
    return startProcess({ home: this.home.path, args, input: `${password}\n` });
  }

  /** The words of a replication between the two, with JSON on stdout. */
  replicateWords(...more: readonly string[]): string[] {
    const ends = ["--source", this.source.host, "--destination", this.destination.host];
    return ["replicate", ...ends, ...signIn, "--json", ...more];
  }
  /** Replicates and expects the exit code. */
  async replicate(code: number, ...more: readonly string[]): Promise<RunJson> {
    return readJson(await this.run(...this.replicateWords(...more)), code);
  }

  /** skopeo reads the same digest on both sides, and every manifest below is there byte for byte. */
  async expectSame(image: BuiltImage, repository: string, tag: string): Promise<void> {
    expect(await digestOf(this.destination, repository, tag)).toBe(image.digest);
    for (const manifest of manifestsOf(image)) {
      const found = await getManifest(this.destination, repository, manifest.digest);
      expect(found.bytes.equals(manifest.bytes), `${repository}@${manifest.digest}`).toBe(true);
      expect(found.mediaType).toBe(manifest.mediaType);
    }
  }
}

/** The one document on stdout; the exit code is checked first, with stderr in the message. */
export function readJson(end: ProcessEnd, code: number): RunJson {
  expect(end.code, `${end.stderr}\n${end.stdout.slice(0, 2000)}`).toBe(code);
  return JSON.parse(end.stdout) as RunJson;
}
