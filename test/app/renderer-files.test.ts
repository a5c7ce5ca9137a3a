// The list of the renderer's files: what gets in, under which name and type.
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cacheControl, contentSecurityPolicy, pageHeaders } from "../../electron/app/page-headers.ts";
import { findRendererFile, readRendererFiles } from "../../electron/app/renderer-files.ts";
import { testFolder } from "../support/test-folder.ts";
import { rendererFolder } from "../support/web-host.ts";

describe("readRendererFiles", () => {
  it("lists files by exact URL path, without maps, hidden folders and foreign types", async () => {
    await using temp = await rendererFolder();
    const folder = temp.path;
    await writeFile(join(folder, "secret.key"), "x");
    await symlink("/etc/passwd", join(folder, "passwd.txt"));
    const files = await readRendererFiles(folder);
    expect([...files.keys()]).toEqual(["/assets/index-Abcd1234.js", "/index.html"]);
    expect(findRendererFile(files, "/")).toBe(files.get("/index.html"));
    expect(findRendererFile(files, "/index.html/")).toBeUndefined();
    expect(files.get("/index.html")?.immutable).toBe(false);
    expect(files.get("/assets/index-Abcd1234.js")?.immutable).toBe(true);
    expect(files.get("/assets/index-Abcd1234.js")?.etag).toMatch(/^"[\w-]{27}"$/);
  });

  it("puts the licences of the bundle that serves behind those of the window", async () => {
    await using temp = await rendererFolder();
    const folder = temp.path;
    const bundle = await testFolder("bundle");
    await writeFile(join(folder, "third-party-notices.md"), "## react");
    await writeFile(join(bundle, "third-party-notices.md"), "## undici");
    const served = async (own?: string) =>
      String((await readRendererFiles(folder, own)).get("/third-party-notices.md")?.bytes);
    expect(await served(bundle)).toBe("## react\n\n## undici");
    expect(await served()).toBe("## react");
  });

  it("says what is wrong with a folder that was not built", async () => {
    const folder = await testFolder("empty");
    await expect(readRendererFiles(folder)).rejects.toMatchObject({ code: "configuration" });
    await mkdir(join(folder, "index.html"));
    await expect(readRendererFiles(folder)).rejects.toThrow("expected the output of npm run build");
  });
});

describe("pageHeaders", () => {
  it("allow no inline code, no other origin and no frame", () => {
    const policy = contentSecurityPolicy(["ws://127.0.0.1:1"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self' ws://127.0.0.1:1;");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(pageHeaders([])["Content-Security-Policy"]).toContain("connect-src 'self';");
  });

  it("keep only what carries its hash in its name", () => {
    expect(cacheControl({ immutable: true })).toContain("immutable");
    expect(cacheControl({ immutable: false })).toBe("no-cache");
  });
});
