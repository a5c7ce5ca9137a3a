// The words of the registries screen, the add dialog and the first start.
import type { CheckStep, Endpoint } from "../../shared/endpoint.ts";
import { formatDuration } from "../../shared/units.ts";

export const registriesText = {
  title: "Registries",
  add: "Add registry…",
  addTitle: "Add a registry",
  kind: "Kind",
  kinds: { registry: "Registry", layout: "OCI folder" },
  address: "Address",
  addressPlaceholder: "registry.example:5000",
  addressHint: "Paste a URL or write host and port.",
  ignoredPath: (path: string): string => `Only the host is used; "${path}" is left out.`,
  plainHttpBadge: "Plain HTTP",
  plainHttpWarning: "Passwords and images travel unencrypted. Use it only on networks you trust.",
  plainHttpLoopback: "Plain HTTP on this machine: nothing leaves it.",
  plainHttp: "Use plain HTTP (not encrypted)",
  path: "Folder",
  pathPlaceholder: "/home/me/images",
  pathHint: "The folder that holds oci-layout and index.json. It is made if it does not exist.",
  pathInvalid: "Write the whole path, starting with / or a drive letter.",
  name: "Name (optional)",
  nameField: "Name",
  username: "User name (optional)",
  usernameField: "User name",
  password: "Password or token",
  credentialHint: "Kept in memory until you quit. Without one, your Docker configuration is asked.",
  credentialHalf: "Enter both, the user name and the password, or neither.",
  check: "Check",
  checking: "Checking…",
  save: "Add",
  saveAnyway: "Add anyway",
  cancel: "Cancel",
  close: "Close",
  checkTitle: "Check result",
  checkPassed: "Everything works.",
  checkFailed: "The check did not pass.",
  checkWarned: "It works, with a limitation.",
  list: "Registries and folders",
  empty: { title: "No registries yet", text: "Add the registries you copy from and to." },
  sample: "Sample",
  folder: "OCI folder",
  signIn: "Sign in…",
  signInTitle: (name: string): string => `Sign in to ${name}`,
  signInButton: "Sign in",
  forget: "Forget sign-in",
  checkAgain: "Check again",
  rename: "Rename…",
  renameTitle: (name: string): string => `Rename ${name}`,
  renameButton: "Rename",
  remove: "Remove…",
  removeTitle: (name: string): string => `Remove ${name}?`,
  removeBody: (address: string): string =>
    `${address} is taken off this list. Nothing is deleted there. Finished transfers stay in the history.`,
  removeButton: "Remove",
  notRemoved: (name: string): string => `${name} was not removed`,
  inUse: "A transfer that is not finished uses it. Let it finish or cancel it, then remove the registry.",
  more: (name: string): string => `Actions for ${name}`,
  notChecked: "Not checked yet",
  reload: "Reload",
} as const;

export const stepWords: Readonly<Record<CheckStep["name"], string>> = {
  reachable: "Reachable",
  tls: "Encryption",
  registry: "Registry protocol",
  "sign-in": "Sign-in",
  catalog: "List repositories",
  push: "Permission to write",
  referrers: "Referrers API",
};
export const stepOrder: readonly CheckStep["name"][] = [
  "reachable",
  "tls",
  "registry",
  "sign-in",
  "catalog",
  "push",
  "referrers",
];

export const outcomeWords: Readonly<Record<CheckStep["outcome"], string>> = {
  passed: "Passed",
  failed: "Failed",
  warning: "Limited",
  skipped: "Skipped",
};

export const healthWords: Readonly<Record<Endpoint["health"]["state"], string>> = {
  unknown: "Not checked",
  ok: "Works",
  "needs-sign-in": "Needs a sign-in",
  failing: "Not working",
};

/** Where the credential came from, in words. */
export function credentialText(credential: Endpoint["credential"]): string {
  const who = credential.username === null ? "" : ` as ${credential.username}`;
  switch (credential.source) {
    case "none":
      return "Not signed in";
    case "entered":
      return `Signed in${who}; kept in memory until you quit`;
    case "docker-config":
      return `Signed in${who} from your Docker configuration`;
  }
}

/** `Works, checked 4 s ago`. */
export function healthText(health: Endpoint["health"], now: number): string {
  if (health.checkedAt === null)
    return health.state === "unknown" ? registriesText.notChecked : healthWords[health.state];
  const ago = Math.max(0, now - health.checkedAt);
  const when = ago < 5000 ? "just now" : `${formatDuration(ago).replace(/ \d+ (?:s|min)$/, "")} ago`;
  return `${healthWords[health.state]}, checked ${when}`;
}

export const firstStartText = {
  title: "Welcome to Freightliner",
  lead: "See two registries side by side, drag images across, watch every byte arrive, and be able to prove that what arrived is what left.",
  add: {
    title: "Add a registry",
    text: "By its address or a pasted URL, with a live check of what works.",
    button: "Add registry…",
  },
  folder: {
    title: "Open an OCI folder",
    text: "An OCI image layout on this machine, as a source or a destination.",
    button: "Open folder…",
  },
  samples: {
    title: "Try it with sample registries",
    text: "Two local registries with real generated multi-platform images. No account, no network. They are paced at 16 MiB/s so that you can watch.",
    button: "Start sample registries",
    busy: "Making sample images…",
  },
} as const;
