// Errors keep code, side, operation and causes over the wire, and nothing that could hurt a terminal.
import { describe, expect, it } from "vitest";
import { assertNever } from "../../shared/assert-never.ts";
import {
  FreightlinerError,
  fromWire,
  toFreightlinerError,
  toWire,
  wireErrorSchema,
} from "../../shared/errors.ts";

describe("errors", () => {
  const error = new FreightlinerError({
    code: "rate-limited",
    message: "too many\u001b[31m requests",
    operation: "get-manifest",
    cause: new Error("outer", { cause: new Error("inner") }),
    retryAfterMs: 1500,
    status: 429,
  });

  it("survive the wire", () => {
    const wire = wireErrorSchema.parse(JSON.parse(JSON.stringify(toWire(error.at("source")))));
    expect(wire).toMatchObject({
      code: "rate-limited",
      side: "source",
      retryAfterMs: 1500,
      status: 429,
      causes: ["outer", "inner"],
    });
    const back = fromWire(wire);
    expect(back).toBeInstanceOf(FreightlinerError);
    expect(back.retryable).toBe(true);
    expect(back.cause).toMatchObject({ message: "outer", cause: { message: "inner" } });
    expect(back.message).not.toContain("\u001b");
  });
  it("take a side once, and local ones never", () => {
    expect(error.at("source").at("destination").side).toBe("source");
    expect(error.at("local")).toBe(error);
    const cancelled = new FreightlinerError({ code: "cancelled", message: "x", operation: "y" });
    expect(cancelled.at("source").side).toBe("local");
  });
  it("wrap what is foreign", () => {
    expect(toFreightlinerError(error, "x")).toBe(error);
    expect(toFreightlinerError(new TypeError("boom"), "here")).toMatchObject({
      code: "internal",
      operation: "here",
      retryable: false,
    });
    expect(toFreightlinerError("text", "here").message).toBe("text");
    expect(toWire(toFreightlinerError(new Error("a"), "b")).causes).toEqual(["a"]);
  });
  it("make a forgotten case visible", () => {
    expect(() => assertNever("case" as never)).toThrow("case");
  });
});
