// Boots a built main bundle under Node with the stand-in in Electron's place, as Electron would: ready comes last.
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { createStandIn, type StandIn } from "./stand-in.ts";

/** `import … from "electron"` of the bundle finds its exports here. */
const shared = globalThis as typeof globalThis & { electronStandIn?: StandIn };

const names = Object.keys(createStandIn().electron);
const source = names
  .map((name) => `export const ${name} = globalThis.electronStandIn.electron.${name};`)
  .join("\n");
const moduleUrl = `data:text/javascript,${encodeURIComponent(source)}`;

/**
 * Evaluates the bundle and only then lets Electron be ready. A main module that awaits ready at its top level never gets
 * there, exactly as in Electron.
 */
export async function boot(options: {
  readonly main: string;
  readonly argv: readonly string[];
  readonly prepare?: (standIn: StandIn) => void;
}): Promise<StandIn> {
  const standIn = createStandIn();
  shared.electronStandIn = standIn;
  options.prepare?.(standIn);
  registerHooks({
    resolve(specifier, context, next) {
      if (/^electron(\/|$)/.test(specifier)) return { url: moduleUrl, shortCircuit: true };
      return next(specifier, context);
    },
  });
  process.argv.splice(1, process.argv.length, options.main, ...options.argv);
  await import(pathToFileURL(options.main).href);
  await standIn.app.becomeReady();
  return standIn;
}
