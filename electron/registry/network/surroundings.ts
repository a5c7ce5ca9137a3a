// What a machine's environment and files say of the way to registries, as app/config.ts found it.

/** A variable of the environment that names a proxy. Its value may hold a password. */
export interface ProxyVariable {
  readonly name: string;
  readonly value: string;
}

export interface ProxyEnvironment {
  /** Each undefined where nothing is set, or something empty. */
  readonly http: ProxyVariable | undefined;
  readonly https: ProxyVariable | undefined;
  readonly all: ProxyVariable | undefined;
  /** Entries with commas or blanks between them. */
  readonly noProxy: string;
}

export interface RegistriesConfPlaces {
  /** The first that exists counts. */
  readonly files: readonly string[];
  /** Folders whose `*.conf` files come on top, in this order and by name. */
  readonly folders: readonly string[];
}

export interface Surroundings {
  readonly proxies: ProxyEnvironment;
  /** The `certs.d` folders of podman and docker; the first that knows a host counts. */
  readonly certRoots: readonly string[];
  readonly registriesConf: RegistriesConfPlaces;
}

/** A machine that says nothing. */
export const noSurroundings: Surroundings = {
  proxies: { http: undefined, https: undefined, all: undefined, noProxy: "" },
  certRoots: [],
  registriesConf: { files: [], folders: [] },
};
