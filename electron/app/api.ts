// The contract, implemented: each group of methods lives in its own file under api/.
import type { Api, Capabilities } from "../../shared/contract.ts";
import { archiveMethods } from "./api/archives.ts";
import { attachmentMethods } from "./api/attachments.ts";
import { backupMethods } from "./api/backups.ts";
import { browseMethods } from "./api/browse.ts";
import { compareMethods } from "./api/compare.ts";
import { deleteMethods } from "./api/delete.ts";
import { deskMethods } from "./api/desk.ts";
import { doctorMethods } from "./api/doctor.ts";
import { endpointMethods } from "./api/endpoints.ts";
import { hintMethods } from "./api/hints.ts";
import { hostMethods } from "./api/hosts.ts";
import { jobMethods } from "./api/jobs.ts";
import { limitMethods } from "./api/limits.ts";
import { manyRunsMethods } from "./api/many-runs.ts";
import { probeMethods } from "./api/probe.ts";
import { proxySignInMethods } from "./api/proxy-sign-in.ts";
import { reportMethods } from "./api/report.ts";
import { runMethods } from "./api/runs.ts";
import { secretMethods } from "./api/secrets.ts";
import { supportMethods } from "./api/support.ts";
import { syncFileMethods } from "./api/sync-files.ts";
import type { Desk } from "./desk.ts";
import type { CallContext } from "./dispatch.ts";
import { parseSetting } from "./parse-setting.ts";
import type { Services } from "./services.ts";

export function createApi(services: Services, capabilities: Capabilities, desk?: Desk): Api<CallContext> {
  const { dataFolder: home, version } = capabilities;
  return {
    "app.hello": async () => capabilities,
    "samples.start": async () => {
      const stored = await services.samples.start();
      return { endpoints: stored.map((endpoint) => services.pool.describe(endpoint)) };
    },
    ...probeMethods(services),
    ...secretMethods(services),
    ...hintMethods(services),
    ...proxySignInMethods(services),
    ...endpointMethods(services),
    ...browseMethods(services),
    ...attachmentMethods(services),
    ...deleteMethods(services),
    ...compareMethods(services),
    ...runMethods(services),
    ...manyRunsMethods(services),
    ...reportMethods(services, version),
    ...jobMethods(services),
    ...hostMethods(services),
    ...limitMethods(services),
    ...backupMethods(services),
    ...archiveMethods(services),
    ...syncFileMethods(services, home),
    ...supportMethods(services, capabilities),
    ...doctorMethods(services, capabilities),
    ...deskMethods({ desk, home, version }),
    "settings.get": async () => ({ settings: { ...services.store.settings.all() } }),
    "settings.set": async ({ key, value }) => {
      const kept = parseSetting(key, value);
      services.store.settings.set(key, kept);
      services.hub.emit("settings.changed", { key, value: kept ?? null });
      return {};
    },
  };
}
