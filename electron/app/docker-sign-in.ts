// A sign-in that a person wants in docker's configuration; nothing else ever writes there.
import { FreightlinerError } from "../../shared/errors.ts";
import { helperDeadlineMs, helperEnvironment } from "../credentials/credential-helper.ts";
import { DockerConfigWriter, type DockerPlace } from "../credentials/docker-config-writer.ts";
import type { Config } from "./config.ts";

export type { DockerPlace };

/** @throws FreightlinerError `configuration` where this user has no place for it. */
export function dockerSignIns({
  dockerConfigFile: file,
  helperPath: path,
  environment,
}: Pick<Config, "dockerConfigFile" | "helperPath" | "environment">): DockerConfigWriter {
  if (file === undefined)
    throw new FreightlinerError({
      code: "configuration",
      operation: "write-docker-config",
      message: "Where docker's configuration lies is not known; name its folder with DOCKER_CONFIG.",
    });
  return new DockerConfigWriter({
    file,
    path,
    environment: helperEnvironment(environment),
    deadlineMs: helperDeadlineMs,
  });
}
