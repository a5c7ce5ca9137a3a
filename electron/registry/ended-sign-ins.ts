// Some registries say of an ended sign-in what others say of a missing permission: Amazon's, by 403 and 400 without a challenge.
import { Readable } from "node:stream";
import { z } from "zod";
import { parseJson, readBody } from "./body.ts";
import { type ExchangeResponse, mediaTypeOf, type Transport } from "./exchange.ts";
import { caps } from "./limits.ts";

/**
 * ECR: 403 "Your authorization token has expired. Reauthenticate and try again." (https://github.com/flipt-io/flipt/issues/3043)
 * ECR Public: 400 "Your Authorization Token is invalid." (https://github.com/aws/containers-roadmap/issues/2835)
 */
const words = /authorization token (?:has expired|is invalid)/i;
const statuses: ReadonlySet<number> = new Set([400, 403]);
const refusalSchema = z.object({
  errors: z.array(z.object({ code: z.literal("DENIED"), message: z.string().regex(words) })).min(1),
});

/** Gives such an answer the status 401, upon which the sign-in is renewed. An answer to HEAD has no words: GET follows it. */
export function tellingEndedSignIns(
  transport: Transport,
  { hostname, deadlineMs }: { readonly hostname: string; readonly deadlineMs: number },
): Transport {
  return {
    async send(request) {
      const response = await transport.send(request);
      const mayTell =
        statuses.has(response.status) &&
        request.method !== "HEAD" &&
        request.headers.authorization !== undefined &&
        response.url.hostname === hostname &&
        mediaTypeOf(response.headers)?.includes("json") === true;
      return mayTell ? judge(response, request.operation, deadlineMs) : response;
    },
  };
}

async function judge(
  response: ExchangeResponse,
  operation: string,
  deadlineMs: number,
): Promise<ExchangeResponse> {
  const bytes = await readBody(response, { limit: caps.error, what: "an error", operation, deadlineMs });
  const ended = refusalSchema.safeParse(parseJson(bytes)).success;
  const body = Readable.from([bytes]);
  // As every answer's body does: an early end waits for its reader.
  body.on("error", () => undefined);
  return { ...response, status: ended ? 401 : response.status, body };
}
