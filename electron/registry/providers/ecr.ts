// Amazon ECR, private: repositories are made and images deleted by its own API.
import { parseEcrHost } from "../../../shared/ecr-host.ts";
import { callEcr, imageIdOf, judgeDelete, unknownRepository } from "./ecr-api.ts";
import type { Provider } from "./provider.ts";

/** The account that the host names: the API takes the caller's own otherwise, where other things may lie. */
function accountOf(host: string): { readonly registryId?: string } {
  const account = parseEcrHost(host)?.account;
  return account === undefined ? {} : { registryId: account };
}

export const ecr: Provider = {
  id: "ecr",
  quirks: {
    // The Range of its answers is unreliable (https://github.com/aws/containers-roadmap/issues/2831), and a 201 to a
    // part ends the session (regclient blob.go).
    parts: "never",
    // More is an error: https://github.com/google/go-containerregistry/issues/681
    pageSize: 1000,
    // Its Link carries a token; `last` is not supported.
    opaquePages: true,
    deniesEndedSignIns: true,
  },

  /** Only a write that was refused for want of it leads here: a template may make repositories at a push (CREATE_ON_PUSH). */
  async createRepository(context, repository, signal) {
    const operation = "create-repository";
    const call = {
      context,
      isPublic: false,
      operation,
      failed: `The repository ${repository} could not be made`,
      permission: "ecr:CreateRepository",
      known: () => undefined,
    };
    return callEcr(call, signal, async (config, inner) => {
      const { CreateRepositoryCommand, ECRClient, RepositoryAlreadyExistsException } = await import(
        "@aws-sdk/client-ecr"
      );
      const client = new ECRClient(config);
      const request = { ...accountOf(context.host), repositoryName: repository };
      try {
        await client.send(new CreateRepositoryCommand(request), { abortSignal: inner });
      } catch (error) {
        if (!(error instanceof RepositoryAlreadyExistsException)) throw error;
      } finally {
        client.destroy();
      }
      return true;
    });
  },

  /** A tag goes alone, but the last tag of an image takes the image along, says AWS' documentation of BatchDeleteImage. */
  async deleteManifest(context, repository, reference, signal) {
    const operation = "delete-manifest";
    const call = {
      context,
      isPublic: false,
      operation,
      failed: `${repository}: ${reference} could not be deleted`,
      permission: "ecr:BatchDeleteImage",
      known: (name: string) =>
        name === "RepositoryNotFoundException"
          ? unknownRepository(operation, repository, context.host)
          : undefined,
    };
    const failures = await callEcr(call, signal, async (config, inner) => {
      const { BatchDeleteImageCommand, ECRClient } = await import("@aws-sdk/client-ecr");
      const client = new ECRClient(config);
      const request = {
        ...accountOf(context.host),
        repositoryName: repository,
        imageIds: [imageIdOf(reference)],
      };
      try {
        return (await client.send(new BatchDeleteImageCommand(request), { abortSignal: inner })).failures;
      } finally {
        client.destroy();
      }
    });
    judgeDelete(failures, `${repository}: ${reference}`, context);
  },
};
