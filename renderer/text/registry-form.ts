// The words of the form that adds or edits a registry: sign-in, encryption, proxy, mirrors, and what this machine knows.
import type { CredentialFacts, CredentialSource, Mirror } from "../../shared/endpoint.ts";
import type { SecretPlace } from "../../shared/secrets.ts";
import { plural } from "./common.ts";

export const signInText = {
  ways: {
    automatic: "What is entered here or found on this machine",
    saved: "Only what is entered here",
    "docker-config": "Docker's configuration",
    podman: "Podman's configuration",
    helper: "A credential helper",
    environment: "Variables of the environment",
    cloud: "This machine's cloud identity",
    anonymous: "No sign-in",
  },
  wayHints: {
    automatic: "What is entered comes first, then environment, Podman, Docker, cloud identity.",
    saved: "Nothing else on this machine is asked.",
    "docker-config": "With the helpers that it names. Nothing is written there.",
    podman: "With the helpers that it names. Nothing is written there.",
    helper: "A program that hands out passwords, as Docker uses them.",
    environment: "Read when it is needed; only their names are kept.",
    cloud: "Short-lived tokens, renewed ahead of their end.",
    anonymous: "Nothing on this machine is asked for a password.",
  },
  way: "Sign in with",
  namespace: "Part of the registry (optional)",
  namespaceHint: "Where Podman has several sign-ins for one host: the path behind it, such as team/app.",
  helper: "Helper",
  helperHint:
    "The part behind docker-credential-: ecr-login, gcloud, osxkeychain, pass, secretservice, wincred.",
  helperInvalid: "Letters, digits, dots and dashes only, without a path.",
  userVariable: "Variable with the user name",
  passwordVariable: "Variable with the password",
  variableInvalid: "The name of a variable, such as REGISTRY_PASSWORD.",
  cloudNone: "Cloud identities are for Amazon, Google and Azure registries.",
  profile: "Profile (optional)",
  profileHint: "Of ~/.aws/config. Without it: environment, shared files, web identity, instance.",
  keyFile: "Key file (optional)",
  keyFileHint: "A service account's JSON key. Without it: the application default credentials.",
  tenant: "Tenant (optional)",
  client: "Client of a managed identity (optional)",
  azureHint: "Without both: environment, workload identity, managed identity, Azure CLI.",
  remember: "Remember it",
  session: "Only until you quit.",
  inMemory: "It is kept in memory until you quit. Settings, Passwords can keep it for longer.",
  locked: "The vault is locked. Unlock it to remember this.",
  unlock: "Unlock…",
} as const;

/** Where a password that is remembered will lie; `undefined` while that is not known. */
export function rememberHint(place: SecretPlace | undefined, platform: string): string {
  switch (place) {
    case undefined:
      return "";
    case "vault":
      return "In your vault, encrypted with its passphrase.";
    case "clear":
      return "In a file that is not encrypted, as Settings say.";
    case "memory":
      return signInText.inMemory;
    case "keychain":
      if (platform === "darwin") return "Encrypted, with the macOS keychain.";
      if (platform === "win32") return "Encrypted by Windows for your account.";
      return "Encrypted, with this desktop's keyring.";
  }
}

export const formText = {
  parts: {
    product: "What runs there",
    tls: "Encryption",
    proxy: "Proxy",
    mirrors: "Mirrors",
    load: "Load",
    safety: "Writing",
  },
  provider: "Product",
  byName: (name: string): string => `As its name tells: ${name}`,
  byNameHint: "The name of most hosts says nothing about what runs there.",
  providerHint: "Its own way to list, make and delete repositories is used.",
  apiUrl: "URL of its API",
  apiUrlHint: "Only where it is not the usual one. The sign-in is sent there, too.",
  urlInvalid: "A whole address, such as https://registry.example/api.",
  createRepositories: "Make repositories that are missing",
  createRepositoriesHint: "Or their project, where this product wants them made before the first image.",
  client: "Client certificate (PEM)",
  clientKey: "Its key (PEM)",
  clientHint: "For a registry that asks who connects: paths on this machine.",
  clientHalf: "Name both files, the certificate and its key, or neither.",
  tls13: "TLS 1.3 only",
  tls13Hint: "Otherwise TLS 1.2 is accepted, too; nothing older ever is.",
  pins: "Accepted public keys",
  pinsHint: "sha256/…, separated by spaces. One of them has to be in the server's chain of certificates.",
  pinsInvalid: (text: string): string => `"${text}" is not sha256/ with 44 characters behind it.`,
  pinNow: "Accept only the key it has now",
  pinned: "The key that it has now is accepted.",
  proxyUse: "Connect",
  proxyUses: {
    environment: "As the environment says",
    none: "Directly, without a proxy",
    own: "By a proxy of its own",
  },
  proxy: "Proxy",
  proxyHint: "http://proxy.example:3128",
  proxyInvalid: "http:// or https:// with a host and a port, without a user name.",
  proxyUser: "User name at the proxy (optional)",
  proxyPassword: "Password at the proxy",
  proxyHalf: "Enter both for the proxy, or neither.",
  proxyCheck: "Used as soon as this is saved; a check before that goes without it.",
  proxyKept: "Keep the sign-in at the proxy that was entered before",
  mirrorsHint: "Read from there first, then from the registry itself. Nothing is ever written to a mirror.",
  noMirrors: "None. This machine's registries.conf names none, either.",
  mirror: (location: string): string => `Read from ${location}`,
  mirrorAdd: "Another mirror",
  mirrorAddHint: "host[:port][/prefix]",
  mirrorAddButton: "Add mirror",
  mirrorInvalid: "A host with or without a path, such as mirror.example/hub.",
  mirrorFacts: ({ plainHttp, insecureSkipVerify, pull }: Mirror): readonly string[] => [
    ...(plainHttp ? ["plain HTTP"] : []),
    ...(insecureSkipVerify ? ["certificate not verified"] : []),
    ...(pull === "digest-only" ? ["digests only"] : pull === "tag-only" ? ["tags only"] : []),
  ],
  archiveUse: "Use the archive",
  archiveUses: { read: "To read from", write: "To write to" },
  archiveUseHints: {
    read: "The file is looked at now. It stays as it is.",
    write: "An OCI archive; it is made with the first copy if it is not there.",
  },
} as const;

const sources: Readonly<Record<CredentialSource, string>> = {
  none: "None found on this machine",
  entered: "Entered",
  saved: "Saved",
  "docker-config": "Docker's configuration",
  "docker-helper": "Credential helper",
  podman: "Podman's configuration",
  environment: "Environment",
  cloud: "Cloud identity",
};

export const hintsText = {
  title: "On this machine",
  credential: "Sign-in",
  credentialOf: ({ source, username, place }: CredentialFacts): string =>
    [
      sources[source],
      ...(username === null ? [] : [`as ${username}`]),
      ...(place === null ? [] : [`(${place})`]),
    ].join(" "),
  certificates: "Certificates",
  folder: (path: string, authorities: number, client: boolean): string =>
    `${path}: ${[
      ...(authorities > 0 ? [plural(authorities, "authority", "authorities")] : []),
      ...(client ? ["client certificate"] : []),
    ].join(", ")}`,
  proxy: "Proxy",
  mirrors: "Mirrors",
  mirrorsNamed: (count: number): string =>
    `registries.conf names ${plural(count, "mirror", "mirrors")}; they are used only where you say so.`,
  blocked: "registries.conf blocks this registry for Podman and its like. Ask why before you add it.",
  problem: (file: string, text: string): string => `${file}: ${text}`,
} as const;
