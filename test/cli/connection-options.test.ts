// How a registry is reached, said on the command line: client certificates, proxies, and what runs there.
import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FixtureRegistry, startFixtureRegistry } from "../support/fixture-registry.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { type CliEnd, cli, type HarnessOptions } from "./cli-harness.ts";

const user = "mover";
const password = "open sesame";

describe("the way to a registry on the command line", { timeout: 60_000 }, () => {
  let open: FixtureRegistry;
  let closed: FixtureRegistry;
  let proxy: Server;
  let proxyUrl: string;
  let passed: string[];
  let home: TempFolder;
  beforeAll(async () => {
    [open, closed] = await Promise.all([
      startFixtureRegistry(),
      startFixtureRegistry({ auth: { kind: "basic", user, password } }),
    ]);
    await pushImage(open, await buildImage({ seed: "way" }), "team/app", "v1");
    proxy = createServer((incoming, answer) => {
      passed.push(incoming.url ?? "");
      const { method, headers } = incoming;
      const onward = request(incoming.url ?? "", { method, headers }, (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      });
      onward.on("error", () => answer.destroy());
      incoming.pipe(onward);
    }).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await Promise.all([open.stop(), closed.stop()]);
  });
  beforeEach(async () => {
    passed = [];
    home = await tempFolder("cli-way");
  });
  afterEach(() => home.remove());

  const run = (...argv: readonly string[]): Promise<CliEnd> => cli({ home: home.path }, ...argv);
  const runWith = (options: Partial<HarnessOptions>, ...argv: readonly string[]): Promise<CliEnd> =>
    cli({ home: home.path, ...options }, ...argv);

  it("goes through the proxy that is named, and past that of the environment with none", async () => {
    const ls = ["ls", `http://${open.host}`];
    const through = await run(...ls, "--proxy", proxyUrl);
    expect(through.code, through.stderr).toBe(0);
    expect(through.stdout).toContain("team/app");
    expect(passed).toContainEqual(expect.stringMatching(new RegExp(`^http://${open.host}/v2/`)));
    const nobody = await run(...ls, "--proxy", "http://127.0.0.1:1");
    expect(nobody.code).toBe(4);
    expect(nobody.stderr).toContain("proxy");
    const env = { HTTP_PROXY: proxyUrl };
    const elsewhere = ["ls", "http://registry.invalid"];
    passed = [];
    await runWith({ env }, ...elsewhere);
    expect(passed).toContainEqual(expect.stringMatching(/^http:\/\/registry\.invalid\/v2\//));
    passed = [];
    expect((await runWith({ env }, ...elsewhere, "--proxy", "none")).code).toBe(4);
    expect(passed).toEqual([]);
  });

  it("keeps the way of each side in the run, and tells it in its command", async () => {
    const source = ["--source-proxy", proxyUrl, "--source-kind", "zot"];
    const copied = await run("copy", `http://${open.host}/team/app:v1`, `oci:${home.path}/out`, ...source);
    expect(copied.code, copied.stderr).toBe(0);
    expect(passed.length).toBeGreaterThan(0);
    const [id] = /[0-9A-Z]{26}/.exec((await run("runs")).stdout) ?? [];
    expect((await run("runs", "show", id ?? "")).stdout).toMatch(
      new RegExp(`^Command .* --source-proxy ${proxyUrl} --source-kind zot`, "m"),
    );
  });

  it("reads the client's certificate from the files that are named", async () => {
    const files = ["--client-cert", join(home.path, "c.pem"), "--client-key", join(home.path, "k.pem")];
    const end = await run("ls", `https://${open.host}`, ...files);
    expect(end.code).not.toBe(0);
    expect(end.stderr).toContain(join(home.path, "c.pem"));
    const alone = await run("ls", open.host, "--client-key", "k.pem");
    expect([alone.code, alone.stderr]).toEqual([
      2,
      expect.stringContaining("--client-cert and --client-key belong together"),
    ]);
  });

  it.each([
    ["--proxy", "http://u:hunter2@127.0.0.1:3128", /never stands on a command line/],
    ["--proxy", "proxy.example", /expected none or a URL, like http:\/\/proxy\.example:3128/],
    ["--kind", "harbour", /Allowed choices are docker-hub, ghcr, /],
  ])("refuses %s %s", async (option, value, sentence) => {
    const end = await run("ls", open.host, option, value);
    expect(end.code).toBe(2);
    expect(end.stderr).toMatch(sentence);
  });

  it("is saved by login, and the sign-in counts only where the same way is asked for", async () => {
    const env = { FREIGHTLINER_VAULT_PASSPHRASE: "correct horse battery" };
    const signIn = ["-u", user, "--password-stdin", "--vault", "--kind", "zot", "--proxy", "none"];
    const saved = await runWith({ env, input: [`${password}\n`] }, "login", closed.host, ...signIn);
    expect(saved.code, saved.stderr).toBe(0);
    const ls = (...more: readonly string[]) => runWith({ env }, "ls", closed.host, ...more);
    expect((await ls()).code).toBe(0);
    expect((await ls("--kind", "zot", "--proxy", "none")).code).toBe(0);
    // Behind a proxy plain http is for who asks for it, also to this machine.
    expect((await ls("--proxy", proxyUrl)).code).toBe(4);
    expect((await ls("--proxy", proxyUrl, "--plain-http")).code).toBe(3);
    const again = await runWith(
      { env, input: [`${password}\n`] },
      ...["login", closed.host, "-u", user, "--password-stdin", "--kind", "quay"],
    );
    expect(again.stderr).toContain("its own settings count, not those of this command");
  });
});
