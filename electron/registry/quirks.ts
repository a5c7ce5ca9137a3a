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
}

const ordinary: Quirks = { pageSize: 1000, asksForDelete: true, mounts: true };

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
    quirks: { mounts: false },
  },
];

/** @param host `host[:port]` as entered. */
export function quirksOf(host: string): Quirks {
  const name = host.toLowerCase();
  const found = rows.find((row) => row.host.test(name));
  return found === undefined ? ordinary : { ...ordinary, ...found.quirks };
}
