// What may stand of a registry in a sync file (docs/sync-files.md): its address, and how it is reached and used.
import { z } from "zod";
import { mirrorSchema, publicKeyPinSchema, registrySettingsSchema } from "../../shared/endpoint.ts";
import { type ProviderId, providerIdSchema } from "../../shared/provider.ts";
import { isHost } from "../../shared/reference.ts";
import { splitLocation } from "../registry/network/registries-conf.ts";
import { credentialSchema } from "./sync-file-credential.ts";
import { chosen, isObject, speedSchema, strict } from "./sync-file-strict.ts";

/** Other words for them, and software that is nothing special: what it can do is found out by asking it. */
const otherKinds = { gar: "google", gcr: "google", gitea: undefined, other: undefined } as const;
const otherKindSchema = z.enum(["gar", "gcr", "gitea", "other"]);

/** Undefined where the host's name decides. */
export function providerOfKind(kind: Kind | undefined): ProviderId | undefined {
  const other = otherKindSchema.safeParse(kind).data;
  return other === undefined ? providerIdSchema.safeParse(kind).data : otherKinds[other];
}

const kindSchema = z.enum([...providerIdSchema.options, ...otherKindSchema.options]);
type Kind = z.infer<typeof kindSchema>;

const noUser = "a URL here holds no user name or password";

const addressSchema = z.string().superRefine((text, context) => {
  const found = /^https?:\/\/([^/]*)\/*$/.exec(text);
  const authority = found?.[1] ?? "";
  if (authority.includes("@")) context.addIssue(`${noUser}; sign in with docker login instead`);
  else if (!isHost(authority))
    context.addIssue("expected a URL without a path, like https://registry.example");
});

const hostSchema = z.string().refine(isHost, "expected host or host:port, like localhost:5000");

/** A URL as the settings take it, which has a place for a secret that stays empty. */
function bareUrl(settings: z.ZodType<string | undefined>, expectation: string, instead: string) {
  return z.string({ error: expectation }).superRefine((text, context) => {
    if (!settings.safeParse(text).success) return context.addIssue(expectation);
    const { username, password } = URL.canParse(text) ? new URL(text) : { username: "", password: "" };
    if (username !== "" || password !== "") context.addIssue(`${noUser}; ${instead}`);
  });
}

const { apiUrl, proxy, connections } = registrySettingsSchema.shape;
const fileSchema = z.string().min(1).max(4096);

const locationExpectation = "expected host[:port][/path], like mirror.example/hub";
const locationSchema = z
  .string({ error: locationExpectation })
  .max(512)
  .refine(isLocation, locationExpectation);

function isLocation(text: string): boolean {
  try {
    splitLocation(text);
    return true;
  } catch {
    return false;
  }
}

const mirrorEntrySchema = chosen((value) =>
  isObject(value)
    ? strict({
        location: locationSchema,
        plain_http: z.boolean().optional(),
        insecure_skip_verify: z.boolean().optional(),
        pull: mirrorSchema.shape.pull.unwrap().optional(),
      }).transform(({ location, plain_http, insecure_skip_verify, pull }) =>
        mirrorSchema.parse({
          ...{ location, pull },
          ...{ plainHttp: plain_http, insecureSkipVerify: insecure_skip_verify },
        }),
      )
    : locationSchema.transform((location) => mirrorSchema.parse({ location })),
);

const pinExpectation =
  "expected sha256/ and the key's SHA-256 in base64, as a check of the registry shows it";
const pinSchema = z
  .string({ error: pinExpectation })
  .refine((text) => publicKeyPinSchema.safeParse(text).success, pinExpectation);

/** Of folders and archives too. */
const placeKeys: ReadonlySet<string> = new Set(["layout", "archive", "format", "read_only"]);

export const registrySchema = strict({
  url: addressSchema.optional(),
  host: hostSchema.optional(),
  /** A folder, relative to the file. */
  layout: fileSchema.optional(),
  /** A file, relative to the file: an OCI archive, or to read from one that docker saved. */
  archive: fileSchema.optional(),
  /** Of an archive. */
  format: z.enum(["oci", "docker"]).optional(),
  kind: kindSchema.optional(),
  api_url: bareUrl(
    apiUrl,
    "expected a URL, like https://registry.example/api",
    "its API is asked with the registry's own credential",
  ).optional(),
  credential: credentialSchema.optional(),
  /** Other hosts that give out its tokens. The word for what they give sounds like a secret. */
  sign_in_hosts: z.array(hostSchema).max(8).optional(),
  read_only: z.boolean().optional(),
  create_repositories: z.boolean().optional(),
  ca: fileSchema.optional(),
  client_cert: fileSchema.optional(),
  client_key: fileSchema.optional(),
  pins: z.array(pinSchema).max(8).optional(),
  tls13_only: z.boolean().optional(),
  plain_http: z.boolean().optional(),
  insecure_skip_verify: z.boolean().optional(),
  proxy: bareUrl(
    proxy,
    "expected none or a URL, like http://proxy.example:3128",
    "write proxy_sign_in: true and enter them in the window",
  ).optional(),
  /** True = they were entered for the saved registry of that name. */
  proxy_sign_in: z.boolean().optional(),
  mirrors: z.array(mirrorEntrySchema).max(8).optional(),
  connections: connections.unwrap().optional(),
  adaptive: z.boolean().optional(),
  bandwidth: speedSchema.optional(),
}).superRefine((registry, context) => {
  const refuse = (key: string, message: string): void =>
    context.addIssue({ code: "custom", path: [key], message });
  const named = [registry.url, registry.host, registry.layout, registry.archive].filter(
    (place) => place !== undefined,
  );
  if (named.length !== 1) context.addIssue("expected exactly one of url, host, layout, archive");
  if (registry.url?.startsWith("https:") && registry.plain_http === true)
    refuse("plain_http", "an https URL and plain_http contradict each other");
  if ((registry.client_cert === undefined) !== (registry.client_key === undefined))
    refuse(
      registry.client_key === undefined ? "client_cert" : "client_key",
      "client_cert and client_key belong together; expected both or none",
    );
  if (registry.proxy_sign_in === true && (registry.proxy === undefined || registry.proxy === "none"))
    refuse("proxy_sign_in", "expected the URL of a proxy beside it");
  if (registry.format !== undefined && registry.archive === undefined)
    refuse("format", "only an archive has a format");
  if (registry.layout === undefined && registry.archive === undefined) return;
  for (const key of Object.keys(registry))
    if (!placeKeys.has(key)) refuse(key, "a layout folder or an archive takes no connection settings");
});
export type RegistryEntry = z.infer<typeof registrySchema>;
