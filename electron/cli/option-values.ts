// Values of options, read where commander reads them, so that a wrong one is told with its option and what was expected.
import { InvalidArgumentError } from "commander";
import type { z } from "zod";
import {
  ageExpectation,
  parseAge,
  parseShare,
  parseSpeed,
  shareExpectation,
  speedExpectation,
} from "../../shared/amounts.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { parseRetryFor, retryForExpectation } from "../app/config.ts";

/** What commander read, by the options' names in camel case. */
export type Values = Readonly<Record<string, unknown>>;

export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= minimum && number <= maximum) return number;
    throw new InvalidArgumentError(`expected a whole number from ${minimum} to ${maximum}.`);
  };
}

function amount(parse: (text: string) => number | undefined, expectation: string): (text: string) => number {
  return (text) => {
    const value = parse(text);
    if (value !== undefined) return value;
    throw new InvalidArgumentError(`${expectation}.`);
  };
}

/** Bytes per second. */
export const speed = amount(parseSpeed, speedExpectation);
/** Seconds. */
export const age = amount(parseAge, ageExpectation);
/** Milliseconds. */
export const retryTime = amount(parseRetryFor, retryForExpectation);
/** 0 to 1. */
export const share = amount(parseShare, shareExpectation);

/** A question has its end already. */
export function ended(sentence: string): string {
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** Text that a schema of the contract takes. */
export function checked<Output>(schema: z.ZodType<Output>): (text: string) => Output {
  return (text) => {
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(ended(parsed.error.issues[0]?.message ?? "this is not possible here"));
  };
}

/** Text that a parser of ours takes. */
export function parsed<Output>(parse: (text: string) => Output): (text: string) => Output {
  return (text) => {
    try {
      return parse(text);
    } catch (thrown) {
      if (thrown instanceof FreightlinerError) throw new InvalidArgumentError(thrown.message);
      throw thrown;
    }
  };
}

/** For options that may be given several times. */
export function each<Item>(read: (text: string) => Item): (text: string, before: unknown) => Item[] {
  return (text, before) => [...(Array.isArray(before) ? (before as Item[]) : []), read(text)];
}

/** `a,b` and several times. */
export function eachOfList<Item>(read: (text: string) => Item): (text: string, before: unknown) => Item[] {
  return (text, before) => [
    ...(Array.isArray(before) ? (before as Item[]) : []),
    ...text.split(",").map((part) => read(part.trim())),
  ];
}

/** The items of an option that may be given several times, as its schema knows them. */
export function listOf<Item>(values: Values, name: string, schema: z.ZodType<Item>): Item[] {
  const value = values[name];
  return Array.isArray(value) ? value.map((item) => schema.parse(item)) : [];
}

export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

export function numberOf(values: Values, name: string): number | undefined {
  const value = values[name];
  return typeof value === "number" ? value : undefined;
}
