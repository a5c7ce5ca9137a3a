// From what the schema found wrong to problems with a place and an expectation that a person can act on.
import type { z } from "zod";
import { type Issue, sentence, unknownKeysOf } from "./sync-file-sentence.ts";
import { perKey } from "./sync-file-strict.ts";
import type { FileProblem, FileText, Path } from "./sync-file-text.ts";

/** The problems of one part of the file that lies at `base`. */
export function problemsOf(text: FileText, base: Path, issues: readonly Issue[]): FileProblem[] {
  return issues.flatMap((issue) => {
    const path: Path = [
      ...base,
      ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part)),
    ];
    const keys = unknownKeysOf(issue);
    if (keys === undefined) return [text.problem(path, sentence(issue))];
    const sentences = issue.message.split(perKey);
    return keys.map((key, index) => text.keyProblem([...path, key], sentences[index] ?? issue.message));
  });
}

/** Parses one part; what is wrong with it goes to `problems`. */
export function parsePart<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  at: { readonly text: FileText; readonly path: Path; readonly problems: FileProblem[] },
): Output | undefined {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  at.problems.push(...problemsOf(at.text, at.path, parsed.error.issues));
  return undefined;
}
