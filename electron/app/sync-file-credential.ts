// Where the credential of a sync file's registry is looked for: names of places and of variables, never a secret.
import { z } from "zod";
import { type CredentialChoice, credentialChoiceSchema } from "../../shared/endpoint.ts";
import { isRepositoryName } from "../../shared/reference.ts";
import { chosen, isObject, strict } from "./sync-file-strict.ts";
import type { Path } from "./sync-file-text.ts";

/** `none`: no credential is looked for. What is relative in it is relative to the file. */
export type CredentialEntry = CredentialChoice | { readonly from: "none" };

const words = ["automatic", "docker-config", "podman", "saved", "none", "cloud"] as const;
const wordSchema = z.enum(words);

const expectation = `expected one of ${words.join(", ")}, helper:NAME, or one of podman, cloud, environment with its keys`;

const textOf = (longest: number) => z.string().min(1).max(longest).optional();

const wordOrHelperSchema = z.string({ error: expectation }).transform((text, context): CredentialEntry => {
  const word = wordSchema.safeParse(text).data;
  if (word !== undefined) return { from: word };
  const named = credentialChoiceSchema.safeParse({
    from: "helper",
    name: /^helper:(.*)$/.exec(text)?.[1],
  }).data;
  if (named !== undefined) return named;
  context.issues.push({ code: "custom", message: expectation, input: text });
  return z.NEVER;
});

/** Capitals only: what is a password by mistake is seldom written so, and is refused instead of looked for. */
const variableSchema = (example: string) => {
  const error = `expected the name of a variable in capitals, like ${example}; what it holds does not belong in this file`;
  return z.string({ error }).regex(/^[A-Z_][A-Z0-9_]{0,199}$/, error);
};

const keyedSchema = strict({
  podman: strict({
    namespace: z.string().max(255).refine(isRepositoryName, "expected a path like team/tools").optional(),
  }).optional(),
  cloud: strict({
    profile: textOf(200),
    key_file: textOf(4096),
    tenant: textOf(200),
    client: textOf(200),
  }).optional(),
  environment: strict({
    username: variableSchema("REGISTRY_USER"),
    password: variableSchema("REGISTRY_PASSWORD"),
  }).optional(),
}).transform((entry, context): CredentialEntry => {
  const [only, another] = Object.keys(entry);
  if (another === undefined && only !== undefined) {
    if (entry.podman !== undefined) return { from: "podman", ...entry.podman };
    if (entry.environment !== undefined) return { from: "environment", ...entry.environment };
    if (entry.cloud !== undefined) {
      const { key_file, ...cloudKeys } = entry.cloud;
      return { from: "cloud", ...cloudKeys, ...(key_file === undefined ? {} : { keyFile: key_file }) };
    }
  }
  context.issues.push({ code: "custom", message: expectation, input: entry });
  return z.NEVER;
});

export const credentialSchema = chosen<CredentialEntry>((value) =>
  isObject(value) ? keyedSchema : wordOrHelperSchema,
);

/** As the file says it; undefined for what need not be said. */
export function credentialText(choice: CredentialChoice): string | object | undefined {
  switch (choice.from) {
    case "automatic":
      return undefined;
    case "helper":
      return `helper:${choice.name}`;
    case "environment":
      return { environment: { username: choice.username, password: choice.password } };
    case "podman":
      return choice.namespace === undefined ? "podman" : { podman: { namespace: choice.namespace } };
    case "cloud": {
      const { from: _, keyFile: file, ...keys } = choice;
      const all = { ...keys, ...(file === undefined ? {} : { key_file: file }) };
      return Object.values(all).every((value) => value === undefined) ? "cloud" : { cloud: all };
    }
    default:
      return choice.from;
  }
}

/** The one key that sounds like a secret and holds the name of a variable, which its schema checks. */
export function namesVariable(path: Path): boolean {
  const inProfile = path[0] === "profiles" && path[2] === "registries";
  if (path[0] !== "registries" && !inProfile) return false;
  const key = path.slice(inProfile ? 4 : 2);
  return key.join(".") === "credential.environment.password" && key.length === 3;
}
