// A registry that tells whoever asks all that it was told: credentials in its errors, signed addresses in its redirects.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/**
 * `token`: a Bearer challenge, and a token service that refuses and quotes what it was given. `basic`: the same with Basic.
 * `redirect`: lets everybody in and sends blobs to a signed address, which refuses and quotes itself. `proxy`: a proxy that
 * refuses everybody.
 */
export type LeakyManner = "token" | "basic" | "redirect" | "proxy";

export interface LeakyRegistry {
  readonly host: string;
  /** What it was given so far, decoded: proof that the secret went out to where it belongs. */
  readonly given: readonly string[];
  stop(): Promise<void>;
}

export async function startLeakyRegistry(manner: LeakyManner, signature = ""): Promise<LeakyRegistry> {
  const given: string[] = [];
  const note = (request: IncomingMessage, body: string): string => {
    const sent = request.headers.authorization ?? request.headers["proxy-authorization"] ?? "";
    const [, basic] = /^Basic (.*)$/.exec(sent) ?? [];
    const decoded = basic === undefined ? "" : Buffer.from(basic, "base64").toString();
    const told = [sent, decoded, body, request.url ?? ""].filter((part) => part !== "").join(" ");
    if (sent !== "" || body !== "") given.push(told);
    return told;
  };
  const image = tinyImage();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const told = note(request, Buffer.concat(chunks).toString("utf8"));
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    if (manner === "redirect") return serveImage(request, response, { path, image, signature });
    if (manner === "token" && path !== "/token") {
      const challenge = `Bearer realm="http://${request.headers.host}/token",service="leaky"`;
      return refuse(response, 401, "sign in first", { "WWW-Authenticate": challenge });
    }
    const challenge = 'Basic realm="leaky"';
    const headers: Record<string, string> =
      manner === "basic"
        ? { "WWW-Authenticate": challenge }
        : manner === "proxy"
          ? { "Proxy-Authenticate": challenge }
          : {};
    return refuse(response, manner === "proxy" ? 407 : 401, `these credentials are wrong: ${told}`, {
      ...headers,
      "X-Told": told.slice(0, 1000).replace(/[^ -~]/g, " "),
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    given,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "Content-Type": "application/json", ...headers });
  // Once as registries do, once as token services do, and once as neither.
  response.end(
    JSON.stringify({
      errors: [{ code: "UNAUTHORIZED", message, detail: { message } }],
      error: "invalid_grant",
      error_description: message,
      details: message,
    }),
  );
}

const digestOf = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

function tinyImage() {
  const layer = "a layer that is never served";
  const config = JSON.stringify({
    architecture: "amd64",
    os: "linux",
    rootfs: { type: "layers", diff_ids: [] },
  });
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: {
      mediaType: "application/vnd.oci.image.config.v1+json",
      digest: digestOf(config),
      size: config.length,
    },
    layers: [
      { mediaType: "application/vnd.oci.image.layer.v1.tar", digest: digestOf(layer), size: layer.length },
    ],
  });
  return { mediaType, manifest, digest: digestOf(manifest) };
}

function serveImage(
  request: IncomingMessage,
  response: ServerResponse,
  served: { readonly path: string; readonly image: ReturnType<typeof tinyImage>; readonly signature: string },
): void {
  const { path, image, signature } = served;
  if (path === "/v2/") return void response.writeHead(200).end("{}");
  if (path === "/v2/_catalog") return void response.end('{"repositories":["team/app"]}');
  if (path.endsWith("/tags/list")) return void response.end('{"name":"team/app","tags":["v1"]}');
  if (path.includes("/manifests/")) {
    response.setHeader("Content-Type", image.mediaType);
    response.setHeader("Docker-Content-Digest", image.digest);
    response.setHeader("Content-Length", image.manifest.length);
    return void response.end(request.method === "HEAD" ? undefined : image.manifest);
  }
  if (path.includes("/blobs/")) {
    const signed = `/signed${path}?X-Amz-Credential=AKIA&X-Amz-Signature=${signature}&sig=${signature}`;
    return void response.writeHead(307, { Location: `http://${request.headers.host}${signed}` }).end();
  }
  refuse(response, 403, `this address has expired: http://${request.headers.host}${request.url}`);
}
