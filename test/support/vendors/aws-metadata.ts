// A stand-in for the metadata service of Amazon EC2, version 2: keys of a role that end.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
import { type HttpServer, startHttpServer } from "./http-server.ts";

const root = "/latest/meta-data/iam/security-credentials/";

/** @param keyOf the access key to give at the nth question. */
export function startAwsMetadata(keyOf: (nth: number) => string): Promise<HttpServer> {
  let given = 0;
  return startHttpServer(({ method, url, headers }) => {
    if (url.pathname === "/latest/api/token") return method === "PUT" ? { text: "session" } : { status: 405 };
    if (headers["x-aws-ec2-metadata-token"] !== "session") return { status: 401 };
    if (url.pathname === root) return { text: "puller" };
    if (url.pathname !== `${root}puller`) return { status: 404 };
    given += 1;
    return {
      json: {
        Code: "Success",
        Type: "AWS-HMAC",
        AccessKeyId: keyOf(given),
        SecretAccessKey: "metadata-secret",
        Token: "metadata-session",
        Expiration: new Date(Date.now() + 6 * 3_600_000).toISOString(),
        LastUpdated: new Date().toISOString(),
      },
    };
  });
}
