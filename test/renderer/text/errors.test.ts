// Every error code has words: a sentence that names the place, advice where it helps, an action with a label.
import { describe, expect, it } from "vitest";
import { actionLabel, errorText, explainError } from "../../../renderer/text/errors.ts";
import { errorCodes, sides } from "../../../shared/errors.ts";

const names = { source: "Staging", destination: "Production", other: "registry.example" };

describe("explainError", () => {
  it.each(errorCodes)("says %s in one plain sentence on every side", (code) => {
    for (const side of sides) {
      const said = explainError({ code, side, message: "as the registry said it" }, names);
      expect(said.sentence).toMatch(/^[A-Zr][^\n]{10,200}\.$/);
      expect(said.sentence).not.toContain(code.includes("-") ? code : "undefined");
      expect(said.detail).toBe("as the registry said it");
      if (said.action !== "none") expect(actionLabel(said.action)).toMatch(/\w/);
      if (said.action !== "none") expect(said.advice).toMatch(/\.$/);
    }
  });

  it("names the side and the person's own name for it", () => {
    expect(explainError({ code: "unreachable", side: "source", message: "" }, names).sentence).toBe(
      "The source (Staging) cannot be reached.",
    );
    expect(explainError({ code: "digest-mismatch", side: "destination", message: "" }, names).sentence).toBe(
      "What the destination (Production) sent is not what its digest says.",
    );
    expect(explainError({ code: "timeout", side: "local", message: "" }, names).sentence).toBe(
      "registry.example did not answer in time.",
    );
  });

  it("keeps a name with a dollar sign as it is", () => {
    const { sentence } = explainError(
      { code: "digest-mismatch", side: "source", message: "" },
      { source: "$& and $1" },
    );
    expect(sentence).toContain("($& and $1)");
  });

  it("says how long the registry asked to wait", () => {
    const said = explainError({ code: "rate-limited", side: "source", message: "", retryAfterMs: 59_200 });
    expect(said.advice).toContain("60 s");
  });

  it("offers a sign-in where a credential is wanted and nothing where nothing helps", () => {
    expect(explainError({ code: "unauthorized", side: "source", message: "" }).action).toBe("sign-in");
    expect(explainError({ code: "cancelled", side: "local", message: "" }).action).toBe("none");
    expect(actionLabel("none")).toBeUndefined();
  });

  it("gives title and advice alone", () => {
    expect(errorText({ code: "cancelled", side: "local", message: "x" })).toEqual({
      title: "It was cancelled.",
      action: "",
    });
  });
});
