// Reference grammar: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
import { type Digest, isDigest, parseDigest } from "./digest.ts";
import { FreightlinerError } from "./errors.ts";

const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`);
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const hostPattern =
  /^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*\.?)(?::[0-9]{1,5})?$/;

/** The longest repository path that clients agree on (protocol.md 1.1). */
export const maxRepositoryLength = 255;

export function isRepositoryName(text: string): boolean {
  return text.length <= maxRepositoryLength && repositoryPattern.test(text);
}
export function isTag(text: string): boolean {
  return tagPattern.test(text);
}
export function isHost(text: string): boolean {
  return text.length <= 255 && hostPattern.test(text);
}

/** `localhost`, names below it, 127.0.0.0/8 and ::1, with or without a port. */
export function isLoopbackAddress(host: string): boolean {
  const bare = host.startsWith("[") ? host.slice(1, host.indexOf("]")) : (host.split(":")[0] ?? "");
  const name = bare.toLowerCase();
  return (
    name === "localhost" ||
    name.endsWith(".localhost") ||
    name === "::1" ||
    /^127(?:\.\d{1,3}){3}$/.test(name)
  );
}

function invalid(message: string): never {
  throw new FreightlinerError({ code: "invalid-reference", operation: "parse-reference", message });
}

/** @throws FreightlinerError `invalid-reference` naming the input. */
export function parseRepositoryName(text: string): string {
  if (isRepositoryName(text)) return text;
  return invalid(
    `"${text.slice(0, 300)}" is not a repository name: expected lower-case letters, digits and . _ - between path segments, at most ${maxRepositoryLength} characters.`,
  );
}

/** @throws FreightlinerError `invalid-reference` naming the input. */
export function parseTag(text: string): string {
  if (isTag(text)) return text;
  return invalid(
    `"${text.slice(0, 200)}" is not a tag: expected 1 to 128 letters, digits and . _ -, not starting with . or -.`,
  );
}

/** The name that a manifest is asked for in one repository. */
export type ManifestReference = { readonly tag: string } | { readonly digest: Digest };

/** A tag or digest as text, as it stands in a request path. */
export function parseManifestReference(text: string): ManifestReference {
  return text.includes(":") ? { digest: parseDigest(text, "The reference") } : { tag: parseTag(text) };
}

export interface ImageReference {
  /** `host[:port]` as registries are addressed; Docker Hub is `docker.io`. */
  readonly host: string;
  readonly repository: string;
  readonly tag: string | undefined;
  /** Where both are given the digest decides and the tag is a label. */
  readonly digest: Digest | undefined;
}

const hubAliases: ReadonlySet<string> = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);

/** True where the first path component is a host rather than part of a Docker Hub name. */
function looksLikeHost(text: string): boolean {
  return text.includes(".") || text.includes(":") || text === "localhost" || text !== text.toLowerCase();
}

/**
 * Reads `host[:port]/repository[:tag][@digest]`. Without a tag or digest, `tag` is undefined: the caller decides on a default.
 * @throws FreightlinerError `invalid-reference` that names the input and what was expected.
 */
export function parseImageReference(text: string): ImageReference {
  const bad = (expectation: string): never =>
    invalid(`"${text.slice(0, 400)}" is not an image reference: ${expectation}`);
  if (text.length > 1024) return bad("it is longer than 1024 characters.");
  let rest = text.replace(/^(?:docker:\/\/)/, "");
  if (/^[a-z]+:\/\//.test(rest)) return bad("expected host/repository[:tag][@digest] without a scheme.");

  let digest: Digest | undefined;
  const at = rest.indexOf("@");
  if (at >= 0) {
    digest = parseDigest(rest.slice(at + 1), `The digest of "${text.slice(0, 400)}"`);
    rest = rest.slice(0, at);
  }
  const slash = rest.indexOf("/");
  const first = slash < 0 ? "" : rest.slice(0, slash);
  const hasHost = slash >= 0 && looksLikeHost(first);
  let host = hasHost ? first : "docker.io";
  let name = hasHost ? rest.slice(slash + 1) : rest;
  if (!isHost(host)) return bad(`"${host}" is not a host name.`);
  if (hubAliases.has(host)) host = "docker.io";

  let tag: string | undefined;
  const colon = name.lastIndexOf(":");
  if (colon >= 0) {
    tag = name.slice(colon + 1);
    name = name.slice(0, colon);
    if (!isTag(tag)) return bad(`"${tag}" is not a tag.`);
  }
  if (!hasHost && /^[a-f0-9]{64}$/.test(name))
    return bad("a bare 64-digit hex name is an image id, not a repository.");
  if (host === "docker.io" && !name.includes("/")) name = `library/${name}`;
  if (!isRepositoryName(name)) return bad(`"${name}" is not a repository name.`);
  return { host, repository: name, tag, digest };
}

/** `host/repository:tag@digest`, with what is known. */
export function formatReference(reference: ImageReference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return `${reference.host}/${reference.repository}${tag}${digest}`;
}

/** `repository:tag` or `repository@digest`. */
export function joinReference(repository: string, reference: string): string {
  return `${repository}${isDigest(reference) ? "@" : ":"}${reference}`;
}

/** Digest tags (`sha256-<hex>` and cosign's `.sig/.att/.sbom`) are attachments of an image, not selections (design). */
export function isAttachmentTag(tag: string): boolean {
  return /^sha(?:256|512)-[a-f0-9]{64}(?:\.(?:sig|att|sbom))?$/.test(tag);
}
