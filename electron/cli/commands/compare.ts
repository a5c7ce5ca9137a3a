// `compare A B`: what is missing, different and extra between two registries, repositories or images.
import type { Command } from "commander";
import { toFreightlinerError, toWire, type WireError } from "../../../shared/errors.ts";
import { errorDocument } from "../../app/run-document.ts";
import { compareImages } from "../compare-images.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-code.ts";
import type { Values } from "../option-values.ts";
import { addPairOptions, openPair, type PairRequest, readPairRequest } from "../pair-request.ts";
import type { Pair } from "../places.ts";
import { nameAt, type RepositoryPair, repositoryPairs, type Sides, tagsOf } from "../repository-pairs.ts";
import { errorLines } from "../run-text.ts";
import { printJson, printLine, printNote, readGlobals, type Session, withSession } from "../session.ts";
import { type CommandContext, examples } from "./command-context.ts";

export function addCompare(program: Command, context: CommandContext): void {
  const command = program
    .command("compare")
    .description(
      "tell what is missing, different and extra at the second of two registries, repositories or images; exit code 0 also where they differ",
    )
    .argument("<source>", "host[:port], host/repository or host/repository:tag; oci:DIR; a saved name")
    .argument("<destination>", "the same kind of thing on the other side");
  addPairOptions(command);
  command.addHelpText(
    "after",
    examples(
      "compare localhost:5000 localhost:5001 --repository-pattern 'team/**'",
      "compare localhost:5000/team/app localhost:5001/team/app --json",
      "compare localhost:5000/team/app:v1 localhost:5001/team/app:v1",
    ),
  );
  command.action(async (source: string, destination: string) => {
    const values: Values = command.optsWithGlobals();
    const request: CompareRequest = {
      ...readPairRequest(values, source, destination),
    };
    context.finish(
      await withSession(context.io, readGlobals(values), (session) => compare(session, request)),
    );
  });
}

interface CompareRequest extends PairRequest {}

async function compare(session: Session, request: CompareRequest): Promise<ExitCode> {
  const { pair, sides } = await openPair(session, request);
  if (pair.level === "image") return compareImages(session, sides, pair.source, pair.destination);
  return new TagComparison(session, sides, request).run(pair);
}

/** One tag that is not the same on both sides. */
interface Row {
  readonly source: string | null;
  readonly destination: string | null;
  readonly source_digest: string | null;
  readonly destination_digest: string | null;
}

type Finding = "missing" | "different" | "extra";

class TagComparison {
  readonly #session: Session;
  readonly #sides: Sides;
  readonly #request: CompareRequest;
  /** Kept only where one document is to be printed. */
  readonly #rows: Record<Finding, Row[]> = { missing: [], different: [], extra: [] };
  readonly #counts: Record<Finding, number> = { missing: 0, different: 0, extra: 0 };
  readonly #unreadable: { repository: string; error: WireError }[] = [];
  #same = 0;

  constructor(session: Session, sides: Sides, request: CompareRequest) {
    this.#session = session;
    this.#sides = sides;
    this.#request = request;
  }

  async run(pair: Exclude<Pair, { readonly level: "image" }>): Promise<ExitCode> {
    const { io, globals, stop } = this.#session;
    for await (const repositories of repositoryPairs(this.#session, this.#sides, pair, this.#request.rule)) {
      stop.throwIfAborted();
      try {
        await this.#compare(repositories);
      } catch (thrown) {
        if (stop.aborted) throw thrown;
        this.#tellUnreadable(repositories, toWire(toFreightlinerError(thrown, "compare")));
      }
    }
    const { missing, different, extra } = this.#counts;
    if (globals.json) {
      const unreadable = this.#unreadable.map(({ repository, error }) => ({
        repository,
        error: errorDocument(error),
      }));
      printJson(io, { ...this.#rows, same: this.#same, ...(unreadable.length > 0 ? { unreadable } : {}) });
    } else {
      printLine(io, `${this.#same} the same, ${missing} missing, ${different} different, ${extra} extra.`);
    }
    const [first] = this.#unreadable;
    return first === undefined ? exitCodes.done : exitCodeOf(first.error.code);
  }

  async #compare({ source, destination }: RepositoryPair): Promise<void> {
    const { tags } = this.#request;
    const { source: from, destination: to } = this.#sides;
    if (source === null || destination === null) return this.#oneSided({ source, destination });
    const found = await this.#session.client.call(
      "compare.tags",
      {
        sourceId: from.id,
        sourceRepository: source,
        destinationId: to.id,
        destinationRepository: destination,
        ...(tags === undefined ? {} : { tags }),
        most: Number.MAX_SAFE_INTEGER,
      },
      this.#session.stop,
    );
    this.#same += found.same;
    const row = (tag: string, sourceDigest: string | null, destinationDigest: string | null): Row => ({
      source: nameAt(from, source, tag),
      destination: nameAt(to, destination, tag),
      source_digest: sourceDigest,
      destination_digest: destinationDigest,
    });
    for (const { tag, sourceDigest } of found.missing) this.#add("missing", row(tag, sourceDigest, null));
    for (const { tag, sourceDigest, destinationDigest } of found.different)
      this.#add("different", row(tag, sourceDigest, destinationDigest));
    for (const { tag, destinationDigest } of found.extra)
      this.#add("extra", row(tag, null, destinationDigest));
  }

  /** A repository that the other side does not have at all: its tags are listed, their digests are not asked for. */
  async #oneSided({ source, destination }: RepositoryPair): Promise<void> {
    const { tags } = this.#request;
    const { source: from, destination: to } = this.#sides;
    const unknown = { source_digest: null, destination_digest: null };
    if (source !== null) {
      for await (const tag of tagsOf(this.#session, from.id, source, tags))
        this.#add("missing", { source: nameAt(from, source, tag), destination: null, ...unknown });
    }
    if (destination !== null) {
      for await (const tag of tagsOf(this.#session, to.id, destination, tags))
        this.#add("extra", { source: null, destination: nameAt(to, destination, tag), ...unknown });
    }
  }

  #add(finding: Finding, row: Row): void {
    const { io, globals } = this.#session;
    this.#counts[finding]++;
    if (globals.json) this.#rows[finding].push(row);
    else printLine(io, `${finding.padEnd(9)}  ${row.source ?? row.destination}`);
  }

  #tellUnreadable({ source, destination }: RepositoryPair, error: WireError): void {
    const repository = source ?? destination ?? "";
    this.#unreadable.push({ repository, error });
    printNote(this.#session.io, errorLines(`${repository}: ${error.message}`, error.causes).join("\n"));
  }
}
