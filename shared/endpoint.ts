// Endpoints: a registry or an OCI image layout folder that can be a source and a destination.
import { z } from "zod";
import { wireErrorSchema } from "./errors.ts";

export const endpointIdSchema = z.string().regex(/^[a-z0-9]{1,40}$/);

/** Where a credential came from; the secret itself is never part of any message. */
export const credentialSourceSchema = z.enum(["none", "entered", "docker-config"]);
export type CredentialSource = z.infer<typeof credentialSourceSchema>;

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
});
export type RegistrySettings = z.infer<typeof registrySettingsSchema>;

export const layoutSettingsSchema = z.object({
  /** Absolute path of the folder that holds `oci-layout` and `index.json`. */
  path: z.string().min(1).max(4096),
  /** True = nothing may be written or deleted there. */
  readOnly: z.boolean().optional(),
});

export const endpointSettingsSchema = z.discriminatedUnion("kind", [
  registrySettingsSchema.extend({ kind: z.literal("registry") }),
  layoutSettingsSchema.extend({ kind: z.literal("layout") }),
]);
export type EndpointSettings = z.infer<typeof endpointSettingsSchema>;

export const checkStepSchema = z.object({
  name: z.enum(["reachable", "tls", "registry", "sign-in", "catalog", "push", "referrers"]),
  outcome: z.enum(["passed", "failed", "warning", "skipped"]),
  /** One plain sentence. */
  text: z.string(),
  error: wireErrorSchema.optional(),
});
export type CheckStep = z.infer<typeof checkStepSchema>;

export const endpointHealthSchema = z.object({
  state: z.enum(["unknown", "ok", "needs-sign-in", "failing"]),
  checkedAt: z.number().nullable(),
  steps: z.array(checkStepSchema),
});
export type EndpointHealth = z.infer<typeof endpointHealthSchema>;

export const endpointSchema = z.object({
  id: endpointIdSchema,
  name: z.string(),
  settings: endpointSettingsSchema,
  credential: z.object({ source: credentialSourceSchema, username: z.string().nullable() }),
  health: endpointHealthSchema,
  /** One of the two that the program itself made to try it with. */
  sample: z.boolean(),
  /** Named on a command line only: not shown in lists, kept because a run refers to it. */
  temporary: z.boolean(),
});
export type Endpoint = z.infer<typeof endpointSchema>;

/** `localhost:5000` or the folder's path: what a person recognises an endpoint by. */
export function endpointAddress(settings: EndpointSettings): string {
  return settings.kind === "registry" ? settings.host : settings.path;
}

export const credentialInputSchema = z.object({
  username: z.string().min(1).max(1024),
  password: z.string().min(1).max(65_536),
});
export type CredentialInput = z.infer<typeof credentialInputSchema>;
