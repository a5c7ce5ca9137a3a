#!/usr/bin/env node
// The command line in a checkout: builds it if its sources changed, then runs it under Node 24.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildIfNeeded } from "./build.mjs";
import { become, isNode24, root } from "./node-version.mjs";

const cli = join(root, "dist", "cli", "cli.js");

try {
  const needed = process.argv.includes("serve") ? ["cli", "client"] : ["cli"];
  buildIfNeeded(needed, (line) => process.stderr.write(`${line}\n`));
  if (isNode24()) {
    process.argv[1] = cli;
    await import(pathToFileURL(cli).href);
  } else {
    await become(cli, process.argv.slice(2));
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
