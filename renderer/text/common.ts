// Words that more than one screen uses.
export const commonText = {
  product: "Freightliner",
  screens: {
    transfer: "Transfer",
    transfers: "Transfers",
    jobs: "Jobs",
    history: "History",
    registries: "Registries",
    settings: "Settings",
  },
  close: "Close",
  cancel: "Cancel",
  dismiss: "Dismiss",
  undo: "Undo",
  retry: "Try again",
  refresh: "Refresh",
  reload: "Reload",
  loading: "Loading",
  transfersHeight: "Height of the transfers",
  saveSetting: "Keep the setting",
  /** Of one thing its error says it all. */
  stillThere: (left: number, all: number, why: string): string =>
    all === 1 ? why : `${left} of ${all} are still there. ${why}`,
  didNotWork: (what: string): string => `“${what}” did not work`,
  theme: { label: "Appearance", system: "Like the system", light: "Light", dark: "Dark" },
  connection: {
    lost: "The connection to Freightliner is lost.",
    lostHint: "Running transfers go on without this window. Trying again by itself.",
    retryNow: "Reconnect now",
    signedOut: "This page is not signed in",
    signedOutHint: "Open the link that Freightliner printed when it started. Each link works once.",
  },
} as const;

/** What unfolds the technical words of an error. */
export const errorDetailsText = "Details";

export const statusText = {
  label: "Status",
  activity: (active: number, queued: number, paused: number): string => {
    const parts = [
      ...(active > 0 ? [`${active} active`] : []),
      ...(queued > 0 ? [`${queued} queued`] : []),
      ...(paused > 0 ? [`${paused} paused`] : []),
    ];
    return parts.length === 0 ? "No transfers" : parts.join(" · ");
  },
  limit: "Bandwidth limit",
  noLimit: "No limit",
  limitOn: "Put the last limit back",
  limitOff: "Lift the limit",
  byTimetable: "The timetable decides; change it in Settings",
  faces: { desktop: "Desktop", web: "Web", cli: "Command line" },
  connected: (face: string, version: string): string => `${face} ${version}`,
  connecting: "Connecting…",
  lost: "No connection",
} as const;

export const messagesText = {
  title: "Messages",
  button: (unread: number): string => (unread === 0 ? "Messages" : `Messages: ${unread} new`),
  none: "No messages so far.",
  clear: "Clear",
  times: (times: number): string => `× ${times}`,
} as const;

/** `1,204`: counts with the grouping of the user's locale. */
const grouped = new Intl.NumberFormat();
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** `3 tags`, `1 tag`. */
export function plural(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
