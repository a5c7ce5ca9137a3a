// The vault's file: a header in the open, and each secret sealed under a key that only the passphrase gives.
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import { z } from "zod";
import { boxError } from "./secret-box.ts";

/**
 * https://www.rfc-editor.org/rfc/rfc7914 and https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt:
 * 128 MiB and half a second for each guess.
 */
const cost = { n: 2 ** 17, r: 8, p: 1 } as const;
/** A header that somebody else wrote may ask for so many bytes, and rounds, at most. */
const mostMemory = 512 * 1024 * 1024;
const mostRounds = 4;
/** https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf section 8.2.2: 96 random bits each time. */
const ivLength = 12;
const tagLength = 16;
const keyLength = 32;
const checkText = "freightliner";

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/);

const kdfSchema = z
  .object({
    name: z.literal("scrypt"),
    n: z.number().int().min(cost.n),
    r: z.number().int().min(cost.r),
    p: z.number().int().min(1).max(mostRounds),
    salt: base64.length(44),
  })
  .refine(({ n }) => Number.isInteger(Math.log2(n)))
  .refine(({ n, r }) => 128 * n * r <= mostMemory);

const vaultSchema = z.object({
  format: z.literal("freightliner-vault"),
  version: z.literal(1),
  kdf: kdfSchema,
  /** A text that is known, to tell a wrong passphrase from a damaged secret. */
  check: base64,
  secrets: z.record(z.string(), base64),
});
export type Vault = z.infer<typeof vaultSchema>;
type Header = Pick<Vault, "format" | "version" | "kdf">;

/** @throws FreightlinerError `configuration` that names the file. */
export function parseVault(text: string, path: string): Vault {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unreadable(path, "it is not JSON");
  }
  const parsed = vaultSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const newer = z.object({ version: z.number().int().min(2) }).safeParse(json).success;
  throw newer
    ? unreadable(path, "a newer Freightliner wrote it")
    : unreadable(path, `"${parsed.error.issues[0]?.path.join(".") ?? ""}" is not what was expected there`);
}

export function vaultText(vault: Vault): string {
  return `${JSON.stringify(vault, null, 2)}\n`;
}

function unreadable(path: string, why: string): Error {
  return boxError(
    "configuration",
    "read-vault",
    `The vault ${path} cannot be read: ${why}. Put a copy of it back, or move it away to begin a new one.`,
  );
}

/** A vault without secrets, and its key. */
export async function newVault(passphrase: string): Promise<{ readonly vault: Vault; readonly key: Buffer }> {
  const kdf = { name: "scrypt", ...cost, salt: randomBytes(32).toString("base64") } as const;
  const header = { format: "freightliner-vault", version: 1, kdf } as const;
  const key = await derive(passphrase, kdf);
  return { vault: { ...header, check: seal(key, checkText, header, "check"), secrets: {} }, key };
}

/** The vault's key; undefined for a wrong passphrase. */
export async function openVault(vault: Vault, passphrase: string): Promise<Buffer | undefined> {
  const key = await derive(passphrase, vault.kdf);
  if (unseal(key, vault.check, vault, "check") === checkText) return key;
  key.fill(0);
  return undefined;
}

export function sealSecret(key: Buffer, vault: Header, name: string, secret: string): string {
  return seal(key, secret, vault, `secret ${name}`);
}

/** @throws FreightlinerError `configuration` where it was changed by somebody else, or belongs to another name. */
export function openSecret(key: Buffer, vault: Vault, name: string): string | undefined {
  const sealed = Object.hasOwn(vault.secrets, name) ? vault.secrets[name] : undefined;
  if (sealed === undefined) return undefined;
  const secret = unseal(key, sealed, vault, `secret ${name}`);
  if (secret !== undefined) return secret;
  throw boxError(
    "configuration",
    "read-vault",
    `What the vault keeps as ${name} was damaged or changed by something else; enter it anew.`,
  );
}

// Each needs 128 MiB while it runs: one at a time, however many ask.
let deriving: Promise<unknown> = Promise.resolve();

function derive(passphrase: string, { n, r, p, salt }: Vault["kdf"]): Promise<Buffer> {
  const mine = deriving.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        // One spelling for what looks the same, however a keyboard composes it.
        const typed = Buffer.from(passphrase.normalize("NFKC"), "utf8");
        const options = { N: n, r, p, maxmem: 128 * n * r + 32 * 1024 * 1024 };
        scrypt(typed, Buffer.from(salt, "base64"), keyLength, options, (error, key) => {
          typed.fill(0);
          if (error === null) resolve(key);
          else reject(boxError("internal", "derive-key", "The vault's key could not be derived.", error));
        });
      }),
  );
  deriving = mine.catch(() => undefined);
  return mine;
}

/** What is sealed is bound to the header and to its place in the file. */
function associated({ format, version, kdf }: Header, place: string): Buffer {
  const { name, n, r, p, salt } = kdf;
  return Buffer.from(JSON.stringify([format, version, name, n, r, p, salt, place]), "utf8");
}

function seal(key: Buffer, text: string, header: Header, place: string): string {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: tagLength });
  cipher.setAAD(associated(header, place));
  return Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]).toString(
    "base64",
  );
}

/** Undefined where it is not what was sealed with this key, header and place. */
function unseal(key: Buffer, sealed: string, header: Header, place: string): string | undefined {
  const bytes = Buffer.from(sealed, "base64");
  if (bytes.length < ivLength + tagLength) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, ivLength), {
    authTagLength: tagLength,
  });
  decipher.setAAD(associated(header, place));
  decipher.setAuthTag(bytes.subarray(-tagLength));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(ivLength, -tagLength)), decipher.final()]).toString(
      "utf8",
    );
  } catch {
    // The only thing that fails here is the tag.
    return undefined;
  }
}
