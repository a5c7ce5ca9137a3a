// The words of the registries screen and of the dialogs that add, import, change and remove registries.
import type { CheckStep, Endpoint, EndpointSettings } from "../../shared/endpoint.ts";
import type { SecretPlace } from "../../shared/secrets.ts";
import { plural } from "./common.ts";
import { relativeTime } from "./times.ts";

export const addressText = {
  scheme: (name: string): string =>
    `"${name}://" is not an address of a registry; expected http://, https:// or a host name.`,
  userInAddress: "Leave the user name and password out of the address; there are fields for them.",
  notAHost: (text: string): string => `"${text}" is not a host name like registry.example:5000.`,
  notAPort: (port: string): string => `${port} is not a port; expected 1 to 65535.`,
  wholePath: "Write the whole path, starting with / or a drive letter.",
} as const;

export const registriesText = {
  title: "Registries",
  group: "Registries",
  add: "Add registry…",
  addTitle: "Add a registry",
  addLead: "A registry, an OCI folder or an OCI archive. Paste what you have.",
  duplicateTitle: (name: string): string => `Another account at ${name}`,
  editTitle: (name: string): string => `Edit ${name}`,
  address: "Address",
  addressPlaceholder: "registry.example:5000, ghcr.io/org/app:1.2 or /srv/images",
  folderPlaceholder: "/home/me/images or /home/me/images.tar",
  addressHint: "A URL, a host, an image, a “docker pull …” line, or the path of a folder or .tar file.",
  ignoredPath: (path: string): string => `Only the registry is added; "${path}" is left out.`,
  signInPart: "Sign-in",
  notes: "Good to know",
  plainHttpBadge: "Plain HTTP",
  plainHttpWarning: "Passwords and images travel unencrypted. Use it only on networks you trust.",
  plainHttpLoopback: "Plain HTTP on this machine: nothing leaves it.",
  plainHttp: "Use plain HTTP (not encrypted)",
  unverified: "Do not verify the certificate",
  unverifiedBadge: "Certificate not verified",
  unverifiedWarning:
    "Anyone on the way can pretend to be this registry and read the password. Name a CA file instead.",
  caFile: "CA file (PEM)",
  caFileHint: "For a registry whose certificate is signed by your own authority: a path on this machine.",
  pathInvalid: addressText.wholePath,
  connections: "Requests at once",
  adaptive: "Fewer when it slows down or asks for it",
  bandwidth: "Bandwidth limit",
  noBandwidth: "No limit of its own",
  trustedTokenHosts: "Trusted token hosts",
  trustedTokenHostsHint:
    "Other hosts that may be given the password to hand out tokens; commas between them.",
  hostInvalid: (host: string): string => `"${host}" is not a host name.`,
  readOnly: "Read-only",
  readOnlyBadge: "Read-only",
  readOnlyHint: "Nothing can be copied there or deleted there from here.",
  advanced: "More settings",
  advancedCount: (count: number): string => `More settings (${count} changed)`,
  name: "Name (optional)",
  nameField: "Name",
  username: "User name (optional)",
  usernameField: "User name",
  password: "Password or token",
  newPassword: "New password or token",
  credentialHalf: "Enter both, the user name and the password, or neither.",
  keepSecret: "Leave both empty to keep the sign-in as it is.",
  check: "Check",
  checkLabel: "Check again",
  cancelCheck: "Stop the check",
  checking: "Checking…",
  save: "Add",
  saveEdit: "Save",
  saveAnyway: "Save anyway",
  openArchive: "Unpack and open",
  opening: "Unpacking…",
  cancel: "Cancel",
  close: "Close",
  checkTitle: "Check result",
  checkPassed: "Everything works.",
  checkFailed: "The check did not pass.",
  checkWarned: "It works, with a limitation.",
  checkCancelled: "The check was stopped.",
  list: "Registries and folders",
  search: "Search registries",
  sort: "Sort by",
  sorts: { name: "Name", health: "Health", added: "Order added" },
  grouped: "Groups",
  noGroup: "No group",
  noMatch: "No registry matches",
  clearSearch: "Clear the search",
  count: (count: number): string => plural(count, "registry", "registries"),
  failingCount: (count: number): string => `${count} need${count === 1 ? "s" : ""} attention`,
  checkAll: "Check all",
  columns: { name: "Name", signIn: "Sign-in", health: "Health" },
  empty: {
    title: "No registries yet",
    text: "Add the registries you copy from and to, or take over those that docker and podman know.",
  },
  details: (name: string): string => `Details of ${name}`,
  detailsWidth: "Width of the details",
  sample: "Sample",
  signIn: "Sign in…",
  signInAgain: "Sign in again…",
  signInTitle: (name: string): string => `Sign in to ${name}`,
  signInButton: "Sign in",
  forget: "Sign out",
  checkAgain: "Check again",
  edit: "Edit…",
  rename: "Rename…",
  renameTitle: (name: string): string => `Rename ${name}`,
  renameButton: "Rename",
  duplicate: "Another account…",
  makeReadOnly: "Make read-only",
  readOnlyCommand: "Make read-only, or allow writing",
  ofChosen: (act: string): string => `Chosen registry: ${act.charAt(0).toLowerCase()}${act.slice(1)}`,
  needsChosen: "Choose a registry first for which it can be done.",
  makeWritable: "Allow writing",
  mark: "Group and colour…",
  showLeft: "Open in the left pane",
  showRight: "Open in the right pane",
  copyAddress: "Copy address",
  copied: "Copied",
  remove: "Remove…",
  removeTitle: (name: string): string => `Remove ${name}?`,
  removeBody: (address: string): string =>
    `${address} is taken off this list. Nothing is deleted there. Finished transfers stay in the history.`,
  removePassword: {
    saved: "Its saved password is removed, too.",
    entered: "The password that was entered for it is forgotten, too.",
  },
  removeProxyPassword: "So is the password for its proxy.",
  removeOnlyProxyPassword: "The password for its proxy is removed, too.",
  removeButton: (name: string): string => `Remove ${name}`,
  removed: (name: string): string => `${name} was removed`,
  notRemoved: (name: string): string => `${name} was not removed`,
  inUse: "A transfer that is not finished uses it. Let it finish or cancel it, then remove the registry.",
  more: (name: string): string => `Actions for ${name}`,
  notChecked: "Not checked yet",
  reload: "Reload",
  sections: { check: "Connection", signIn: "Sign-in", now: "Right now", settings: "Settings" },
  now: {
    slots: "Requests",
    slotsOf: (used: number, limit: number, most: number): string =>
      limit < most ? `${used} of ${limit} (at most ${most})` : `${used} of ${limit}`,
    speed: "Speed",
    limited: (speed: string, limit: string): string => `${speed} of at most ${limit}`,
    latency: "Answers in",
    quota: "Pulls left",
    idle: "Nothing was copied from or to it since the start.",
  },
  settings: {
    encryption: "Encryption",
    https: "HTTPS",
    auto: "HTTPS; plain HTTP only on this machine",
    http: "None (plain HTTP)",
    certificate: "Certificate",
    certificates: {
      system: "Verified with the system's authorities",
      ca: (file: string): string => `Verified, also with ${file}`,
      none: "Not verified",
    },
    connections: "Requests at once",
    connectionsText: (count: number, adaptive: boolean): string =>
      adaptive ? `Up to ${count}, fewer when it slows down` : `Always ${count}`,
    bandwidth: "Bandwidth",
    tokenHosts: "Token hosts",
    writing: "Writing",
    allowed: "Allowed",
    refused: "Refused: read-only",
  },
  import: {
    title: "Import registries",
    button: "Import…",
    lead: "What docker and podman on this machine know. Passwords stay where they lie and are read when they are needed.",
    looking: "Reading docker's and podman's configuration",
    nothing: "Nothing to import",
    nothingText: "Neither docker nor podman on this machine has signed in to a registry.",
    list: "Registries to import",
    all: "All that are not added yet",
    added: "Already added",
    from: { docker: "docker", podman: "podman" },
    secrets: {
      inline: "Password in the file",
      helper: "Password in a credential helper",
      none: "No password",
    },
    as: (username: string): string => `as ${username}`,
    problems: "Could not be read",
    submit: (count: number): string =>
      count === 0 ? "Import" : `Import ${plural(count, "registry", "registries")}`,
    add: (address: string): string => `Import ${address}`,
    done: (count: number): string => `${plural(count, "registry was", "registries were")} imported`,
  },
} as const;

export const stepWords: Readonly<Record<CheckStep["name"], string>> = {
  dns: "Name",
  pull: "Permission to read",
  reachable: "Reachable",
  tls: "Encryption",
  registry: "Registry protocol",
  "sign-in": "Sign-in",
  catalog: "List repositories",
  push: "Permission to write",
  referrers: "Referrers API",
};
export const stepOrder: readonly CheckStep["name"][] = [
  "dns",
  "reachable",
  "tls",
  "registry",
  "sign-in",
  "catalog",
  "pull",
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

/** Where an entered password lies. */
export function secretPlace(place: SecretPlace | undefined, platform: string): string {
  if (place === "vault") return "kept in your vault, encrypted with its passphrase";
  if (place === "clear") return "kept in a file that is not encrypted";
  if (place !== "keychain") return "kept in memory until you quit";
  if (platform === "darwin") return "kept in the macOS keychain";
  if (platform === "win32") return "kept encrypted by Windows for your account";
  return "kept encrypted by this desktop's keyring";
}

/** Where the credential came from, in words. */
export function credentialText(
  { credential, settings }: Pick<Endpoint, "credential" | "settings">,
  place: string,
): string {
  const who = credential.username === null ? "" : ` as ${credential.username}`;
  switch (credential.source) {
    case "none":
      return settings.kind === "registry" && settings.anonymous === true
        ? "Always without a sign-in"
        : "Not signed in";
    case "entered":
      return `Signed in${who}; kept in memory until you quit`;
    case "saved":
      return `Signed in${who}; ${place}`;
    case "docker-config":
      return `Signed in${who} from your Docker configuration`;
    case "docker-helper":
      return `Signed in${who} by a credential helper`;
    case "podman":
      return `Signed in${who} from your Podman configuration`;
    case "environment":
      return `Signed in${who} from the environment`;
    case "cloud":
      return `Signed in${who} by a cloud identity`;
  }
}

/** The same in the room of a table's cell. */
export function credentialBrief({ credential, settings }: Pick<Endpoint, "credential" | "settings">): string {
  if (settings.kind !== "registry") return "None needed";
  switch (credential.source) {
    case "none":
      return settings.anonymous === true ? "Anonymous" : "Not signed in";
    case "entered":
      return credential.username ?? "Entered";
    case "saved":
      return credential.username ?? "Saved";
    case "docker-config":
      return credential.username === null ? "Docker configuration" : `${credential.username} (docker)`;
    case "docker-helper":
      return credential.username === null ? "Credential helper" : `${credential.username} (helper)`;
    case "podman":
      return credential.username === null ? "Podman configuration" : `${credential.username} (podman)`;
    case "environment":
      return credential.username === null ? "Environment" : `${credential.username} (environment)`;
    case "cloud":
      return credential.username === null ? "Cloud identity" : `${credential.username} (cloud)`;
  }
}

/** `4 min. ago`; empty where it was not. */
export function checkedText({ checkedAt }: Endpoint["health"], now: number): string {
  return checkedAt === null ? "" : `checked ${relativeTime(checkedAt, Math.max(now, checkedAt))}`;
}

/** `Works, checked 4 min. ago`. */
export function healthText(health: Endpoint["health"], now: number): string {
  if (health.checkedAt === null)
    return health.state === "unknown" ? registriesText.notChecked : healthWords[health.state];
  return `${healthWords[health.state]}, ${checkedText(health, now)}`;
}

export function encryptionText(settings: EndpointSettings & { readonly kind: "registry" }): string {
  const text = registriesText.settings;
  if (settings.plainHttp === "always") return text.http;
  return settings.plainHttp === "auto" ? text.auto : text.https;
}

export function certificateText(settings: EndpointSettings & { readonly kind: "registry" }): string {
  const text = registriesText.settings.certificates;
  if (settings.insecureSkipVerify) return text.none;
  return settings.caFile === undefined ? text.system : text.ca(settings.caFile);
}
