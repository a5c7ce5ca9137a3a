// Certificates and keys in files: read with a limit, and checked before a handshake fails without a reason.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { FreightlinerError } from "../../../shared/errors.ts";

/** A bundle of all the world's authorities has half of that. */
const maxPem = 1024 * 1024;

function unusable(operation: string, message: string, cause?: unknown): FreightlinerError {
  return new FreightlinerError({ code: "configuration", operation, message, cause });
}

/** Which file and of which registry, for messages. */
export interface PemPlace {
  readonly path: string;
  readonly host: string;
}

async function readPem({ path, host }: PemPlace, what: string): Promise<string> {
  const operation = `read-${what.replaceAll(" ", "-")}-file`;
  try {
    // Opening a pipe that nobody writes to would wait without end.
    if (!(await stat(path)).isFile()) throw new Error("It is no file.");
    const file = await open(path, "r");
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(maxPem + 1), 0, maxPem + 1, 0);
      if (bytesRead <= maxPem) return buffer.toString("latin1", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unusable(
      operation,
      `The ${what} file "${path}" of ${host} cannot be read; a PEM file was expected.`,
      cause,
    );
  }
  throw unusable(operation, `The ${what} file "${path}" of ${host} is larger than ${maxPem} bytes.`);
}

const certificateBlock = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/;

/** @throws FreightlinerError `configuration` that names the file. */
export async function readAuthorities(place: PemPlace): Promise<string> {
  const text = await readPem(place, "certificate");
  assertCertificate(text, place, "certificate");
  return text;
}

/** The first certificate of the text. */
function assertCertificate(text: string, { path, host }: PemPlace, what: string): X509Certificate {
  if (certificateBlock.test(text)) {
    try {
      return new X509Certificate(text);
    } catch (cause) {
      throw unusable(
        `read-${what}-file`,
        `The ${what} file "${path}" of ${host} is damaged: it is no certificate.`,
        cause,
      );
    }
  }
  throw unusable(
    `read-${what}-file`,
    `The ${what} file "${path}" of ${host} cannot be used: it holds no certificate in PEM form.`,
  );
}

export interface ClientFiles {
  readonly cert: string;
  readonly key: string;
}

/**
 * A client's certificate with its key, which belong together.
 * @throws FreightlinerError `configuration`: unreadable, no PEM, an encrypted key, or a key of another certificate.
 */
export async function readClient(files: ClientFiles, host: string): Promise<{ cert: string; key: string }> {
  const cert = await readPem({ path: files.cert, host }, "client certificate");
  const key = await readPem({ path: files.key, host }, "client key");
  const certificate = assertCertificate(cert, { path: files.cert, host }, "client certificate");
  const operation = "read-client-key-file";
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(key))
    throw unusable(
      operation,
      `The client key file "${files.key}" of ${host} is protected by a passphrase; a key without one was expected (openssl pkey writes it).`,
    );
  let fits: boolean;
  try {
    fits = certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    // The cause may quote the key.
    throw unusable(
      operation,
      `The client key file "${files.key}" of ${host} holds no private key in PEM form.`,
    );
  }
  if (!fits)
    throw unusable(
      operation,
      `The client key "${files.key}" of ${host} does not belong to the certificate "${files.cert}".`,
    );
  return { cert, key };
}
