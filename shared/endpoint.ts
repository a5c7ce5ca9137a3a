// Endpoints: a registry or an OCI image layout folder that can be a source and a destination.

import { z } from "zod";
import { assertNever } from "./assert-never.ts";
import { wireErrorSchema } from "./errors.ts";
import { providerIdSchema } from "./provider.ts";

export const endpointIdSchema = z.string().regex(/^[a-z0-9]{1,40}$/);

/**
 * Where a credential came from; the secret itself is never part of any message. `entered` lies in this process's memory
 * only, `saved` in the place of secrets (secrets.ts), the others where other programs keep theirs.
 */
export const credentialSourceSchema = z.enum([
  "none",
  "entered",
  "saved",
  "docker-config",
  "docker-helper",
  "podman",
  "environment",
  "cloud",
]);
export type CredentialSource = z.infer<typeof credentialSourceSchema>;

const helperNameSchema = z.string().regex(/^[A-Za-z0-9._-]{1,100}$/);
/** A variable of the environment, by name. */
const variableSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/);

/**
 * Where the credential of a registry is looked for. `automatic`: entered or saved for it, else the environment, podman's
 * and docker's files with their helpers, else the identity of the cloud that the host belongs to.
 */
export const credentialChoiceSchema = z.discriminatedUnion("from", [
  z.object({ from: z.literal("automatic") }),
  /** Entered or saved for this registry, nothing else. */
  z.object({ from: z.literal("saved") }),
  z.object({ from: z.literal("docker-config") }),
  z.object({
    from: z.literal("podman"),
    /** Which of several sign-ins for parts of the host: the path behind the host in podman's file. */
    namespace: z.string().min(1).max(255).optional(),
  }),
  z.object({ from: z.literal("helper"), name: helperNameSchema }),
  z.object({ from: z.literal("environment"), username: variableSchema, password: variableSchema }),
  z.object({
    from: z.literal("cloud"),
    /** AWS: a profile of the shared configuration. */
    profile: z.string().min(1).max(200).optional(),
    /** Google: a file with the key of a service account, or of a workload identity. */
    keyFile: z.string().min(1).max(4096).optional(),
    /** Azure: the tenant, and the client of a managed identity. */
    tenant: z.string().min(1).max(200).optional(),
    client: z.string().min(1).max(200).optional(),
  }),
]);
export type CredentialChoice = z.infer<typeof credentialChoiceSchema>;

/** SHA-256 of a public key (SubjectPublicKeyInfo), as `sha256/<base64>`: RFC 7469 section 2.4. */
export const publicKeyPinSchema = z.string().regex(/^sha256\/[A-Za-z0-9+/]{43}=$/);

/** Where a registry may be read from instead: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md */
export const mirrorSchema = z.object({
  /** `host[:port][/prefix]`, which takes the place of the registry's own name. */
  location: z.string().min(1).max(512),
  plainHttp: z.boolean().default(false),
  insecureSkipVerify: z.boolean().default(false),
  pull: z.enum(["all", "digest-only", "tag-only"]).default("all"),
});
export type Mirror = z.infer<typeof mirrorSchema>;

/** `auto` tries HTTPS first and plain HTTP only on loopback; `always` is an explicit choice of the user. */
export const plainHttpSchema = z.enum(["never", "auto", "always"]);
export type PlainHttp = z.infer<typeof plainHttpSchema>;

export const registrySettingsSchema = z.object({
  /** `host[:port]`, no scheme, no path. */
  host: z.string().min(1).max(261),
  plainHttp: plainHttpSchema.default("auto"),
  insecureSkipVerify: z.boolean().default(false),
  /** A PEM file with further certificate authorities. */
  caFile: z.string().max(4096).optional(),
  /** The token service's host, where it differs from the registry's and is not a known pair. */
  trustedTokenHosts: z.array(z.string().max(261)).max(8).default([]),
  /** Requests at once to this host. */
  connections: z.number().int().min(1).max(64).default(8),
  /** Fewer requests where the host slows down or asks for it; false = always `connections`. True where it is not said. */
  adaptive: z.boolean().optional(),
  /** Bytes per second to and from this host together; no limit of its own where it is null or not said. */
  bandwidth: z.number().int().min(1024).nullable().optional(),
  /** True = no credential is looked for; only one that is entered is used. */
  anonymous: z.boolean().optional(),
  /** True = nothing may be written or deleted there. */
  readOnly: z.boolean().optional(),
  /** What runs there, chosen by hand; where it is not said the host's name decides, else it is any registry. */
  provider: providerIdSchema.optional(),
  /** Base of the vendor's own API (https://host[:port][/path]), where it is not the usual one. */
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .optional(),
  /** `automatic` where it is not said. */
  credential: credentialChoiceSchema.optional(),
  /** True = a repository (or its project) that is missing is made before the first write. */
  createRepositories: z.boolean().optional(),
  /** True = nothing older than TLS 1.3; TLS 1.2 is the least in any case. */
  tls13Only: z.boolean().optional(),
  /** PEM files with the client's certificate and its key; both or none. */
  clientCertFile: z.string().min(1).max(4096).optional(),
  clientKeyFile: z.string().min(1).max(4096).optional(),
  /** One of them must be a key of the server's chain. */
  pins: z.array(publicKeyPinSchema).max(8).optional(),
  /** `http(s)://host:port` without a user name; "none" = direct. The environment's proxy where it is not said. */
  proxy: z.union([z.literal("none"), z.url({ protocol: /^https?$/ }).max(2048)]).optional(),
  /** True = a user name and password for the proxy were entered; they lie with the other secrets. */
  proxySignIn: z.boolean().optional(),
  /** Tried in order before the registry itself, for reading only. */
  mirrors: z.array(mirrorSchema).max(8).optional(),
});
export type RegistrySettings = z.infer<typeof registrySettingsSchema>;

export const layoutSettingsSchema = z.object({
  /** Absolute path of the folder that holds `oci-layout` and `index.json`. */
  path: z.string().min(1).max(4096),
  /** True = nothing may be written or deleted there. */
  readOnly: z.boolean().optional(),
});

export const archiveSettingsSchema = z.object({
  /** Absolute path of the file, packed by gzip or not. */
  path: z.string().min(1).max(4096),
  /**
   * `oci`: a layout in a tar, as skopeo's oci-archive:. `docker`: what "docker save" writes; it can only be read.
   * Where it is not said, the file tells.
   */
  format: z.enum(["oci", "docker"]).optional(),
  /** True = nothing may be written or deleted there. */
  readOnly: z.boolean().optional(),
});

export const endpointSettingsSchema = z.discriminatedUnion("kind", [
  registrySettingsSchema.extend({ kind: z.literal("registry") }),
  layoutSettingsSchema.extend({ kind: z.literal("layout") }),
  archiveSettingsSchema.extend({ kind: z.literal("archive") }),
]);
export type EndpointSettings = z.infer<typeof endpointSettingsSchema>;

export const checkStepSchema = z.object({
  name: z.enum(["dns", "reachable", "tls", "registry", "sign-in", "catalog", "pull", "push", "referrers"]),
  outcome: z.enum(["passed", "failed", "warning", "skipped"]),
  /** One plain sentence. */
  text: z.string(),
  error: wireErrorSchema.optional(),
  /** Of `tls`: the server's own key, as it may be pinned. */
  pin: publicKeyPinSchema.optional(),
});
export type CheckStep = z.infer<typeof checkStepSchema>;

export const endpointHealthSchema = z.object({
  state: z.enum(["unknown", "ok", "needs-sign-in", "failing"]),
  checkedAt: z.number().nullable(),
  steps: z.array(checkStepSchema),
});
export type EndpointHealth = z.infer<typeof endpointHealthSchema>;

/** What a registry turned out to do, in the order in which it is shown. */
export const capabilityNames = [
  "sign-in",
  "catalog",
  "pull",
  "push",
  "create-repository",
  "mount",
  "chunked-upload",
  "upload-status",
  "referrers",
  "delete",
] as const;
export const registryCapabilitySchema = z.object({
  name: z.enum(capabilityNames),
  /** `unknown`: it was asked and did not say; `not-tested`: that would have had to write, or an earlier one failed. */
  answer: z.enum(["yes", "no", "unknown", "not-tested"]),
  /** One plain sentence. */
  text: z.string(),
});
export type RegistryCapability = z.infer<typeof registryCapabilitySchema>;

export const capabilityReportSchema = z.object({
  /** Milliseconds since 1970. */
  probedAt: z.number(),
  /** The repository that was written to and cleaned up again; null where nothing was written. */
  repository: z.string().nullable(),
  capabilities: z.array(registryCapabilitySchema),
});
export type CapabilityReport = z.infer<typeof capabilityReportSchema>;

/** The sign-in of a registry as faces see it. */
export const credentialFactsSchema = z.object({
  source: credentialSourceSchema,
  username: z.string().nullable(),
  /** Where it lies: a file, a helper, a variable, a cloud's identity. Never a secret. */
  place: z.string().nullable(),
  /** Milliseconds since 1970 at which it ends, where that is known; it is renewed ahead of that where it can be. */
  expiresAt: z.number().nullable(),
  /** Why it cannot be had at the moment: the vault is locked, a helper failed. */
  problem: z.string().nullable(),
});
export type CredentialFacts = z.infer<typeof credentialFactsSchema>;

export const endpointSchema = z.object({
  id: endpointIdSchema,
  name: z.string(),
  settings: endpointSettingsSchema,
  credential: credentialFactsSchema,
  /** What its probe found; null where none was made. */
  capabilities: capabilityReportSchema.nullable(),
  health: endpointHealthSchema,
  /** One of the two that the program itself made to try it with. */
  sample: z.boolean(),
  /** Named on a command line only: not shown in lists, kept because a run refers to it. */
  temporary: z.boolean(),
});
export type Endpoint = z.infer<typeof endpointSchema>;

/** `localhost:5000`, or the path of the folder or archive: what a person recognises an endpoint by. */
export function endpointAddress(settings: EndpointSettings): string {
  return settings.kind === "registry" ? settings.host : settings.path;
}

/** What stands before the path of a folder or file in names of images. */
export const transportSchema = z.enum(["oci", "oci-archive", "docker-archive"]);
type Transport = z.infer<typeof transportSchema>;

/** Undefined for a registry, whose names begin with its host. */
export function transportOf(settings: EndpointSettings): Transport | undefined {
  switch (settings.kind) {
    case "registry":
      return undefined;
    case "layout":
      return "oci";
    case "archive":
      return `${settings.format ?? "oci"}-archive`;
    default:
      return assertNever(settings);
  }
}

export const credentialInputSchema = z.object({
  username: z.string().min(1).max(1024),
  password: z.string().min(1).max(65_536),
});
export type CredentialInput = z.infer<typeof credentialInputSchema>;
