// The words of the Settings screen: its sections, and each setting with what it is found by.
export const sectionNames = {
  appearance: "Appearance",
  transfers: "Transfers",
  notifications: "Notifications",
  afterQueue: "After the queue",
  history: "History",
  keyboard: "Keyboard",
  secrets: "Secret storage",
  network: "Network",
  data: "Data",
  log: "Log",
  updates: "Updates",
  diagnostics: "Diagnostics",
  text: "Settings as text",
  about: "About",
} as const;
export type SectionName = keyof typeof sectionNames;

interface RowText {
  readonly section: SectionName;
  readonly title: string;
  readonly hint?: string;
  /** Further words that the search finds it by. */
  readonly keywords?: string;
}

export const settingRows = {
  theme: {
    section: "appearance",
    title: "Theme",
    hint: "Light, dark, or as the system has it.",
    keywords: "colour mode night",
  },
  accent: {
    section: "appearance",
    title: "Accent",
    hint: "The colour of buttons, selections and bars.",
    keywords: "colour color",
  },
  density: {
    section: "appearance",
    title: "Density",
    hint: "Height of the rows in every list.",
    keywords: "compact roomy spacing",
  },
  fontSize: { section: "appearance", title: "Size of type", keywords: "font text larger smaller zoom" },
  motion: {
    section: "appearance",
    title: "Motion",
    hint: "Reduced: nothing slides or fades.",
    keywords: "animation accessibility",
  },
  units: {
    section: "appearance",
    title: "Sizes",
    hint: "1 KiB is 1024 bytes, 1 kB is 1000.",
    keywords: "units binary decimal iec si bytes",
  },
  times: {
    section: "appearance",
    title: "Times",
    hint: "The other one stands in the tooltip.",
    keywords: "relative exact date clock",
  },
  parallelRuns: {
    section: "transfers",
    title: "Transfers at once",
    hint: "The others wait in the queue.",
    keywords: "parallel concurrency queue",
  },
  bandwidth: {
    section: "transfers",
    title: "Bandwidth of all transfers",
    hint: "Holds at once, also for what runs. Registries and single transfers can have lower limits of their own.",
    keywords: "speed limit throttle",
  },
  timetable: {
    section: "transfers",
    title: "Bandwidth by time",
    hint: "The first rule that holds now counts in place of the limit above.",
    keywords: "schedule timetable hours weekday night",
  },
  keepAwake: {
    section: "transfers",
    title: "Keep the computer awake",
    hint: "While something is transferred.",
    keywords: "sleep power",
  },
  notifySucceeded: { section: "notifications", title: "Transfers that are done", keywords: "notify success" },
  notifyFailed: { section: "notifications", title: "Transfers that failed", keywords: "notify error" },
  notifySignIn: {
    section: "notifications",
    title: "Transfers that wait for a sign-in",
    keywords: "notify password credential",
  },
  notifyQuiet: {
    section: "notifications",
    title: "Quiet while the window has the focus",
    keywords: "notify focus silent",
  },
  notifyShortest: {
    section: "notifications",
    title: "Only transfers longer than",
    hint: "What a saved job could not do is told in any case.",
    keywords: "notify seconds minimum duration",
  },
  notifyBrowser: {
    section: "notifications",
    title: "Permission of the browser",
    hint: "This page may only notify where the browser was told so.",
    keywords: "allow notify",
  },
  afterQueue: {
    section: "afterQueue",
    title: "When the last transfer has ended",
    keywords: "quit exit notify finish",
  },
  closeToTray: {
    section: "afterQueue",
    title: "Closing the window keeps the program in the tray",
    hint: "Transfers and schedules go on.",
    keywords: "tray background quit",
  },
  historyDays: {
    section: "history",
    title: "Remove ended transfers by itself",
    keywords: "days retention clean delete old",
  },
  historyClear: {
    section: "history",
    title: "Clear the history",
    hint: "Takes ended transfers off the list. What was copied stays where it is.",
    keywords: "remove delete",
  },
  shortcuts: { section: "keyboard", title: "Shortcuts", keywords: "keys hotkeys bindings" },
  secretStore: {
    section: "secrets",
    title: "Where passwords are kept",
    keywords: "password token keychain memory vault clear credential secret",
  },
  vault: {
    section: "secrets",
    title: "The vault",
    keywords: "lock unlock passphrase idle minutes",
  },
  proxies: {
    section: "network",
    title: "Proxy, certificates and limits per registry",
    keywords: "tls ca http proxy insecure connections",
  },
  dataFolder: {
    section: "data",
    title: "Data folder",
    hint: "Database, logs and backups.",
    keywords: "path directory sqlite",
  },
  backups: {
    section: "data",
    title: "Backups that are kept",
    hint: "One is made a day; the oldest goes. 0 makes none.",
    keywords: "database copy",
  },
  backupList: { section: "data", title: "Backups", keywords: "restore database create" },
  log: {
    section: "log",
    title: "Log",
    hint: "What the engine did, as it happens.",
    keywords: "lines debug tail errors",
  },
  checkForUpdates: {
    section: "updates",
    title: "Look for updates",
    hint: "An update never starts while transfers run.",
    keywords: "version upgrade",
  },
  updateStatus: { section: "updates", title: "Version", keywords: "update upgrade newest release" },
  diagnostics: {
    section: "diagnostics",
    title: "Bundle for a bug report",
    hint: "Look at it before you send it. Passwords and tokens are never in it.",
    keywords: "bug report support redaction privacy",
  },
  settingsText: {
    section: "text",
    title: "All settings as text",
    hint: "To keep them, or to take them to another computer.",
    keywords: "json export import backup",
  },
  version: { section: "about", title: "Freightliner", keywords: "version licence license open source" },
} as const satisfies Readonly<Record<string, RowText>>;
export type SettingRowName = keyof typeof settingRows;
export const settingRowNames = Object.keys(settingRows) as readonly SettingRowName[];

export function rowText(name: SettingRowName): RowText {
  return settingRows[name];
}

export const settingsText = {
  search: "Search settings",
  sections: "Sections of the settings",
  nothing: (query: string): string => `No setting matches “${query}”`,
  clearSearch: "Show all settings",
  reset: (title: string): string => `Reset to default: ${title}`,
  resetAll: "Reset all settings…",
  wasReset: (title: string): string => `“${title}” is the default again`,
  options: {
    theme: { system: "System", light: "Light", dark: "Dark" },
    accent: { teal: "Teal", blue: "Blue", violet: "Violet", amber: "Amber" },
    density: { compact: "Compact", normal: "Normal", roomy: "Roomy" },
    fontSize: { small: "Small", normal: "Normal", large: "Large" },
    motion: { system: "As the system", reduced: "Reduced" },
    units: { binary: "KiB, MiB, GiB", decimal: "kB, MB, GB" },
    times: { relative: "4 min. ago", exact: "Exact time" },
    afterQueue: { nothing: "Nothing", notify: "Notify", quit: "Quit Freightliner" },
  },
  unit: { seconds: "s" },
} as const;

export const notificationsText = {
  allow: "Allow notifications…",
  granted: "The browser allows it.",
  denied: "The browser forbids it: allow it in the settings that the browser has for this page.",
  unsupported: "This browser cannot notify.",
} as const;

export const timetableText = {
  rules: "Rules",
  rule: (number: number): string => `Rule ${number}`,
  days: "days",
  from: "from",
  to: "to",
  until: "to",
  limit: "limit",
  limited: (what: string): string => `${what}: limited`,
  noLimit: "No limit",
  add: "Add a rule",
  up: (number: number): string => `Move rule ${number} up`,
  remove: (number: number): string => `Remove rule ${number}`,
  picture: "The bandwidth over the week",
} as const;

export const historyText = {
  never: "Never",
  after: (days: number): string => `After ${days} ${days === 1 ? "day" : "days"}`,
} as const;

export const keyboardText = {
  search: "Search commands",
  none: "none",
  press: "Press keys…",
  change: (title: string): string => `Change the keys of “${title}”`,
  remove: (title: string): string => `No keys for “${title}”`,
  taken: (titles: readonly string[]): string => `Also: ${titles.join(", ")}`,
  hint: "Escape leaves the keys as they are. Backspace takes them away.",
  resetAll: "Reset all shortcuts",
} as const;

export const placesText = {
  openRegistries: "Open Registries",
  noRegistries: "No registry has been added yet.",
  columns: { registry: "Registry", connection: "Connection", ca: "Certificates", limits: "Limits" },
  https: "HTTPS",
  httpAuto: "HTTPS, plain HTTP on this computer",
  http: "Plain HTTP",
  unchecked: "certificate not checked",
  readOnly: "read-only",
  systemCa: "of the system",
  requests: (count: number): string => `${count} requests`,
  proxyNote:
    "A proxy is taken from HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment that Freightliner was started in.",
  folder: "Folder",
} as const;

export const dataText = {
  copyPath: "Copy the path",
  open: { data: "Open folder", logs: "Open logs", backups: "Open backups" },
  create: "Back up now",
  created: (name: string): string => `${name} was made`,
  none: "No backup has been made yet.",
  restore: "Restore…",
  restoring: "Takes its place at the next start",
  restoreTitle: (name: string): string => `Restore ${name}?`,
  restoreBody:
    "At the next start the database of this backup takes the place of the one there is now: registries, jobs, history and settings. What is there now is kept as a backup.",
  restoreConfirm: "Restore at the next start",
  restoreSet: "The backup takes its place at the next start",
} as const;

export const aboutText = {
  openLog: "Open log",
  check: "Look now",
  install: "Restart and update",
  updateStates: {
    unsupported: "Updates are not looked for here.",
    idle: "This is the newest version.",
    checking: "Looking…",
    downloading: "Downloading…",
    ready: "Ready: it is installed at a restart.",
    waiting: "Waiting for running transfers to end.",
    failed: "Looking for updates failed.",
  },
  downloading: (version: string, percent: number): string => `Downloading ${version}: ${percent} %`,
  ready: (version: string): string => `${version} is ready`,
  notices: "Third-party notices…",
  noticesTitle: "Third-party notices",
  noticesText: "What Freightliner is made of, and under which licences.",
  noticesLoading: "Reading the notices",
  noNotices: "The notices are made when Freightliner is built; this window was not.",
  summary:
    "Moves images between container registries, and proves that what arrived is what left. MIT licence.",
  face: "Face",
  platform: "System",
} as const;

export const diagnosticsText = {
  open: "Look at the bundle…",
  title: "Bundle for a bug report",
  description: "This is all that is in it. Nothing is sent by itself.",
  hideNames: "Take names of registries, repositories and users out",
  hideNamesHint: "Each becomes a number that stays the same throughout.",
  copy: "Copy",
  copied: "The bundle was copied",
  save: "Save as file",
  loading: "Putting it together…",
  text: "Content of the bundle",
} as const;

export const jsonText = {
  field: "Settings as JSON",
  hint: "Only what differs from the defaults. Paste here what was exported elsewhere, or change it, then apply it.",
  copy: "Copy",
  copied: "The settings were copied",
  save: "Save as file",
  load: "Open a file…",
  apply: "Apply",
  back: "Take changes back",
  applied: (count: number): string => `${count} ${count === 1 ? "setting was" : "settings were"} changed`,
  unchanged: "Nothing differs from what is set",
  notJson: "This is not JSON",
  notObject: 'Expected an object of settings: { "theme": "dark" }',
  unknown: (key: string): string => `“${key}” is not a setting`,
  invalid: (key: string, why: string): string => `“${key}”: ${why}`,
  noFile: "The file could not be read",
} as const;

export const logText = {
  title: "Log",
  ofRun: "Log of one transfer",
  description: "What the engine did, as it happens. Secrets are never in it.",
  level: "Level",
  levels: { debug: "All", info: "Info and worse", warn: "Warnings", error: "Errors" },
  filter: "Filter lines",
  allRuns: "Show all transfers",
  onlyRun: "Only this transfer",
  export: "Save as text",
  follow: "Follow",
  paused: "Paused while you read",
  none: "No line matches",
  lines: "Log lines",
  fewer: (kept: number): string => `The last ${kept} lines are kept here`,
} as const;
