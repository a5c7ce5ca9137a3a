// A tag rule at work on a repository's whole list of tags; creation dates are asked for last, and only of tags that still matter.
import { compileGlobs, type Matcher } from "./glob.ts";
import { type Dated, type Dating, type Narrowing, narrow } from "./narrowing.ts";
import { isAttachmentTag } from "./reference.ts";
import { compileRegex } from "./regex.ts";
import type { TagRule, TagSet } from "./selection.ts";
import { compileRange, Versions } from "./versions.ts";

export interface CompiledTagRule {
  /** False where the named tags are all there can be, so that no list has to be read. */
  readonly needsList: boolean;
  /** True where the name falls under the rule, leaving age and `latest` aside. */
  matchesName(tag: string): boolean;
  /**
   * The tags that the rule takes: the named ones first, in their order and whether they are in the list or not, then the
   * others in the list's order. Each once.
   * @param list the repository's tags, each once.
   */
  select(list: readonly string[], dating: Dating): Promise<readonly string[]>;
}

const compiled = new WeakMap<TagRule, CompiledTagRule>();

/** @throws FreightlinerError `usage` that names a pattern which cannot be read (a parsed rule has none). */
export function compileTagRule(rule: TagRule): CompiledTagRule {
  let found = compiled.get(rule);
  if (found === undefined) {
    found = new RuleAtWork(rule);
    compiled.set(rule, found);
  }
  return found;
}

class RuleAtWork implements CompiledTagRule {
  readonly needsList: boolean;
  readonly #rule: TagRule;
  readonly #names: ReadonlySet<string>;
  readonly #included: Matcher;
  readonly #excluded: Matcher;
  readonly #sets: readonly CompiledSet[];

  constructor(rule: TagRule) {
    this.#rule = rule;
    this.#names = new Set(rule.names);
    this.#sets = rule.sets.map(compileSet);
    const patterns = rule.include.length + rule.sets.length;
    this.needsList = patterns > 0 || rule.names.length === 0;
    const all = rule.names.length === 0 && patterns === 0;
    this.#included = all || rule.include.length > 0 ? compileGlobs(rule.include, []) : nothing;
    this.#excluded = rule.exclude.length > 0 ? compileGlobs(rule.exclude, []) : nothing;
  }

  matchesName(tag: string): boolean {
    if (this.#names.has(tag)) return !this.#excluded.matches(tag);
    if (!this.#isOpen(tag)) return false;
    const versions = new Versions();
    return this.#included.matches(tag) || this.#sets.some((set) => set.matches(tag, versions));
  }

  async select(list: readonly string[], dating: Dating): Promise<readonly string[]> {
    const named = [...this.#names].filter((tag) => !this.#excluded.matches(tag));
    if (!this.needsList) return named;
    const open = list.filter((tag) => this.#isOpen(tag));
    const versions = new Versions();
    const wanted = new Set(open.filter((tag) => this.#included.matches(tag)));
    const welcome = new Set<string>();
    for (const set of this.#sets) {
      for (const tag of await selectSet(set, open, { versions, dating })) {
        wanted.add(tag);
        if (set.prereleasesAsked) welcome.add(tag);
      }
    }
    const { newerThanSeconds, latest } = this.#rule;
    const narrowing: Narrowing = { newerThanSeconds, latest, prereleasesCount: (tag) => welcome.has(tag) };
    const left = await narrow(
      open.filter((tag) => wanted.has(tag)),
      narrowing,
      { versions, dating },
    );
    return [...new Set([...named, ...left])];
  }

  /** Attachments are found by what they belong to, never by a pattern. */
  #isOpen(tag: string): boolean {
    return !isAttachmentTag(tag) && !this.#excluded.matches(tag);
  }
}

interface CompiledSet extends Narrowing {
  /** By its name alone. */
  matches(tag: string, versions: Versions): boolean;
  readonly prereleasesAsked: boolean;
}

function compileSet(set: TagSet): CompiledSet {
  const conditions: ((tag: string, versions: Versions) => boolean)[] = [];
  if (set.glob !== undefined) {
    const glob = compileGlobs([set.glob], []);
    conditions.push((tag) => glob.matches(tag));
  }
  if (set.regex !== undefined) {
    const regex = compileRegex(set.regex);
    conditions.push((tag) => regex.matches(tag));
  }
  if (set.semver !== undefined) {
    const inRange = compileRange(set.semver, set.prereleases);
    conditions.push((tag, versions) => {
      const version = versions.of(tag);
      return version !== undefined && inRange(version);
    });
  }
  // A range says by itself which pre-releases it wants.
  const asked = set.prereleases || set.semver !== undefined;
  return {
    newerThanSeconds: set.newerThanSeconds,
    latest: set.latest,
    prereleasesCount: () => asked,
    prereleasesAsked: asked,
    matches: (tag, versions) => conditions.every((condition) => condition(tag, versions)),
  };
}

function selectSet(set: CompiledSet, open: readonly string[], dated: Dated): Promise<readonly string[]> {
  return narrow(
    open.filter((tag) => set.matches(tag, dated.versions)),
    set,
    dated,
  );
}

const nothing: Matcher = { matches: () => false };
