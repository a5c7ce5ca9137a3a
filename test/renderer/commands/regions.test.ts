// F6 around the window: every part once, from the row that one was on, and past the rail at one go.
import { beforeEach, expect, it } from "vitest";
import { goToRegion, goToScreen } from "../../../renderer/commands/regions.ts";

const row = (id: string, tabIndex: number): string =>
  `<div id="${id}" data-index="0" tabindex="${tabIndex}"></div>`;

beforeEach(() => {
  document.body.innerHTML = `
    <nav data-region><button>Skip</button><button id="here" aria-current="page">Transfer</button></nav>
    <main>
      <section data-region data-begins="grid">
        <div role="tree">${row("repository", 0)}</div><div role="grid">${row("other", -1)}${row("tag", 0)}</div>
      </section>
      <section data-region data-begins="grid"><div role="tree">${row("right", 0)}</div></section>
    </main>
    <section data-region></section>`;
});

const focused = (): string | undefined => document.activeElement?.id;

it("goes from part to part and back, past one that holds nothing", () => {
  const seen = [1, 1, 1, 1, -1].map((step) => {
    goToRegion(step as 1 | -1);
    return focused();
  });
  expect(seen).toEqual(["tag", "right", "here", "tag", "here"]);
});

it("goes past the rail to the screen", () => {
  document.getElementById("here")?.focus();
  goToScreen();
  expect(focused()).toBe("tag");
});
