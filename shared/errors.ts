// The one error class: a closed code, the side it happened on, the operation, the cause; and its form on the wire.
import { z } from "zod";

/** Every way something can go wrong. Each code has a sentence and an action in renderer/text/errors.ts. */
export const errorCodes = [
  "usage",
  "configuration",
  "invalid-reference",
  "unauthorized",
  "forbidden",
  "locked",
  "repository-unknown",
  "manifest-unknown",
  "blob-unknown",
  "unreachable",
  "disconnected",
  "tls",
  "timeout",
  "rate-limited",
  "registry-failure",
  "protocol",
  "too-large",
  "unsupported",
  "tag-immutable",
  "refused-by-registry",
  "redirect-refused",
  "upload-lost",
  "digest-mismatch",
  "size-mismatch",
  "verification-failed",
  "mapping-collision",
  "not-found",
  "illegal-transition",
  "busy",
  "cancelled",
  "store",
  "io",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];
export const errorCodeSchema = z.enum(errorCodes);

export const sides = ["source", "destination", "local"] as const;
/** Where it happened: the registry read from, the registry written to, or our own process and machine. */
export type Side = (typeof sides)[number];

/** Codes that a later try may cure by itself (facts: protocol.md 5.2). */
const retryable: ReadonlySet<ErrorCode> = new Set([
  "unreachable",
  "disconnected",
  "timeout",
  "rate-limited",
  "registry-failure",
  "upload-lost",
  "digest-mismatch",
  "size-mismatch",
]);

export interface ErrorDetails {
  readonly code: ErrorCode;
  /** One plain sentence that names the input and what was expected. Never holds a secret. */
  readonly message: string;
  readonly side?: Side;
  /** What was being done, in the protocol's words: "get-manifest", "put-blob", "token". */
  readonly operation: string;
  readonly cause?: unknown;
  /** Overrides the code's own rule on whether another try makes sense. */
  readonly retryable?: boolean;
  /** Milliseconds that the other end asked us to wait. */
  readonly retryAfterMs?: number;
  /** HTTP status of the answer, where there was one. */
  readonly status?: number;
}

export class FreightlinerError extends Error {
  readonly code: ErrorCode;
  readonly side: Side;
  readonly operation: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;

  constructor(details: ErrorDetails) {
    super(
      plain(details.message, maxMessage),
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.name = "FreightlinerError";
    this.code = details.code;
    this.side = details.side ?? "local";
    this.operation = details.operation;
    this.retryable = details.retryable ?? retryable.has(details.code);
    this.retryAfterMs = details.retryAfterMs;
    this.status = details.status;
  }

  /** The same error, said of another side; an error that already names a registry side keeps it. */
  at(side: Side): FreightlinerError {
    if (this.side !== "local" || side === "local" || localCodes.has(this.code)) return this;
    return new FreightlinerError({
      code: this.code,
      message: this.message,
      side,
      operation: this.operation,
      cause: this.cause,
      retryable: this.retryable,
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
      ...(this.status === undefined ? {} : { status: this.status }),
    });
  }
}

/** Codes that are about this process, whatever it was talking to. */
const localCodes: ReadonlySet<ErrorCode> = new Set([
  "cancelled",
  "store",
  "usage",
  "configuration",
  "illegal-transition",
  "disconnected",
]);

export const wireErrorSchema = z.object({
  code: errorCodeSchema,
  side: z.enum(sides),
  operation: z.string().max(200),
  message: z.string().max(4000),
  retryable: z.boolean(),
  retryAfterMs: z.number().nonnegative().optional(),
  status: z.number().int().optional(),
  /** Messages of the causes, outermost first. */
  causes: z.array(z.string().max(1000)).max(8),
});
export type WireError = z.infer<typeof wireErrorSchema>;

/** Characters of a message; registries are quoted in it. */
const maxMessage = 8000;

/** Control characters, terminal escapes and what turns text around never stand in a message, whoever is quoted (protocol.md 8, row 18). */
function plain(text: string, limit: number): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, " ")
      .slice(0, limit)
  );
}

function causesOf(error: unknown): string[] {
  const causes: string[] = [];
  let current = error instanceof Error ? error.cause : undefined;
  while (current !== undefined && causes.length < 8) {
    causes.push(plain(current instanceof Error ? current.message : String(current), 1000));
    current = current instanceof Error ? current.cause : undefined;
  }
  return causes;
}

/** Anything thrown, as our error: foreign errors become `internal` and keep their cause. */
export function toFreightlinerError(thrown: unknown, operation: string): FreightlinerError {
  if (thrown instanceof FreightlinerError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new FreightlinerError({ code: "internal", message: plain(message, 4000), operation, cause: thrown });
}

export function toWire(error: FreightlinerError): WireError {
  return {
    code: error.code,
    side: error.side,
    operation: plain(error.operation, 200),
    message: plain(error.message, 4000),
    retryable: error.retryable,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(error.status === undefined ? {} : { status: error.status }),
    causes: causesOf(error),
  };
}

export function fromWire(wire: WireError): FreightlinerError {
  const cause = wire.causes.reduceRight<Error | undefined>(
    (inner, message) => new Error(message, inner === undefined ? undefined : { cause: inner }),
    undefined,
  );
  return new FreightlinerError({
    code: wire.code,
    side: wire.side,
    operation: wire.operation,
    message: wire.message,
    retryable: wire.retryable,
    ...(wire.retryAfterMs === undefined ? {} : { retryAfterMs: wire.retryAfterMs }),
    ...(wire.status === undefined ? {} : { status: wire.status }),
    ...(cause === undefined ? {} : { cause }),
  });
}
