// Configuration from the environment, and the guard against a Node that would crash.

import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readConfig } from "../../electron/app/config.ts";
import { createLog, silentLog } from "../../electron/app/log.ts";
import { nodeVersionProblem } from "../../electron/app/node-version.ts";
import { tempFolder } from "../support/temp.ts";
import { testFolder } from "../support/test-folder.ts";

describe("configuration", () => {
  it("finds the data folder of each platform", () => {
    expect(readConfig({}, { XDG_DATA_HOME: "/data" }, "linux").home).toBe("/data/freightliner");
    expect(readConfig({}, {}, "linux").home).toMatch(/\.local\/share\/freightliner$/);
    expect(readConfig({}, {}, "darwin").home).toMatch(/Application Support\/Freightliner$/);
    expect(readConfig({}, { APPDATA: "/roaming" }, "win32").home).toMatch(/roaming.Freightliner$/);
    expect(readConfig({}, {}, "win32").home).toMatch(/Freightliner$/);
  });
  it("lets the command line win over the environment", () => {
    const env = {
      FREIGHTLINER_HOME: "/env",
      FREIGHTLINER_LOG_LEVEL: "info",
      NO_COLOR: "1",
      DOCKER_CONFIG: "/docker",
      PATH: "/bin",
    };
    const config = readConfig({ home: "/flag" }, env, "linux");
    expect(config).toMatchObject({
      home: "/flag",
      logLevel: "info",
      colour: false,
      dockerConfigFile: "/docker/config.json",
      helperPath: "/bin",
    });
    expect(readConfig({}, { ...env, NO_COLOR: "" }, "linux").colour).toBe(true);
    expect(readConfig({}, env, "linux").home).toBe("/env");
  });
  it("O004: names a setting that it cannot read", () => {
    expect(() => readConfig({}, { FREIGHTLINER_PART_SIZE: "many" }, "linux")).toThrow(
      'FREIGHTLINER_PART_SIZE is "many"; expected a number of bytes',
    );
    expect(readConfig({}, { FREIGHTLINER_PARTS_FROM: "1000" }, "linux").transfer.partsFrom).toBe(1000);
    expect(() => readConfig({}, { FREIGHTLINER_RETRY_FOR: "long" }, "linux")).toThrow(
      'FREIGHTLINER_RETRY_FOR is "long"; expected a number with s, m, h, d or w for seconds to weeks, like 90s or 15m, or 0.',
    );
    const retryFor = (text: string) => readConfig({}, { FREIGHTLINER_RETRY_FOR: text }, "linux").retryFor;
    expect(["", "90s", "2h", "0"].map(retryFor)).toEqual([900_000, 90_000, 7_200_000, 0]);
    expect(() => readConfig({ logLevel: "loud" }, {}, "linux")).toThrow(
      'The log level "loud" is not known; expected one of',
    );
  });
});

describe("the version guard", () => {
  it("says what to do on a Node that would crash", () => {
    expect(nodeVersionProblem("v20.20.2")).toContain(
      "Freightliner needs Node 24 or newer, but this is Node v20.20.2",
    );
    expect(nodeVersionProblem("v24.21.0")).toBeUndefined();
    expect(nodeVersionProblem("26.0.0")).toBeUndefined();
  });
});

describe("the log", () => {
  it("O002: writes JSON lines with secrets redacted", async () => {
    const file = join(await testFolder("log"), "log.jsonl");
    const log = createLog({ level: "info", destination: file });
    log.debug({ a: 1 }, "not written");
    log.info(
      { host: "h", password: "canary", nested: { token: "canary" }, deep: { er: { secret: "canary" } } },
      "signed in",
    );
    const lines = readFileSync(file, "utf8").trim().split("\n");
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ msg: "signed in", host: "h", password: "[redacted]" });
    expect(lines[0]).not.toContain("canary");
    expect(silentLog.info({}, "nothing")).toBeUndefined();
  });
});

it("takes the vault's passphrase out of the environment, and reads a file's first line when it is asked for", async () => {
  const env: NodeJS.ProcessEnv = { HOME: "/home/me", FREIGHTLINER_VAULT_PASSPHRASE: "from the variable" };
  expect(readConfig({}, env).vaultPassphrase?.read()).toBe("from the variable");
  expect(env).not.toHaveProperty("FREIGHTLINER_VAULT_PASSPHRASE");
  // Who reads it again, as serve does with a sync file, has it all the same.
  expect(readConfig({}, env).vaultPassphrase?.read()).toBe("from the variable");
  expect(JSON.stringify(readConfig({}, env))).not.toContain("from the variable");

  const folder = await tempFolder("passphrase");
  onTestFinished(() => folder.remove());
  const file = join(folder.path, "passphrase");
  const source = readConfig({}, { FREIGHTLINER_VAULT_PASSPHRASE_FILE: file }).vaultPassphrase;
  expect(() => source?.read()).toThrow(/passphrase.* cannot be read \(ENOENT\)/);
  await writeFile(file, "from the file\r\nand a remark\n");
  expect(source?.read()).toBe("from the file");
  await writeFile(file, "\n");
  expect(() => source?.read()).toThrow(/nothing in its first line/);
  expect(readConfig({}, {}).vaultPassphrase).toBeUndefined();
});
