// What particular registries need otherwise; the only place that names them. Each row carries its source.
export interface Quirks {
  /** Where the API answers, if not at the name people write. */
  readonly apiHost?: string;
  /** Entries asked for per page of a listing. */
  readonly pageSize: number;
  /** The host that hands out tokens for it and may see the credentials. */
  readonly tokenHost?: string;
  /** False where asking for the `delete` action is answered with 400. */
  readonly asksForDelete: boolean;
  /** False where a blob of one repository never serves another by mounting. */
  readonly mounts: boolean;
  /** "never" where blobs have to go up whole; elsewhere the first part shows whether parts are taken. */
  readonly parts: "never" | "probe";
  /** Bytes; larger parts are refused. */
  readonly largestPart?: number;
}

const ordinary: Quirks = { pageSize: 1000, asksForDelete: true, mounts: true, parts: "probe" };

interface Row {
  readonly host: RegExp;
  readonly quirks: Partial<Quirks>;
}

const rows: readonly Row[] = [
  {
    // https://github.com/distribution/reference normalize.go; https://distribution.github.io/distribution/spec/auth/token/
    host: /^(docker\.io|index\.docker\.io|registry-1\.docker\.io)$/,
    quirks: { apiHost: "registry-1.docker.io", tokenHost: "auth.docker.io" },
  },
  {
    // https://docs.gitlab.com/user/packages/container_registry/ : the token comes from the web host.
    host: /^registry\.gitlab\.com$/,
    quirks: { tokenHost: "gitlab.com" },
  },
  {
    // quay/quay endpoints/v2/v2auth.py: a scope with any other action is a malformed request.
    host: /^quay\.io$/,
    quirks: { asksForDelete: false, pageSize: 100 },
  },
  {
    // https://github.com/google/go-containerregistry/issues/1459
    host: /^public\.ecr\.aws$/,
    quirks: { mounts: false, parts: "never" },
  },
  {
    // The Range of its answers is unreliable (https://github.com/aws/containers-roadmap/issues/2831), and a 201 to a
    // part ends the session (regclient blob.go).
    host: /\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/,
    quirks: { parts: "never" },
  },
  {
    // Parts above 4 MiB are refused and several are reported to spoil the blob:
    // https://github.com/oras-project/rust-oci-client/issues/35
    host: /^ghcr\.io$/,
    quirks: { parts: "never" },
  },
  {
    // Clients keep to 16 MiB, as larger bodies are reported to be refused (protocol.md 2.8, 10).
    host: /\.azurecr\.(io|cn|us)$/,
    quirks: { largestPart: 16 * 1024 * 1024 },
  },
  {
    // Documented as one request only: https://cloud.google.com/artifact-registry/docs/reference/docker-api
    host: /^(.+\.)?(gcr\.io|pkg\.dev)$/,
    quirks: { parts: "never" },
  },
];

/** @param host `host[:port]` as entered. */
export function quirksOf(host: string): Quirks {
  const name = host.toLowerCase();
  const found = rows.find((row) => row.host.test(name));
  return found === undefined ? ordinary : { ...ordinary, ...found.quirks };
}
