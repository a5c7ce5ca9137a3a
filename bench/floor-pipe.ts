// The process of the Node floor: for each pair of URLs one GET and one PUT over bare sockets, joined by pipe().
import { connect, type Socket } from "node:net";

interface Pipe {
  readonly from: string;
  readonly to: string;
  readonly size: number;
}

function open(url: URL): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname, () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Reads until the end of the head; what came behind it is put back. */
function readHead(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let all = Buffer.alloc(0);
    const read = (chunk: Buffer): void => {
      all = Buffer.concat([all, chunk]);
      const end = all.indexOf("\r\n\r\n");
      if (end < 0) return;
      socket.off("data", read);
      socket.pause();
      const rest = all.subarray(end + 4);
      if (rest.length > 0) socket.unshift(rest);
      resolve(all.subarray(0, end).toString("latin1"));
    };
    socket.on("data", read);
    socket.once("error", reject);
  });
}

async function move({ from, to, size }: Pipe): Promise<void> {
  const [source, target] = [new URL(from), new URL(to)];
  const [reader, writer] = await Promise.all([open(source), open(target)]);
  reader.write(`GET ${source.pathname} HTTP/1.1\r\nHost: ${source.host}\r\nConnection: close\r\n\r\n`);
  const found = await readHead(reader);
  if (!found.startsWith("HTTP/1.1 200")) throw new Error(`GET ${from}: ${found}`);
  writer.write(
    `PUT ${target.pathname}${target.search} HTTP/1.1\r\nHost: ${target.host}\r\nContent-Type: application/octet-stream\r\nContent-Length: ${size}\r\n\r\n`,
  );
  reader.pipe(writer, { end: false });
  const answered = await readHead(writer);
  if (!answered.startsWith("HTTP/1.1 201")) throw new Error(`PUT ${to}: ${answered}`);
  reader.destroy();
  writer.destroy();
}

const pipes = JSON.parse(process.argv[2] ?? "[]") as readonly Pipe[];
await Promise.all(pipes.map(move));
