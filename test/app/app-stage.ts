// An app in its own data folder with a client that keeps the events it hears.
import { onTestFinished } from "vitest";
import { readConfig } from "../../electron/app/config.ts";
import { type App, type AppOptions, createApp } from "../../electron/app/create-app.ts";
import { silentLog } from "../../electron/app/log.ts";
import type { ContractClient } from "../../shared/client.ts";
import type { EventData, EventName } from "../../shared/contract.ts";
import { tempFolder } from "../support/temp.ts";

export interface AppStage {
  readonly app: App;
  readonly home: string;
  readonly client: ContractClient;
  /** What was heard under that name so far. */
  heard<E extends EventName>(name: E): readonly EventData<E>[];
}

export interface StageOptions extends Partial<Omit<AppOptions, "config">> {
  readonly home?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Everything is closed and removed when the test ends. */
export async function appStage({ home, env = {}, ...options }: StageOptions = {}): Promise<AppStage> {
  const folder = home === undefined ? await tempFolder("app") : undefined;
  const path = home ?? folder?.path ?? "";
  const config = readConfig({ home: path }, { HOME: path, DOCKER_CONFIG: path, ...env });
  const app = await createApp({ face: "cli", log: silentLog, ...options, config });
  onTestFinished(async () => {
    await app.close();
    await folder?.remove();
  });
  const client = app.connectDirect();
  const events: { name: EventName; data: unknown }[] = [];
  client.subscribe({
    onEvent: (name, data) => void events.push({ name, data }),
    onProgress: () => {},
    onGap: () => {},
    onClose: () => {},
  });
  const heard = <E extends EventName>(name: E): readonly EventData<E>[] =>
    events.filter((event) => event.name === name).map((event) => event.data as EventData<E>);
  return { app, home: path, client, heard };
}
