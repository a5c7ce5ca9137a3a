// A machine outside of Azure where nothing answers for its managed identity: who signed in with az is asked after a second.
// In a file of its own: Microsoft's library finds the endpoint once in a process and keeps it.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import type { CloudNetwork } from "../../../electron/credentials/cloud/cloud-identity.ts";
import { cloudEnvironment } from "../../support/vendors/cloud-environment.ts";
import { type HttpServer, startHttpServer } from "../../support/vendors/http-server.ts";
import { identity, networkOfThisMachine, never, secretOf } from "./stage.ts";

const metadata = "http://169.254.169.254";

/** The line as it is; what is for the metadata service goes to the server. */
function instead(server: HttpServer): CloudNetwork {
  return (owner) => {
    const line = networkOfThisMachine(owner);
    return {
      call: (request) => line.call({ ...request, url: request.url.replace(metadata, server.url) }),
      get failure() {
        return line.failure;
      },
      close: () => line.close(),
    };
  };
}

it("does not wait for a metadata service that swallows its requests", async () => {
  const silent = await startHttpServer(() => new Promise<never>(() => undefined));
  onTestFinished(() => silent.stop());
  const home = cloudEnvironment();
  const bin = join(home, "bin");
  mkdirSync(bin);
  const token = { accessToken: "of-az", expires_on: Math.floor(Date.now() / 1000) + 3600 };
  writeFileSync(join(bin, "az"), `#!/bin/sh\necho '${JSON.stringify(token)}'\n`);
  chmodSync(join(bin, "az"), 0o755);
  vi.stubEnv("PATH", `${bin}${delimiter}${process.env.PATH ?? ""}`);
  const azure = identity({ host: "acme.azurecr.io" }, undefined, { network: instead(silent) });
  const began = performance.now();
  expect(secretOf(await azure.get(never))).toBe("of-az");
  expect(silent.asked.map(({ url }) => url.pathname)).toEqual(["/metadata/identity/oauth2/token"]);
  // One second for the probe; the line itself would wait ten for an answer.
  expect(performance.now() - began).toBeLessThan(8_000);
}, 30_000);
