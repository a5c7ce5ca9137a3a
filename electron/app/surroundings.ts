// Which proxies, certs.d folders and registries.conf files count for this user, by the environment.
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { ProxyVariable, Surroundings } from "../registry/network/surroundings.ts";

/** The upper-case name first, as Go's programs (docker, podman, skopeo) do. An empty value is none. */
function proxyVariable(env: NodeJS.ProcessEnv, name: string): ProxyVariable | undefined {
  for (const one of [name, name.toLowerCase()]) {
    const value = env[one]?.trim();
    if (value) return { name: one, value };
  }
  return undefined;
}

/**
 * https://github.com/containers/image/blob/main/docs/containers-certs.d.5.md#description and
 * https://docs.docker.com/engine/security/certificates/, rootless docker and Docker Desktop among them.
 */
function certRoots(containers: string, configHome: string, platform: NodeJS.Platform): readonly string[] {
  const podman = [join(containers, "certs.d")];
  if (platform !== "linux") return [...podman, join(homedir(), ".docker", "certs.d")];
  return [...podman, "/etc/containers/certs.d", join(configHome, "docker", "certs.d"), "/etc/docker/certs.d"];
}

export function readSurroundings(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Surroundings {
  const configHome = env.XDG_CONFIG_HOME || join(homedir(), ".config");
  const containers = join(configHome, "containers");
  const named = env.CONTAINERS_REGISTRIES_CONF;
  return {
    proxies: {
      http: proxyVariable(env, "HTTP_PROXY"),
      https: proxyVariable(env, "HTTPS_PROXY"),
      all: proxyVariable(env, "ALL_PROXY"),
      noProxy: proxyVariable(env, "NO_PROXY")?.value ?? "",
    },
    certRoots: certRoots(containers, configHome, platform),
    registriesConf: {
      files: named
        ? [resolve(named)]
        : [join(containers, "registries.conf"), "/etc/containers/registries.conf"],
      folders: ["/etc/containers/registries.conf.d", join(containers, "registries.conf.d")],
    },
  };
}
