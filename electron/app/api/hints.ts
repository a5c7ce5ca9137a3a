// The contract's method for what this machine's files and environment say of a host.
import type { Api } from "../../../shared/contract.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import { providerOfHost } from "../../../shared/provider.ts";
import { isHost } from "../../../shared/reference.ts";
import { findCertFolder } from "../../registry/network/cert-folders.ts";
import { chooseProxy } from "../../registry/network/proxy.ts";
import { mirrorsOf, readRegistriesConf } from "../../registry/network/registries-conf.ts";
import type { CallContext } from "../dispatch.ts";
import type { Services } from "../services.ts";

type HintMethods = Pick<Api<CallContext>, "endpoints.hints">;
type Problem = Awaited<ReturnType<HintMethods["endpoints.hints"]>>["problems"][number];

/** As many as settings take. */
const mostMirrors = 8;

export function hintMethods({
  credentials,
  surroundings,
}: Pick<Services, "credentials" | "surroundings">): HintMethods {
  return {
    "endpoints.hints": async ({ host }) => {
      if (!isHost(host) || !URL.canParse(`https://${host}/`))
        throw new FreightlinerError({
          code: "usage",
          operation: "hints",
          message: `"${host}" is not a registry's address; expected host or host:port.`,
        });
      const problems: Problem[] = [];
      const proxy = told("environment", problems, () =>
        chooseProxy(new URL(`https://${host}/`), undefined, surroundings.proxies),
      );
      const folder = await findCertFolder(surroundings.certRoots, host).catch((thrown: unknown) => {
        problems.push(problemOf("certs.d", thrown));
        return undefined;
      });
      const conf = await readRegistriesConf(surroundings.registriesConf);
      const { mirrors, blocked } = mirrorsOf(conf, host);
      return {
        provider: providerOfHost(host) ?? null,
        // No endpoint has this id: nothing was entered or saved for it.
        credential: credentials.describe({ id: "hints", registry: { host } }),
        certFolders:
          folder === undefined
            ? []
            : [
                {
                  path: folder.path,
                  authorities: folder.authorities.length,
                  client: folder.client !== undefined,
                },
              ],
        proxy: proxy?.url.origin ?? null,
        mirrors: mirrors.slice(0, mostMirrors),
        blocked,
        problems: [...problems, ...conf.problems],
      };
    },
  };
}

function told<T>(file: string, problems: Problem[], ask: () => T): T | undefined {
  try {
    return ask();
  } catch (thrown) {
    problems.push(problemOf(file, thrown));
    return undefined;
  }
}

/** Our own errors alone: their words hold no secret. */
function problemOf(file: string, thrown: unknown): Problem {
  if (thrown instanceof FreightlinerError) return { file, text: thrown.message };
  throw thrown;
}
