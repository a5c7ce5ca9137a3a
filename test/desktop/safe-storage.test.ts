// The keychain of the desktop: offered only where it protects something, and its troubles told for what they are.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { ElectronParts } from "../../electron/desktop/electron-parts.ts";
import { keychainCipher } from "../../electron/desktop/safe-storage.ts";
import { appStage } from "../app/app-stage.ts";
import { StandInApp } from "../support/electron-stand-in/app.ts";
import { StandInSafeStorage } from "../support/electron-stand-in/safe-storage.ts";

const secret = "canary-keychain-5d11f0";

describe("S007 the desktop's keychain", () => {
  let app: StandInApp;
  let storage: StandInSafeStorage;

  beforeEach(async () => {
    app = new StandInApp();
    storage = new StandInSafeStorage(app);
    await app.becomeReady();
  });
  const cipher = (platform: NodeJS.Platform = "linux") =>
    keychainCipher({
      safeStorage: storage as unknown as ElectronParts["safeStorage"],
      platform,
      lookLimitMs: 50,
      useLimitMs: 50,
    });

  it("takes a keyring that is there", async () => {
    expect(await cipher().problem()).toBeUndefined();
    const sealed = await cipher().encrypt(secret);
    expect(Buffer.from(sealed).toString("latin1")).not.toContain(secret);
    expect(await cipher().decrypt(sealed)).toEqual({ text: secret, renew: false });
    storage.renew = true;
    expect(await cipher().decrypt(sealed)).toEqual({ text: secret, renew: true });
  });

  it.each([
    ["a session without a keyring", { backend: "basic_text" as const }],
    ["a backend that is not known", { backend: "unknown" as const }],
    ["a keyring that is named but does not run", { tag: "v10" }],
  ])(
    "does not take %s on Linux, where Electron says that it is available, and offers the vault",
    async (_what, how) => {
      Object.assign(storage, how);
      expect(await storage.isAsyncEncryptionAvailable()).toBe(true);
      expect(await cipher().problem()).toMatch(/No keyring .* Choose the vault/);
    },
  );

  it("takes the same mark on macOS and Windows, where it means something else", async () => {
    storage.tag = "v10";
    for (const platform of ["darwin", "win32"] as const)
      expect(await cipher(platform).problem()).toBeUndefined();
    expect(storage.encrypted).toBe(0);
  });

  it("does not wait for a keychain that does not answer", async () => {
    storage.silent = true;
    expect(await cipher().problem()).toMatch(/does not answer .* Choose the vault/);
    await expect(cipher().encrypt(secret)).rejects.toMatchObject({ code: "locked" });
    storage.silent = false;
    storage.available = false;
    expect(await cipher("darwin").problem()).toMatch(/not available/);
  });

  it("R009 tells a locked keyring from one that is another", async () => {
    const sealed = await cipher().encrypt(secret);
    storage.locked = true;
    await expect(cipher().decrypt(sealed)).rejects.toMatchObject({ code: "locked" });
    storage.locked = false;
    storage.key = 0x11;
    const error: unknown = await cipher()
      .decrypt(sealed)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "configuration" });
    expect(String(error)).not.toContain(secret);
  });

  it("is where a desktop saves passwords by itself: sealed in its database, and nowhere else", async () => {
    const { client, home } = await appStage({ face: "desktop", cipher: cipher() });
    expect(await client.call("secrets.status", {})).toMatchObject({
      place: "keychain",
      offered: ["keychain", "vault", "memory", "clear"],
      keychainProblem: null,
      saved: 0,
    });
    const endpoint = await client.call("endpoints.add", {
      settings: { kind: "registry", host: "registry.example.com" },
      credential: { username: "mover", password: secret },
    });
    expect(endpoint.credential.source).toBe("saved");
    expect((await client.call("secrets.status", {})).saved).toBe(1);
    const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter((it) => it.isFile());
    for (const file of files) {
      const content = (await readFile(join(file.parentPath, file.name))).toString("latin1");
      expect(content.includes(secret), file.name).toBe(false);
    }
  });
});
