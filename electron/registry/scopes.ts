// What a token is asked for: https://distribution.github.io/distribution/spec/auth/scope/
/** One scope as text: `repository:team/app:pull,push`. */
export type Scope = string;

export function pullScope(repository: string): Scope {
  return `repository:${repository}:pull`;
}
export function pushScope(repository: string): Scope {
  return `repository:${repository}:pull,push`;
}
export function deleteScope(repository: string): Scope {
  return `repository:${repository}:pull,push,delete`;
}
export const catalogScope: Scope = "registry:catalog:*";

const order = ["pull", "push", "delete", "*"];

function sortActions(actions: Iterable<string>): string {
  const rank = (action: string) => {
    const at = order.indexOf(action);
    return at < 0 ? order.length : at;
  };
  return [...new Set(actions)].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b)).join(",");
}

/**
 * One scope per resource with all its actions. The order of first mention stays: some token services
 * only look at the first scope (go-containerregistry write.go), so the one to be written to is named first.
 */
export function mergeScopes(scopes: readonly Scope[]): readonly Scope[] {
  const byResource = new Map<string, Set<string>>();
  for (const scope of scopes) {
    const colon = scope.lastIndexOf(":");
    if (colon <= 0) continue;
    const resource = scope.slice(0, colon);
    const actions = byResource.get(resource) ?? new Set<string>();
    for (const action of scope.slice(colon + 1).split(",")) if (action !== "") actions.add(action);
    byResource.set(resource, actions);
  }
  return [...byResource].map(([resource, actions]) => `${resource}:${sortActions(actions)}`);
}
