// Tags as versions: only full x.y.z counts, a leading v does not matter, and each tag is parsed once.
import Range from "semver/classes/range.js";
import type SemVer from "semver/classes/semver.js";
import parse from "semver/functions/parse.js";

/** Versions of one listing's tags; parsing is most of the work (facts: ui.md, 100 000 tags in 223 ms). */
export class Versions {
  readonly #parsed = new Map<string, SemVer | undefined>();

  /** Undefined where the tag is no version. */
  of(tag: string): SemVer | undefined {
    if (this.#parsed.has(tag)) return this.#parsed.get(tag);
    const version = looksLikeVersion(tag) ? (parse(tag) ?? undefined) : undefined;
    this.#parsed.set(tag, version);
    return version;
  }

  /** Negative where the first is older; what is no version is older than every version. */
  compare(one: string, other: string): number {
    const [a, b] = [this.of(one), this.of(other)];
    if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
    return a.compare(b);
  }

  isPrerelease(tag: string): boolean {
    return (this.of(tag)?.prerelease.length ?? 0) > 0;
  }
}

/** Most tags of a large repository are hashes and dates: they need no parser. */
function looksLikeVersion(tag: string): boolean {
  return /^v?\d+\.\d+\.\d/.test(tag);
}

/**
 * The test of a range. Pre-releases belong to it by npm's rules (where the range names one of the same x.y.z), or always
 * where `prereleases` is set; then 2.0.0-rc.1 is below <2.0.0.
 */
export function compileRange(range: string, prereleases: boolean): (version: SemVer) => boolean {
  const compiled = new Range(range, { includePrerelease: prereleases });
  return (version) => compiled.test(version);
}
