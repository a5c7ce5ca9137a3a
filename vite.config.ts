// One build for all faces: renderer, Electron main and preload, web host and command line.
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const outside = [...builtinModules, /^node:/, "electron", /^electron\//, /^better-sqlite3/];

/** A bundle that runs in Node or Electron; `better-sqlite3` stays outside because it carries a native addon. */
function nodeBundle(input: string, outDir: string, format: "es" | "cjs" = "es") {
  return {
    consumer: "server" as const,
    resolve: { noExternal: true as const, external: ["electron", "better-sqlite3"], conditions: ["node"] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: "node24",
      minify: false,
      sourcemap: true,
      // The hosts show it after the window's own.
      license: { fileName: "third-party-notices.md" },
      rolldownOptions: {
        input,
        external: outside,
        platform: "node" as const,
        output:
          format === "cjs"
            ? { format, entryFileNames: "[name].cjs", codeSplitting: false as const }
            : { format, entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
      },
    },
  };
}

export default defineConfig({
  root: "renderer",
  base: "./",
  plugins: [react(), tailwindcss()],
  environments: {
    client: {
      build: {
        outDir: "../dist/renderer",
        emptyOutDir: true,
        target: "chrome140",
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        // Shown in Settings; names that begin with a dot are not served.
        license: { fileName: "third-party-notices.md" },
      },
    },
    main: nodeBundle(fileURLToPath(new URL("electron/main.ts", import.meta.url)), "../dist/main"),
    preload: nodeBundle(
      fileURLToPath(new URL("electron/desktop/preload.ts", import.meta.url)),
      "../dist/preload",
      "cjs",
    ),
    host: nodeBundle(fileURLToPath(new URL("electron/web.ts", import.meta.url)), "../dist/web"),
    cli: nodeBundle(fileURLToPath(new URL("electron/cli.ts", import.meta.url)), "../dist/cli"),
  },
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) await builder.build(environment);
    },
  },
});
