// Amazon ECR Public: `public.ecr.aws/<alias>/<repository>`, where the alias names whose registry it is.
import { FreightlinerError } from "../../../shared/errors.ts";
import { isRepositoryName } from "../../../shared/reference.ts";
import {
  callEcr,
  type EcrConfig,
  type EcrContext,
  imageIdOf,
  judgeDelete,
  unknownRepository,
} from "./ecr-api.ts";
import type { Provider } from "./provider.ts";

type Client = import("@aws-sdk/client-ecr-public").ECRPUBLICClient;

/** Repositories per page of the API's listing: its most. */
const pageSize = 1000;
/** A listing that does not end by then never does. */
const mostPages = 1000;

async function withClient<T>(
  config: EcrConfig,
  work: (client: Client, sdk: typeof import("@aws-sdk/client-ecr-public")) => Promise<T>,
): Promise<T> {
  const sdk = await import("@aws-sdk/client-ecr-public");
  const client = new sdk.ECRPUBLICClient(config);
  try {
    return await work(client, sdk);
  } finally {
    client.destroy();
  }
}

function splitName(repository: string): { readonly alias: string; readonly name: string } {
  const slash = repository.indexOf("/");
  return { alias: repository.slice(0, Math.max(slash, 0)), name: repository.slice(slash + 1) };
}

/** The API knows no aliases and would make or delete in the caller's own registry, whatever the name says. */
async function assertOwn(
  client: Client,
  sdk: typeof import("@aws-sdk/client-ecr-public"),
  about: { readonly alias: string; readonly operation: string; readonly signal: AbortSignal },
): Promise<void> {
  const { registries } = await client.send(new sdk.DescribeRegistriesCommand({}), {
    abortSignal: about.signal,
  });
  const own = (registries ?? []).flatMap((registry) => (registry.aliases ?? []).map(({ name }) => name));
  if (own.includes(about.alias)) return;
  throw new FreightlinerError({
    code: "forbidden",
    operation: about.operation,
    message: `The alias ${about.alias} of public.ecr.aws does not belong to the AWS identity in use${own.length === 0 ? "" : `, which has ${own.join(", ")}`}.`,
  });
}

/** Without an identity there is no registry of one's own; everything may be read all the same. */
function anonymous(error: unknown, { host }: EcrContext): unknown {
  if (!(error instanceof FreightlinerError) || error.code !== "configuration") return error;
  return new FreightlinerError({
    code: "unsupported",
    operation: "list-repositories",
    message: `${host} lists only what belongs to an AWS identity, and none was found; name the repository instead.`,
    cause: error,
  });
}

export const ecrPublic: Provider = {
  id: "ecr-public",
  // https://github.com/google/go-containerregistry/issues/1459
  quirks: { mounts: false, parts: "never", pageSize, opaquePages: true, deniesEndedSignIns: true },

  /** What the identity's own registry holds; the whole of public.ecr.aws cannot be listed. */
  async *listRepositories(context, signal) {
    const call = {
      context,
      isPublic: true,
      operation: "list-repositories",
      failed: "The repositories could not be listed",
      permission: "ecr-public:DescribeRepositories",
      known: () => undefined,
    };
    let nextToken: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const asked = nextToken;
      const request = { maxResults: pageSize, ...(asked === undefined ? {} : { nextToken: asked }) };
      const answer = await callEcr(call, signal, (config, inner) =>
        withClient(config, (client, sdk) =>
          client.send(new sdk.DescribeRepositoriesCommand(request), { abortSignal: inner }),
        ),
      ).catch((error: unknown) => {
        throw anonymous(error, context);
      });
      // `public.ecr.aws/alias/name`
      const names = (answer.repositories ?? []).map(({ repositoryUri = "" }) =>
        repositoryUri.slice(repositoryUri.indexOf("/") + 1),
      );
      yield names.filter(isRepositoryName);
      nextToken = answer.nextToken;
      if (nextToken === undefined || nextToken === asked) return;
    }
  },

  async createRepository(context, repository, signal) {
    const operation = "create-repository";
    const { alias, name } = splitName(repository);
    if (alias === "") return false;
    const call = {
      context,
      isPublic: true,
      operation,
      failed: `The repository ${repository} could not be made`,
      permission: "ecr-public:CreateRepository and ecr-public:DescribeRegistries",
      known: () => undefined,
    };
    return callEcr(call, signal, (config, inner) =>
      withClient(config, async (client, sdk) => {
        await assertOwn(client, sdk, { alias, operation, signal: inner });
        try {
          await client.send(new sdk.CreateRepositoryCommand({ repositoryName: name }), {
            abortSignal: inner,
          });
        } catch (error) {
          if (!(error instanceof sdk.RepositoryAlreadyExistsException)) throw error;
        }
        return true;
      }),
    );
  },

  async deleteManifest(context, repository, reference, signal) {
    const operation = "delete-manifest";
    const { alias, name } = splitName(repository);
    const call = {
      context,
      isPublic: true,
      operation,
      failed: `${repository}: ${reference} could not be deleted`,
      permission: "ecr-public:BatchDeleteImage and ecr-public:DescribeRegistries",
      known: (error: string) =>
        error === "RepositoryNotFoundException"
          ? unknownRepository(operation, repository, context.host)
          : undefined,
    };
    const failures = await callEcr(call, signal, (config, inner) =>
      withClient(config, async (client, sdk) => {
        await assertOwn(client, sdk, { alias, operation, signal: inner });
        const request = { repositoryName: name, imageIds: [imageIdOf(reference)] };
        return (await client.send(new sdk.BatchDeleteImageCommand(request), { abortSignal: inner })).failures;
      }),
    );
    judgeDelete(failures, `${repository}: ${reference}`, context);
  },
};
