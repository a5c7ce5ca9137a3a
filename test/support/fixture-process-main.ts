// The process behind startFixtureProcess: prints its port, answers /log with every request that ended.
import { answerJson, type Exchange, sendReply } from "../../electron/samples/exchange.ts";
import { Pacer } from "../../electron/samples/pacer.ts";
import { startRegistryServer } from "../../electron/samples/registry-server.ts";
import type { FixtureLogLine } from "./fixture-process.ts";

const log: FixtureLogLine[] = [];

async function hook(exchange: Exchange): Promise<"answered" | "go-on"> {
  const { request, response, method } = exchange;
  if (exchange.url.pathname === "/log") {
    await sendReply(exchange, answerJson(log), new Pacer());
    return "answered";
  }
  response.once("close", () => {
    const status = response.headersSent ? response.statusCode : 0;
    const path = request.url ?? "";
    log.push({ method, path, status, bytes: exchange.bytesOut, received: exchange.bytesIn });
  });
  return "go-on";
}

const server = await startRegistryServer({ folder: process.argv[2] ?? "", hook });
console.log(server.port);
