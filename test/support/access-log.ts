// Reads the access log that docker-registry writes to its standard output (Apache's combined format).
export interface AccessLogLine {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  /** Body bytes of the answer. */
  readonly bytes: number;
}

const linePattern = /^\S+ \S+ \S+ \[[^\]]*\] "([A-Z]+) (\S+) HTTP\/[0-9.]+" ([0-9]{3}) ([0-9]+|-)/;

/** One line, or undefined where it is not an access log line. */
export function parseAccessLogLine(line: string): AccessLogLine | undefined {
  const found = linePattern.exec(line);
  if (found === null) return undefined;
  const [, method = "", path = "", status = "", bytes = ""] = found;
  return { method, path, status: Number(status), bytes: bytes === "-" ? 0 : Number(bytes) };
}

/** Keeps the lines of a growing text; lines of probes (`?probe=`) are used as marks and left out. */
export class AccessLogReader {
  #rest = "";
  #lines: AccessLogLine[] = [];
  #markers = 0;
  readonly #seen = new Set<string>();

  add(text: string): void {
    const parts = (this.#rest + text).split("\n");
    this.#rest = parts.pop() ?? "";
    for (const part of parts) {
      const line = parseAccessLogLine(part);
      if (line === undefined) continue;
      const probe = /\?(probe=\w+)$/.exec(line.path)?.[1];
      if (probe === undefined) this.#lines.push(line);
      else this.#seen.add(probe);
    }
  }

  nextMarker(): string {
    this.#markers += 1;
    return `m${this.#markers}`;
  }

  /** Resolves when the marked line is in, throws after 5 s. */
  async waitFor(marker: string): Promise<void> {
    const deadline = Date.now() + 5_000;
    while (!this.#seen.has(marker)) {
      if (Date.now() > deadline) throw new Error(`The access log does not show ${marker} after 5 s.`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  lines(): readonly AccessLogLine[] {
    return [...this.#lines];
  }

  clear(): void {
    this.#lines = [];
  }
}

/** Lines that match: `count(log, "GET", /\/blobs\//)`. */
export function countRequests(
  lines: readonly AccessLogLine[],
  method: string,
  path: RegExp,
  status?: number,
): number {
  return lines.filter(
    (line) =>
      line.method === method && path.test(line.path) && (status === undefined || line.status === status),
  ).length;
}
