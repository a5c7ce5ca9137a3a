// Where a registry shows a repository to people, for those whose addresses are known.

type Page = (repository: string) => string | undefined;

/** `library/alpine` is `_/alpine` there. */
function dockerHub(repository: string): string {
  const official = /^(?:library\/)?(?<name>[^/]+)$/.exec(repository)?.groups?.name;
  return official === undefined
    ? `https://hub.docker.com/r/${repository}/tags`
    : `https://hub.docker.com/_/${official}/tags`;
}

const pages: Readonly<Record<string, Page>> = {
  "docker.io": dockerHub,
  "index.docker.io": dockerHub,
  "registry-1.docker.io": dockerHub,
  // These answer a browser with the way to the page of the package.
  "ghcr.io": (repository) => `https://ghcr.io/${repository}`,
  "quay.io": (repository) => `https://quay.io/repository/${repository}?tab=tags`,
  "mcr.microsoft.com": (repository) => `https://mcr.microsoft.com/artifact/mar/${repository}/tags`,
  "public.ecr.aws": (repository) => `https://gallery.ecr.aws/${repository}`,
  "registry.gitlab.com": (repository) => {
    const [group, project] = repository.split("/");
    return project === undefined ? undefined : `https://gitlab.com/${group}/${project}/container_registry`;
  },
};

/** Undefined where the registry is not known to have one. */
export function webPage(host: string, repository: string): string | undefined {
  const name = host.toLowerCase();
  if (/^[a-z0-9-]+-docker\.pkg\.dev$/.test(name)) return `https://${name}/${repository}`;
  return Object.hasOwn(pages, name) ? pages[name]?.(repository) : undefined;
}
