// What the host uses of Node's HTTP server.

/**
 * Not imported: `import` reads every name of a built-in module to make an export of it, and for `WebSocket` of `node:http`
 * Node then loads its own undici, 15 to 20 ms of each start. https://nodejs.org/api/process.html#processgetbuiltinmoduleid
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule("node:http");
