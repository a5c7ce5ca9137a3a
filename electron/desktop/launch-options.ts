// What the command line of the desktop program says; switches that are Chromium's are left to it.

export interface LaunchOptions {
  readonly home: string | undefined;
  /** Open a window, let the page greet the engine, print what was found as JSON, exit. */
  readonly smoke: boolean;
  /** Set by ourselves when we start again after an uncaught error, so that it happens once only. */
  readonly afterCrash: boolean;
}

export const afterCrashSwitch = "--after-crash";

export function readLaunchOptions(argv: readonly string[]): LaunchOptions {
  return {
    home: readValue(argv, "--home"),
    smoke: argv.includes("--smoke"),
    afterCrash: argv.includes(afterCrashSwitch),
  };
}

/** `--name value` and `--name=value`; a value is never another switch. */
function readValue(argv: readonly string[], name: string): string | undefined {
  const joined = argv.find((arg) => arg.startsWith(`${name}=`));
  if (joined !== undefined) return joined.slice(name.length + 1) || undefined;
  const at = argv.indexOf(name);
  const next = at === -1 ? undefined : argv[at + 1];
  return next === undefined || next.startsWith("--") ? undefined : next;
}
