// Where secrets are kept: the usual places, the way from one to another, and what opens itself.
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SealedStore, SecretCipher } from "../../electron/credentials/secret-box/keychain-box.ts";
import type { PassphraseSource } from "../../electron/credentials/secret-box/passphrase-source.ts";
import { type SecretChoice, SecretKeeper } from "../../electron/credentials/secret-box/secret-keeper.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { SecretPlace } from "../../shared/secrets.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const passphrase = "correct horse battery";
const { signal } = new AbortController();

/** A keychain that turns the text around; it can be missing, or locked. */
class TestCipher implements SecretCipher {
  missing: string | undefined;
  locked = false;
  renew = false;
  async problem(): Promise<string | undefined> {
    return this.missing;
  }
  async encrypt(text: string): Promise<Uint8Array> {
    this.#check();
    return Buffer.from(`sealed ${Buffer.from(text).reverse().toString("hex")}`);
  }
  async decrypt(sealed: Uint8Array): Promise<{ text: string; renew: boolean }> {
    this.#check();
    const text = Buffer.from(Buffer.from(sealed).toString().slice("sealed ".length), "hex")
      .reverse()
      .toString();
    return { text, renew: this.renew };
  }
  #check(): void {
    if (this.locked)
      throw new FreightlinerError({
        code: "locked",
        operation: "keychain",
        message: "The keyring is locked.",
      });
  }
}

class TestSealed implements SealedStore {
  readonly rows = new Map<string, Uint8Array>();
  writes = 0;
  full = false;
  keys = (): readonly string[] => [...this.rows.keys()];
  get = (key: string): Uint8Array | undefined => this.rows.get(key);
  setAll = (all: ReadonlyMap<string, Uint8Array>): void => {
    if (this.full)
      throw new FreightlinerError({ code: "store", operation: "save", message: "The disk is full." });
    this.writes++;
    for (const [key, sealed] of all) this.rows.set(key, sealed);
  };
  remove = (key: string): void => void this.rows.delete(key);
}

describe("S007 where secrets are kept", () => {
  let folder: TempFolder;
  let cipher: TestCipher;
  let sealed: TestSealed;
  let choice: SecretChoice;
  let changes: number;

  beforeEach(async () => {
    folder = await tempFolder("secrets");
    cipher = new TestCipher();
    sealed = new TestSealed();
    choice = {};
    changes = 0;
  });
  afterEach(() => folder.remove());

  async function keeper(desktop = true, source?: PassphraseSource): Promise<SecretKeeper> {
    const opened = new SecretKeeper({
      home: folder.path,
      cipher: desktop ? cipher : undefined,
      sealed,
      choice: {
        read: () => choice,
        write: (next) => {
          choice = next;
        },
      },
      passphrase: source,
      now: Date.now,
      onChange: () => changes++,
      onLocked: () => {},
    });
    await opened.open();
    return opened;
  }
  const choose = (on: SecretKeeper, place: SecretPlace): Promise<SecretPlace> =>
    on.choose({ place, passphrase: place === "vault" ? passphrase : undefined, acceptClear: true }, signal);
  const given = (text: string): PassphraseSource => ({ name: "A_VARIABLE", read: () => text });

  it("takes the keychain on a desktop that has one, and memory elsewhere until something is chosen", async () => {
    expect((await keeper()).place).toBe("keychain");
    expect((await keeper(false)).place).toBe("memory");
    cipher.missing = "No keyring runs.";
    const without = await keeper();
    expect(without.place).toBe("memory");
    expect(await without.status()).toMatchObject({
      place: "memory",
      offered: ["vault", "memory", "clear"],
      keychainProblem: "No keyring runs.",
    });
    await expect(choose(without, "keychain")).rejects.toMatchObject({
      code: "usage",
      message: "No keyring runs.",
    });
    // It may be started later.
    cipher.missing = undefined;
    expect((await without.status()).offered).toContain("keychain");
  });

  it("takes a vault that is there on every face", async () => {
    await choose(await keeper(), "vault");
    choice = {};
    expect((await keeper()).place).toBe("vault");
    expect((await keeper(false)).place).toBe("vault");
  });

  it("says to a program without a desktop that the keychain holds what it looks for, and only of that", async () => {
    await (await keeper()).set("registry:a", "one", signal);
    const headless = await keeper(false);
    await expect(headless.get("registry:a", signal)).rejects.toMatchObject({ code: "locked" });
    expect(await headless.get("registry:b", signal)).toBeUndefined();
    expect(await headless.status()).toMatchObject({ place: "keychain", saved: null });
  });

  it("moves every secret from any place to any other, and leaves nothing behind", async () => {
    const places: readonly SecretPlace[] = [
      "memory",
      "vault",
      "keychain",
      "clear",
      "vault",
      "clear",
      "keychain",
      "memory",
    ];
    const opened = await keeper();
    await choose(opened, "memory");
    await opened.set("registry:a", "one", signal);
    await opened.set("registry:b", "two", signal);
    for (const place of places) {
      await choose(opened, place);
      expect(opened.place).toBe(place);
      expect(await opened.get("registry:a", signal)).toBe("one");
      expect(await opened.get("registry:b", signal)).toBe("two");
      const files = place === "vault" ? ["vault.json"] : place === "clear" ? ["secrets.json"] : [];
      expect(await readdir(folder.path)).toEqual(files);
      expect(sealed.rows.size).toBe(place === "keychain" ? 2 : 0);
    }
  });

  it("moves nothing where not everything can be moved", async () => {
    const opened = await keeper();
    await choose(opened, "vault");
    await opened.set("registry:a", "one", signal);
    sealed.full = true;
    await expect(choose(opened, "keychain")).rejects.toMatchObject({ code: "store" });
    expect(opened.place).toBe("vault");
    expect(await opened.get("registry:a", signal)).toBe("one");
    sealed.full = false;
    opened.lock();
    await expect(choose(opened, "memory")).rejects.toMatchObject({ code: "locked" });
    expect(opened.place).toBe("vault");
    expect(opened.keys()).toEqual(["registry:a"]);

    const fresh = await keeper();
    await fresh.unlock(passphrase, signal);
    await choose(fresh, "keychain");
    cipher.locked = true;
    await expect(choose(fresh, "vault")).rejects.toMatchObject({ code: "locked" });
    expect(fresh.place).toBe("keychain");
    expect(await readdir(folder.path)).toEqual([]);
  });

  it("writes in clear only after that was accepted, and for the owner only", async () => {
    const opened = await keeper(false);
    await opened.set("registry:a", "one", signal);
    const refused = opened.choose({ place: "clear", acceptClear: false }, signal);
    await expect(refused).rejects.toMatchObject({ code: "usage" });
    expect(await readdir(folder.path)).toEqual([]);
    await choose(opened, "clear");
    const file = join(folder.path, "secrets.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await writeFile(file, "{ broken");
    await expect(opened.get("registry:a", signal)).rejects.toMatchObject({ code: "configuration" });
    await expect(opened.set("registry:a", "x", signal)).rejects.toMatchObject({ code: "configuration" });
    expect(await readFile(file, "utf8")).toBe("{ broken");
  });

  it("opens the vault by itself where its passphrase stands in the environment, but for one that a person locked", async () => {
    await choose(await keeper(false), "vault");
    const opened = await keeper(false, given(passphrase));
    expect(opened.locked).toBe(false);
    await opened.set("registry:a", "one", signal);
    expect(await opened.get("registry:a", signal)).toBe("one");
    opened.lock();
    expect(opened.locked).toBe(true);
    await expect(opened.get("registry:a", signal)).rejects.toMatchObject({ code: "locked" });
    await opened.unlock(passphrase, signal);
    expect(await opened.get("registry:a", signal)).toBe("one");
  });

  it("tries a passphrase that does not open the vault once, and says where it stands", async () => {
    const first = await keeper(false);
    await choose(first, "vault");
    await first.set("registry:a", "one", signal);
    const wrong = "canary-wrong-in-environment";
    const opened = await keeper(false, given(wrong));
    for (let at = 0; at < 2; at++) {
      const error: unknown = await opened.get("registry:a", signal).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "locked" });
      expect(String(error)).not.toContain(wrong);
    }
    const { locked, problem } = await opened.status();
    expect({ locked, problem }).toEqual({
      locked: true,
      problem: "The passphrase in A_VARIABLE does not open the vault.",
    });
    await opened.unlock(passphrase, signal);
    expect((await opened.status()).problem).toBeNull();
  });

  it("seals anew what the keychain asks for, and not over what was saved meanwhile", async () => {
    const opened = await keeper();
    await opened.set("registry:a", "one", signal);
    cipher.renew = true;
    const before = sealed.writes;
    expect(await opened.get("registry:a", signal)).toBe("one");
    expect(sealed.writes).toBe(before + 1);
    const reading = opened.get("registry:a", signal);
    sealed.rows.set("registry:a", await cipher.encrypt("two"));
    expect(await reading).toBe("one");
    expect(await opened.get("registry:a", signal)).toBe("two");
  });

  it("S006 refuses empty and oversized secrets, and names that are none, at every place", async () => {
    const opened = await keeper();
    for (const place of ["memory", "vault", "keychain", "clear"] as const) {
      await choose(opened, place);
      for (const [key, secret] of [
        ["registry:a", ""],
        ["registry:a", "x".repeat(262_145)],
        ["a\nb", "x"],
        ["", "x"],
      ] as const)
        await expect(opened.set(key, secret, signal)).rejects.toMatchObject({ code: "usage" });
      expect(opened.keys()).toEqual([]);
    }
  });

  it("says so where the vault is gone, and makes a new one where it is chosen anew", async () => {
    const opened = await keeper(false);
    await choose(opened, "vault");
    await opened.set("registry:a", "one", signal);
    const { rm } = await import("node:fs/promises");
    await rm(join(folder.path, "vault.json"));
    expect((await opened.status()).problem).toContain("is not there");
    await expect(opened.set("registry:a", "one", signal)).rejects.toMatchObject({ code: "configuration" });
    await choose(opened, "vault");
    expect(await opened.status()).toMatchObject({ locked: false, saved: 0, problem: null });
    expect(changes).toBeGreaterThan(0);
  });
});
