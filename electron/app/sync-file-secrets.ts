// O006: no secret stands in a file. Keys that sound like one are refused wherever they are, with where it belongs instead.
import { namesVariable } from "./sync-file-credential.ts";
import type { FileProblem, FileText, Path } from "./sync-file-text.ts";

const secretParts = [
  "password",
  "passwd",
  "passphrase",
  "secret",
  "apikey",
  "accesskey",
  "privatekey",
  "token",
  "bearer",
];
const secretWords: ReadonlySet<string> = new Set([
  "pass",
  "pwd",
  "auth",
  "authorization",
  "identity",
  "credentials",
]);

/** True for `password`, `Registry-Token`, `client_secret`, `apiKey`; not for `credential`, which names a place. */
export function soundsSecret(key: string): boolean {
  const plain = key.toLowerCase().replace(/[^a-z0-9]/g, "");
  return secretWords.has(plain) || secretParts.some((part) => plain.includes(part));
}

export const secretHint =
  "secrets do not belong in this file; sign in with docker login (or a credential helper) and write credential: docker-config";

/** What people call their registries and profiles says nothing about what stands there. */
function isName(path: Path): boolean {
  const [section, , inner] = path;
  if (path.length === 2) return section === "registries" || section === "profiles";
  return path.length === 4 && section === "profiles" && inner === "registries";
}

/** A key below a secret one is not told again. */
export function findSecrets(text: FileText): readonly FileProblem[] {
  const isSecret = (path: Path): boolean => {
    const last = path.at(-1);
    return typeof last === "string" && soundsSecret(last) && !isName(path) && !namesVariable(path);
  };
  const below = (path: Path): boolean => path.some((_, index) => index > 0 && isSecret(path.slice(0, index)));
  return [...text.keys()]
    .filter((path) => isSecret(path) && !below(path))
    .map((path) => text.keyProblem(path, secretHint));
}
