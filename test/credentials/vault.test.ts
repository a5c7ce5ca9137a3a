// The vault's file: what it holds, who can open it, and what happens to one that somebody else wrote to.
import { mkdir, readdir, readFile, rmdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { VaultBox } from "../../electron/credentials/secret-box/vault-box.ts";
import { parseVault } from "../../electron/credentials/secret-box/vault-format.ts";
import { shortestPassphrase } from "../../shared/secrets.ts";
import { startChild } from "../support/child.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const passphrase = "correct horse battery";
const secret = "canary-vault-91c0de";
const { signal } = new AbortController();

interface Content {
  kdf: { n: number; r: number; p: number; salt: string; [key: string]: unknown };
  check: string;
  secrets: Record<string, string>;
  [key: string]: unknown;
}

describe("S007 a vault", () => {
  let folder: TempFolder;
  let path: string;
  let changes: number;
  let locks: number;
  let minutes: number | null;
  let now: number;

  beforeEach(async () => {
    folder = await tempFolder("vault");
    path = join(folder.path, "vault.json");
    changes = 0;
    locks = 0;
    minutes = null;
    now = 1_000_000;
  });
  afterEach(async () => {
    vi.useRealTimers();
    await folder.remove();
  });

  const box = (): VaultBox =>
    new VaultBox({
      path,
      lockAfter: () => (minutes === null ? null : minutes * 60_000),
      now: () => now,
      onChange: () => changes++,
      onLocked: () => locks++,
    });
  async function made(secrets: Record<string, string> = { "registry:a": secret }): Promise<VaultBox> {
    const vault = box();
    await vault.make(passphrase, signal);
    await vault.setAll(new Map(Object.entries(secrets)), signal);
    return vault;
  }
  const content = async (): Promise<Content> => JSON.parse(await readFile(path, "utf8")) as Content;
  const tamper = async (change: (content: Content) => unknown): Promise<void> => {
    const changed = await content();
    change(changed);
    await writeFile(path, JSON.stringify(changed));
  };

  it("keeps secrets behind its passphrase, readable by its owner only, with its cost in the header", async () => {
    await made();
    const text = await readFile(path, "utf8");
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret).toString("base64").slice(0, 16));
    expect(text).not.toContain(passphrase);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const { kdf } = await content();
    expect(kdf).toMatchObject({ name: "scrypt", p: 1, r: 8 });
    expect(kdf.n).toBeGreaterThanOrEqual(2 ** 17);

    const later = box();
    expect(later.locked).toBe(true);
    expect(later.keys()).toEqual(["registry:a"]);
    await expect(later.get("registry:a", signal)).rejects.toMatchObject({ code: "locked" });
    await expect(later.set("registry:b", "x", signal)).rejects.toMatchObject({ code: "locked" });
    expect(await later.get("registry:unknown", signal)).toBeUndefined();
    await later.unlock(passphrase, signal);
    expect(await later.get("registry:a", signal)).toBe(secret);
  });

  it("says of a wrong passphrase only that it is wrong", async () => {
    await made();
    const wrong = "canary-wrong-passphrase";
    const error: unknown = await box()
      .unlock(wrong, signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "unauthorized", message: "That is not the vault's passphrase." });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(wrong);
  });

  it("S006 refuses a passphrase that is shorter than the least", async () => {
    const short = "x".repeat(shortestPassphrase - 1);
    await expect(box().make(short, signal)).rejects.toMatchObject({ code: "usage" });
    expect(await readdir(folder.path)).toEqual([]);
    const vault = await made();
    await expect(vault.changePassphrase(passphrase, short, signal)).rejects.toMatchObject({ code: "usage" });
    await expect(box().unlock(passphrase, signal)).resolves.toBeUndefined();
  });

  it("seals the same secret differently each time", async () => {
    const vault = await made();
    const before = (await content()).secrets["registry:a"];
    await vault.set("registry:a", secret, signal);
    expect((await content()).secrets["registry:a"]).not.toBe(before);
  });

  it("takes an old passphrase for nothing once it is changed, also in a process that had it open", async () => {
    const vault = await made();
    const other = box();
    await other.unlock(passphrase, signal);
    const next = "another long passphrase";
    await expect(vault.changePassphrase("not the old passphrase", next, signal)).rejects.toMatchObject({
      code: "unauthorized",
    });
    await vault.changePassphrase(passphrase, next, signal);
    expect(await vault.get("registry:a", signal)).toBe(secret);
    expect(other.locked).toBe(true);
    await expect(other.unlock(passphrase, signal)).rejects.toMatchObject({ code: "unauthorized" });
    await other.unlock(next, signal);
    expect(await other.get("registry:a", signal)).toBe(secret);
  });

  it("opens the vault that is there instead of making another over it", async () => {
    await made();
    await expect(box().make("some other passphrase", signal)).rejects.toMatchObject({ code: "unauthorized" });
    const again = box();
    await again.make(passphrase, signal);
    expect(await again.get("registry:a", signal)).toBe(secret);
  });

  it("finds every change that somebody else made to what is sealed", async () => {
    await made({ "registry:a": secret, "registry:b": "other" });
    const whole = await readFile(path, "utf8");
    const flipped = (text: string): string => `${text.startsWith("A") ? "B" : "A"}${text.slice(1)}`;
    const sealedAs = (name: string, to: (content: Content) => string) => (it: Content) => {
      it.secrets[name] = to(it);
    };
    const cases: readonly (readonly [string, (content: Content) => unknown, string])[] = [
      ["a secret", sealedAs("registry:a", (it) => flipped(it.secrets["registry:a"] ?? "")), "configuration"],
      ["another's secret", sealedAs("registry:a", (it) => it.secrets["registry:b"] ?? ""), "configuration"],
      ["a secret cut short", sealedAs("registry:a", () => "QUJD"), "configuration"],
      ["the salt", (it) => Object.assign(it.kdf, { salt: flipped(it.kdf.salt) }), "unauthorized"],
      ["the cost", (it) => Object.assign(it.kdf, { n: it.kdf.n * 2 }), "unauthorized"],
      ["the check", (it) => Object.assign(it, { check: flipped(it.check) }), "unauthorized"],
    ];
    for (const [what, change, code] of cases) {
      await writeFile(path, whole);
      await tamper(change);
      const vault = box();
      const got: unknown = await vault
        .unlock(passphrase, signal)
        .then(() => vault.get("registry:a", signal))
        .catch((thrown: unknown) => thrown);
      expect(got, what).toMatchObject({ code });
      expect(String(got), what).not.toContain(secret);
    }
  });

  it.each([
    ["64 GiB of memory", { n: 2 ** 26, r: 8 }],
    ["memory through r", { r: 2 ** 20 }],
    ["endless rounds", { p: 1_000_000 }],
    ["a cost that is no power of two", { n: 2 ** 17 + 1 }],
    ["less than the least cost", { n: 2 ** 10 }],
    ["another function", { name: "md5" }],
    ["a salt of nothing", { salt: "" }],
  ])("refuses a header that asks for %s before it works for it", async (_what, asked) => {
    await made();
    await tamper((it) => Object.assign(it.kdf, asked));
    const vault = box();
    const began = performance.now();
    await expect(vault.unlock(passphrase, signal)).rejects.toMatchObject({ code: "configuration" });
    expect(performance.now() - began).toBeLessThan(100);
    expect(vault.problem).toContain(path);
    expect(vault.keys()).toEqual([]);
  });

  it("says that a newer version wrote it, and leaves alone what it cannot read", async () => {
    await made();
    await tamper((it) => Object.assign(it, { version: 2 }));
    expect(box().problem).toContain("a newer Freightliner wrote it");
    const before = await readFile(path, "utf8");
    await expect(box().make(passphrase, signal)).rejects.toMatchObject({ code: "configuration" });
    expect(await readFile(path, "utf8")).toBe(before);
    expect(() => parseVault("{", path)).toThrow(/not JSON/);
  });

  it("locks itself after a time without use, and while the machine sleeps", async () => {
    minutes = 5;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const vault = await made();
    changes = 0;
    vi.advanceTimersByTime(4 * 60_000);
    expect(await vault.get("registry:a", signal)).toBe(secret);
    vi.advanceTimersByTime(4 * 60_000);
    expect(vault.locked).toBe(false);
    vi.advanceTimersByTime(2 * 60_000);
    expect(vault.locked).toBe(true);
    expect([changes, locks]).toEqual([1, 1]);

    await vault.unlock(passphrase, signal);
    now += 6 * 60_000;
    await expect(vault.get("registry:a", signal)).rejects.toMatchObject({ code: "locked" });
    expect(locks).toBe(2);
    // Nothing was given out since.
    vault.lock();
    expect(locks).toBe(2);
  });

  it("forgets a secret without its passphrase", async () => {
    await made({ "registry:a": secret, "registry:b": "other" });
    const vault = box();
    await vault.remove("registry:a", signal);
    expect(vault.locked).toBe(true);
    expect(vault.keys()).toEqual(["registry:b"]);
    await vault.unlock(passphrase, signal);
    expect(await vault.get("registry:b", signal)).toBe("other");
  });

  it("sees what another process saved, and loses nothing where many write at once", async () => {
    const first = await made({});
    const second = box();
    await second.unlock(passphrase, signal);
    const names = Array.from({ length: 20 }, (_, at) => `registry:${at}`);
    await Promise.all(
      names.map((name, at) => (at % 2 === 0 ? first : second).set(name, `secret of ${name}`, signal)),
    );
    expect(first.keys()).toEqual([...names].sort());
    for (const name of names) expect(await second.get(name, signal)).toBe(`secret of ${name}`);
    expect(await readdir(folder.path)).toEqual(["vault.json"]);
  });

  it("is whole after a process was killed in the middle of writing, and its lock is taken over", async () => {
    await made();
    const script = `
      import { VaultBox } from ${JSON.stringify(new URL("../../electron/credentials/secret-box/vault-box.ts", import.meta.url).href)};
      const { signal } = new AbortController();
      const box = new VaultBox({ path: ${JSON.stringify(path)}, lockAfter: () => null, now: Date.now, onChange: () => {}, onLocked: () => {} });
      await box.unlock(${JSON.stringify(passphrase)}, signal);
      process.stdout.write("ready\\n");
      for (let at = 0; ; at++) await box.set("registry:loop", "x".repeat(100_000) + at, signal);`;
    for (let round = 0; round < 3; round++) {
      const child = startChild(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await new Promise((resolve) => child.stdout?.once("data", resolve));
      await new Promise((resolve) => setTimeout(resolve, 20 + 37 * round));
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
      const vault = box();
      await vault.unlock(passphrase, signal);
      expect(await vault.get("registry:a", signal)).toBe(secret);
      await vault.set("registry:after", `round ${round}`, signal);
      expect(await readdir(folder.path)).toEqual(["vault.json"]);
      expect(await vault.get("registry:after", signal)).toBe(`round ${round}`);
    }
  }, 60_000);

  it("tells what stands in the way of saving, and keeps what was there", async () => {
    const vault = await made();
    await mkdir(`${path}.lock`);
    await expect(vault.set("registry:b", "x", signal)).rejects.toMatchObject({ code: "io" });
    await rmdir(`${path}.lock`);
    expect(await vault.get("registry:a", signal)).toBe(secret);
    expect(await readdir(folder.path)).toEqual(["vault.json"]);
  });

  it("sweeps away what a killed process left half-written", async () => {
    const vault = await made();
    await writeFile(`${path}.6b0c.partial`, "half");
    await vault.set("registry:b", "x", signal);
    expect(await readdir(folder.path)).toEqual(["vault.json"]);
  });
});
