// What on this machine hints at an identity of a cloud: variables, files, the maker of the machine. Asks no network.
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export type Cloud = "aws" | "google" | "azure";

export interface Machine {
  /** The environment's. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly hasFile: (path: string) => boolean;
  /** A short text of the firmware, as `sys_vendor`; empty where there is none. */
  readonly firmware: (name: string) => string;
}

export function thisMachine(variables: Machine["variables"]): Machine {
  return { variables, hasFile: existsSync, firmware };
}

function firmware(name: string): string {
  try {
    return readFileSync(join("/sys/class/dmi/id", name), "utf8").trim();
  } catch {
    // Only Linux has them, and containers often hide them: then this hint is missing.
    return "";
  }
}

interface Hints {
  readonly variables: readonly string[];
  readonly files: (machine: Machine, home: string) => readonly string[];
  readonly isMaker: (machine: Machine) => boolean;
}

const hints: Readonly<Record<Cloud, Hints>> = {
  // https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
  aws: {
    variables: [
      "AWS_ACCESS_KEY_ID",
      "AWS_PROFILE",
      "AWS_WEB_IDENTITY_TOKEN_FILE",
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI",
      "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    ],
    files: ({ variables }, home) => [
      variables.AWS_SHARED_CREDENTIALS_FILE ?? join(home, ".aws", "credentials"),
      variables.AWS_CONFIG_FILE ?? join(home, ".aws", "config"),
    ],
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html
    isMaker: (machine) => machine.firmware("sys_vendor") === "Amazon EC2",
  },
  // https://cloud.google.com/docs/authentication/application-default-credentials
  google: {
    variables: ["GOOGLE_APPLICATION_CREDENTIALS", "GCE_METADATA_HOST", "GCE_METADATA_IP", "K_SERVICE"],
    files: ({ variables }, home) => {
      const name = "application_default_credentials.json";
      const { CLOUDSDK_CONFIG: config, APPDATA: roaming } = variables;
      return [
        ...(config === undefined ? [] : [join(config, name)]),
        ...(roaming === undefined ? [] : [join(roaming, "gcloud", name)]),
        join(home, ".config", "gcloud", name),
      ];
    },
    // https://cloud.google.com/compute/docs/instances/detect-compute-engine
    isMaker: (machine) => machine.firmware("product_name") === "Google Compute Engine",
  },
  // https://learn.microsoft.com/javascript/api/overview/azure/identity-readme
  azure: {
    variables: [
      "AZURE_CLIENT_ID",
      "AZURE_TENANT_ID",
      "AZURE_FEDERATED_TOKEN_FILE",
      "IDENTITY_ENDPOINT",
      "MSI_ENDPOINT",
    ],
    files: ({ variables }, home) => [
      join(variables.AZURE_CONFIG_DIR ?? join(home, ".azure"), "azureProfile.json"),
    ],
    // https://github.com/canonical/cloud-init/blob/main/cloudinit/sources/azure/identity.py ChassisAssetTag.AZURE_CLOUD
    isMaker: (machine) => machine.firmware("chassis_asset_tag") === "7783-7084-3265-9085-8269-3286-77",
  },
};

export function hintsAt(cloud: Cloud, machine: Machine): boolean {
  const { variables, files, isMaker } = hints[cloud];
  const home = machine.variables.HOME || machine.variables.USERPROFILE || homedir();
  return (
    variables.some((name) => Boolean(machine.variables[name])) ||
    files(machine, home).some(machine.hasFile) ||
    isMaker(machine)
  );
}
