// Run as a program: boots a built main bundle over the stand-in, plays a page that greets the engine, quits, prints JSON.
//   node observe.ts MAIN HOME [--packaged RESOURCES]
import { once } from "node:events";
import { boot } from "./boot.ts";
import { openedWindow } from "./chromium.ts";

const [, , main = "", home = "", , resources] = process.argv;
const channel = "freightliner:frame";

const standIn = await boot({
  main,
  argv: ["--home", home],
  prepare: ({ app }) => {
    app.isPackaged = resources !== undefined;
    if (resources !== undefined) Object.assign(process, { resourcesPath: resources });
  },
});

const window = await openedWindow(standIn);
const answer = new Promise<unknown>((resolve) => {
  window.webContents.onSend = (_channel, text) => resolve(JSON.parse(String(text)));
});
const call = { t: "call", id: 1, method: "app.hello", params: {} };
window.webContents.receive(channel, [JSON.stringify(call)]);
const hello = await answer;

const session = standIn.sessions.get("freightliner-ui");
const page = await session?.load("app://bundle/");
const policy = page?.headers.get("content-security-policy");
const permissions = session?.grants("media", "app://bundle/");

const quit = once(standIn.app, "quit");
standIn.app.quit();
await quit;
const { preload, sandbox, contextIsolation, devTools } = window.options.webPreferences ?? {};
process.stdout.write(
  `${JSON.stringify({ hello, status: page?.status, policy, permissions, preload, sandbox, contextIsolation, devTools, menu: standIn.menu !== null })}\n`,
);
