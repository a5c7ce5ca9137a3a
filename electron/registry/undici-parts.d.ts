// Types of the two parts of the HTTP library that http.ts loads without the rest of it.
declare module "undici/lib/dispatcher/agent.js" {
  const Agent: typeof import("undici").Agent;
  type Agent = import("undici").Agent;
  export default Agent;
}
declare module "undici/lib/core/connect.js" {
  const buildConnector: typeof import("undici").buildConnector;
  export default buildConnector;
}
