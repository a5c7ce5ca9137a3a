// A registry of the samples' kind behind a stand-in's own rules: every request is shown to them first.
import { type Exchange, type Reply, sendReply } from "../../../electron/samples/exchange.ts";
import { Pacer } from "../../../electron/samples/pacer.ts";
import { type RegistryServer, startRegistryServer } from "../../../electron/samples/registry-server.ts";
import { tempFolder } from "../temp.ts";

export interface HookedRegistry extends RegistryServer {
  /** `PUT /v2/app/manifests/v1 201`, in the order in which they were answered. */
  readonly requests: string[];
  stop(): Promise<void>;
}

/** @param rule undefined lets the registry answer. */
export async function startHookedRegistry(
  rule: (exchange: Exchange, registry: RegistryServer) => Promise<Reply | undefined>,
): Promise<HookedRegistry> {
  const folder = await tempFolder("vendor");
  const pacer = new Pacer(0);
  const requests: string[] = [];
  const server: RegistryServer = await startRegistryServer({
    folder: folder.path,
    hook: async (exchange) => {
      const { method, url, response } = exchange;
      response.once("finish", () =>
        requests.push(`${method} ${url.pathname}${url.search} ${response.statusCode}`),
      );
      const reply = await rule(exchange, server);
      if (reply === undefined) return "go-on";
      exchange.request.resume();
      await sendReply(exchange, reply, pacer);
      return "answered";
    },
  });
  return {
    ...server,
    requests,
    async stop() {
      await server.close();
      await folder.remove();
    },
  };
}
