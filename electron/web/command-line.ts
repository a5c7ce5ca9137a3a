// The web host's command line, read into plain values.
import { parseArgs } from "node:util";

export const usage = `freightliner web host

  --port N             listen on 127.0.0.1:N (any free port by default)
  --open               open a window in an installed Chromium, Chrome, Edge or Brave
  --quit-with-window   stop when that window is closed and nothing runs
  --home DIR           data folder`;

export type CommandLine =
  | { readonly kind: "help" }
  | { readonly kind: "problem"; readonly text: string }
  | {
      readonly kind: "run";
      readonly port: number;
      readonly open: "window" | "none";
      readonly leaveWithWindow: boolean;
      readonly home: string | undefined;
    };

export function readCommandLine(args: readonly string[]): CommandLine {
  try {
    return interpret(parse(args));
  } catch (error) {
    return { kind: "problem", text: `${error instanceof Error ? error.message : String(error)}\n\n${usage}` };
  }
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      port: { type: "string", default: "0" },
      open: { type: "boolean", default: false },
      "quit-with-window": { type: "boolean", default: false },
      home: { type: "string" },
      help: { type: "boolean", default: false },
    },
  }).values;
}

function interpret(values: ReturnType<typeof parse>): CommandLine {
  if (values.help) return { kind: "help" };
  const port = Number(values.port);
  if (values.port.trim() === "" || !Number.isInteger(port) || port < 0 || port > 65_535) {
    return { kind: "problem", text: `--port must be a number from 0 to 65535, but is "${values.port}".` };
  }
  return {
    kind: "run",
    port,
    open: values.open ? "window" : "none",
    leaveWithWindow: values["quit-with-window"],
    home: values.home,
  };
}
