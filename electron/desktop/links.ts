// Deep links on their way in: from the command line, a second start or the operating system. They open a plan, nothing more.
import { type DeepLink, deepLinkScheme, parseDeepLink } from "../../shared/deep-link.ts";

/** More than a person opens; a page that fires links must not fill the memory. */
const mostWaiting = 20;

export interface LinkInboxOptions {
  /** So many links wait now. */
  readonly onWaiting: (waiting: number) => void;
  /** What could not be read. */
  readonly onRefused: (error: unknown) => void;
}

export class LinkInbox {
  readonly #options: LinkInboxOptions;
  #waiting: DeepLink[] = [];

  constructor(options: LinkInboxOptions) {
    this.#options = options;
  }

  /** True where the text was a link of ours, readable or not. */
  offer(text: string): boolean {
    if (!text.toLowerCase().startsWith(`${deepLinkScheme}:`)) return false;
    try {
      const link = parseDeepLink(text);
      this.#waiting = [...this.#waiting, link].slice(-mostWaiting);
      this.#options.onWaiting(this.#waiting.length);
    } catch (error) {
      this.#options.onRefused(error);
    }
    return true;
  }

  /** The links of a command line; everything else in it is left to others. */
  offerAll(argv: readonly string[]): boolean {
    return argv.map((text) => this.offer(text)).some((was) => was);
  }

  take(): readonly DeepLink[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
