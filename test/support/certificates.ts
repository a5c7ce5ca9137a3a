// Certificates made by openssl for one test: an authority of its own, servers' and clients' certificates by it.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./child.ts";

export interface KeyPair {
  /** PEM files. */
  readonly cert: string;
  readonly key: string;
}

export interface LeafOptions {
  readonly use?: "server" | "client";
  /** As openssl writes them; 127.0.0.1 and localhost where it is not said. */
  readonly names?: string;
  readonly days?: number;
}

async function openssl(...args: string[]): Promise<Buffer> {
  const made = await runCommand("openssl", args);
  if (made.code !== 0) throw new Error(`openssl ${args[0]} failed: ${made.stderr}`);
  return made.stdout;
}

const newKey = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes".split(" ");

export class TestAuthority implements KeyPair {
  readonly #folder: string;
  readonly cert: string;
  readonly key: string;

  private constructor(folder: string, name: string) {
    this.#folder = folder;
    this.cert = join(folder, `${name}.pem`);
    this.key = join(folder, `${name}.key`);
  }

  static async make(folder: string, name = "authority"): Promise<TestAuthority> {
    const made = new TestAuthority(folder, name);
    await openssl(
      ...["req", "-x509", ...newKey, "-days", "2", "-keyout", made.key, "-out", made.cert],
      ...["-subj", `/O=Freightliner tests/CN=${name}`, "-addext", "keyUsage=critical,keyCertSign,cRLSign"],
    );
    return made;
  }

  /** A certificate by this authority, with its own key. */
  async issue(name: string, { use = "server", names, days = 2 }: LeafOptions = {}): Promise<KeyPair> {
    const pair = { cert: join(this.#folder, `${name}.crt`), key: join(this.#folder, `${name}.key`) };
    const request = join(this.#folder, `${name}.csr`);
    const extensions = join(this.#folder, `${name}.ext`);
    await openssl("req", "-new", ...newKey, "-keyout", pair.key, "-out", request, "-subj", `/CN=${name}`);
    await writeFile(
      extensions,
      [
        "basicConstraints=critical,CA:FALSE",
        `extendedKeyUsage=${use}Auth`,
        ...(use === "server" ? [`subjectAltName=${names ?? "DNS:localhost,IP:127.0.0.1"}`] : []),
      ].join("\n"),
    );
    await openssl(
      ...["x509", "-req", "-in", request, "-CA", this.cert, "-CAkey", this.key, "-CAcreateserial"],
      ...["-days", String(days), "-extfile", extensions, "-out", pair.cert],
    );
    return pair;
  }
}

/** The same key behind a passphrase. */
export async function encryptKey(key: string, passphrase: string): Promise<string> {
  const file = `${key}.encrypted`;
  await openssl("pkey", "-in", key, "-aes256", "-passout", `pass:${passphrase}`, "-out", file);
  return file;
}

/** The pin of a certificate's key, by openssl's own reading of it. */
export async function pinOfFile(cert: string): Promise<string> {
  const key = `${cert}.pub`;
  await writeFile(key, await openssl("x509", "-in", cert, "-noout", "-pubkey"));
  const der = await openssl("pkey", "-pubin", "-in", key, "-outform", "DER");
  return `sha256/${createHash("sha256").update(der).digest("base64")}`;
}

export async function readPair(pair: KeyPair): Promise<{ readonly cert: string; readonly key: string }> {
  return { cert: await readFile(pair.cert, "utf8"), key: await readFile(pair.key, "utf8") };
}
