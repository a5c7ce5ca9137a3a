// nginx in front of a registry as a process of its own: mutual TLS, one version of TLS, on a free loopback port.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KeyPair } from "./certificates.ts";
import { endChild, freePort, startChild } from "./child.ts";
import { type TempFolder, tempFolder } from "./temp.ts";
import { waitForPort } from "./wait-for-port.ts";

export interface NginxOptions {
  /** `host:port` of the plain http server behind it. */
  readonly upstream: string;
  readonly server: KeyPair;
  /** PEM of the authority whose clients are let in; every other one is sent away. */
  readonly clientAuthority?: string;
  /** As nginx writes them: "TLSv1.3"; its usual ones where it is not said. */
  readonly protocols?: string;
  /** A free one where it is not said. */
  readonly port?: number;
}

export interface Nginx {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

export async function startNginx(options: NginxOptions): Promise<Nginx> {
  for (let attempt = 1; ; attempt += 1) {
    const folder = await tempFolder("nginx");
    const port = options.port ?? (await freePort());
    const file = join(folder.path, "nginx.conf");
    await writeFile(file, configuration(options, folder, port));
    const child = startChild("nginx", ["-c", file, "-p", folder.path, "-e", "stderr", "-g", "daemon off;"], {
      // Debian keeps it where a user's PATH does not lead.
      env: { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin` },
    });
    let words = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      words = (words + text).slice(-10_000);
    });
    const stop = async (): Promise<void> => {
      // QUIT would wait for connections that are kept alive.
      await endChild(child, "SIGTERM");
      await folder.remove();
    };
    if (await waitForPort(port, child)) return { host: `127.0.0.1:${port}`, port, stop };
    await stop();
    if (attempt >= 3) throw new Error(`nginx did not start: ${words}`);
  }
}

function configuration(options: NginxOptions, folder: TempFolder, port: number): string {
  const { upstream, server, clientAuthority, protocols } = options;
  const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder.path, name)};`,
  );
  return `
    worker_processes 1;
    pid ${join(folder.path, "nginx.pid")};
    events { worker_connections 128; }
    http {
      access_log off;
      ${temp.join(" ")}
      client_max_body_size 0;
      server {
        listen 127.0.0.1:${port} ssl;
        ssl_certificate ${server.cert};
        ssl_certificate_key ${server.key};
        ${protocols === undefined ? "" : `ssl_protocols ${protocols};`}
        ${protocols?.includes("TLSv1.1") === true ? "ssl_ciphers ALL:@SECLEVEL=0;" : ""}
        ${clientAuthority === undefined ? "" : `ssl_client_certificate ${clientAuthority}; ssl_verify_client on;`}
        location / {
          proxy_pass http://${upstream};
          proxy_http_version 1.1;
          proxy_request_buffering off;
          proxy_buffering off;
          proxy_set_header Host $http_host;
          proxy_set_header X-Forwarded-Proto https;
        }
      }
    }`;
}
