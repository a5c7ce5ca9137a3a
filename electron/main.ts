// The entry of the desktop program: options, configuration, and the shell; thin, because nothing here may be awaited.
import { join } from "node:path";
import { readConfig } from "./app/config.ts";
import { createApp } from "./app/create-app.ts";
import { createLog } from "./app/log.ts";
import { keepHeapYoung } from "./app/young-heap.ts";
import { desktopCan } from "./desktop/can.ts";
import { readLaunchOptions } from "./desktop/launch-options.ts";
import { loadUpdater } from "./desktop/load-updater.ts";
import { realElectron } from "./desktop/real-electron.ts";
import { keychainCipher } from "./desktop/safe-storage.ts";
import { startDesktop } from "./desktop/start.ts";

keepHeapYoung();
const launch = readLaunchOptions(process.argv);
const config = readConfig({ home: launch.home });
const log = createLog({ level: config.logLevel, destination: join(config.home, "logs", "desktop.log") });
const { isPackaged } = realElectron.app;

startDesktop({
  electron: realElectron,
  launch,
  log,
  process,
  home: config.home,
  argv: process.argv,
  platform: process.platform,
  now: Date.now,
  rendererFolder: join(import.meta.dirname, "..", "renderer"),
  preload: join(import.meta.dirname, "..", "preload", "preload.cjs"),
  print: (line) => process.stdout.write(`${line}\n`),
  loadUpdater: () => loadUpdater(isPackaged ? process.resourcesPath : undefined),
  createApp: (desk) =>
    createApp({
      face: "desktop",
      config,
      log,
      desk,
      cipher: keychainCipher({ safeStorage: realElectron.safeStorage, platform: process.platform }),
      can: desktopCan(desk.updates.get().state !== "unsupported"),
      // In a package the addon lies outside the archive, because the system's loader cannot read inside.
      ...(isPackaged ? { nativeBinding: join(process.resourcesPath, "native", "better_sqlite3.node") } : {}),
    }),
});
