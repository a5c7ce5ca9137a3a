// The operating system's keychain as the cipher of saved secrets: only where it really protects them.
import { FreightlinerError } from "../../shared/errors.ts";
import type { SecretCipher } from "../app/secret-storage.ts";
import type { ElectronParts } from "./electron-parts.ts";

/** Milliseconds that a keychain may take to say whether it is there; the window waits for it. */
const lookLimitMs = 3_000;
/** Milliseconds that it may take otherwise: it may ask the person first. */
const useLimitMs = 60_000;

const offer = "Choose the vault to save passwords behind a passphrase, or they stay in memory only.";

export interface SafeStorageOptions {
  /** Used only after Electron is ready. */
  readonly safeStorage: ElectronParts["safeStorage"];
  readonly platform: NodeJS.Platform;
  readonly lookLimitMs?: number;
  readonly useLimitMs?: number;
}

/**
 * Electron's asynchronous safeStorage: https://www.electronjs.org/docs/latest/api/safe-storage. On Linux it also encrypts
 * where there is no keyring, with a key that stands in Chromium's source, and says that it is available; so a probe is
 * encrypted, and what begins with `v10` is taken for what it is:
 * https://source.chromium.org/chromium/chromium/src/+/main:components/os_crypt/async/browser/posix_key_provider.cc
 */
export function keychainCipher(options: SafeStorageOptions): SecretCipher {
  const { safeStorage, platform } = options;
  const look = options.lookLimitMs ?? lookLimitMs;
  const use = options.useLimitMs ?? useLimitMs;

  const linuxProblem = async (): Promise<string | undefined> => {
    const none = `No keyring (GNOME Keyring, KWallet or a secrets portal) is at work in this session. ${offer}`;
    const backend = safeStorage.getSelectedStorageBackend();
    if (backend === "basic_text" || backend === "unknown") return none;
    const probe = await within(safeStorage.encryptStringAsync("probe"), look);
    return probe.subarray(0, 3).toString("latin1") === "v10" ? none : undefined;
  };

  return {
    problem: async () => {
      try {
        if (!(await within(safeStorage.isAsyncEncryptionAvailable(), look)))
          return `The system's keychain is not available. ${offer}`;
        return platform === "linux" ? await linuxProblem() : undefined;
      } catch (thrown) {
        return `The system's keychain does not answer (${wordsOf(thrown)}). ${offer}`;
      }
    },
    encrypt: async (text) => {
      try {
        return await within(safeStorage.encryptStringAsync(text), use);
      } catch (thrown) {
        throw unavailable("encrypt-secret", thrown);
      }
    },
    decrypt: async (sealed) => {
      try {
        const { result, shouldReEncrypt } = await within(
          safeStorage.decryptStringAsync(Buffer.from(sealed)),
          use,
        );
        return { text: result, renew: shouldReEncrypt };
      } catch (thrown) {
        if (isForNow(thrown)) throw unavailable("decrypt-secret", thrown);
        throw new FreightlinerError({
          code: "configuration",
          operation: "decrypt-secret",
          message:
            "A saved password cannot be decrypted with this keychain: it was saved with another one. Sign in anew.",
          cause: thrown,
        });
      }
    },
  };
}

class TooLate extends Error {}

/** A keyring that is locked, or asks the person and gets no answer: nothing is wrong with what was saved. */
function isForNow(thrown: unknown): boolean {
  return thrown instanceof TooLate || /temporarily unavailable|not available/i.test(wordsOf(thrown));
}

function unavailable(operation: string, cause: unknown): FreightlinerError {
  return new FreightlinerError({
    code: "locked",
    operation,
    message: `The system's keychain with the saved passwords cannot be had for now (${wordsOf(cause)}); unlock it.`,
    cause,
  });
}

/** Electron's own words; what is encrypted is never part of them. */
function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message.slice(0, 200) : "unknown";
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate(`no answer within ${ms / 1000} seconds`)), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
