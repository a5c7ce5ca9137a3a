// Platforms as people write them, os/arch[/variant], and which descriptor is meant by one.
import { z } from "zod";
import type { Platform } from "./descriptor.ts";
import { FreightlinerError } from "./errors.ts";

const part = "[a-z0-9][a-z0-9._-]{0,63}";
const form = new RegExp(`^${part}/${part}(?:/${part})?$`);
const expectation = "expected a platform like linux/amd64 or linux/arm/v7";

/** https://github.com/opencontainers/image-spec/blob/main/image-index.md#image-index-property-descriptions */
export const platformSchema = z
  .string()
  .max(200)
  .refine((text) => form.test(text), expectation);

/** @throws FreightlinerError `usage` that names the text. */
export function parsePlatform(text: string): Platform {
  const [os, architecture, variant] = text.split("/");
  if (!platformSchema.safeParse(text).success || os === undefined || architecture === undefined)
    throw new FreightlinerError({
      code: "usage",
      operation: "parse-platform",
      message: `"${text.slice(0, 200)}" is not a platform: ${expectation}.`,
    });
  return variant === undefined ? { os, architecture } : { os, architecture, variant };
}

/** True where the platform asked for means the found one; without a variant it means every variant. */
export function matchesPlatform(wanted: Platform, found: Platform | undefined): boolean {
  if (found === undefined) return false;
  const [asked, there] = [normalised(wanted), normalised(found)];
  if (asked.os !== there.os || asked.architecture !== there.architecture) return false;
  return asked.variant === undefined || variantOf(asked) === variantOf(there);
}

/** What a platform without a variant is: https://github.com/containerd/platforms/blob/main/database.go */
const plainVariants: Readonly<Record<string, string>> = { amd64: "v1", arm64: "v8", arm: "v7" };

function variantOf({ architecture, variant }: Platform): string | undefined {
  return variant ?? plainVariants[architecture];
}

const spellings: Readonly<Record<string, Pick<Platform, "architecture" | "variant">>> = {
  i386: { architecture: "386" },
  x86_64: { architecture: "amd64" },
  "x86-64": { architecture: "amd64" },
  aarch64: { architecture: "arm64" },
  armhf: { architecture: "arm", variant: "v7" },
  armel: { architecture: "arm", variant: "v6" },
};

function normalised(platform: Platform): Platform {
  const os = platform.os.toLowerCase();
  const name = platform.architecture.toLowerCase();
  const spelled = Object.hasOwn(spellings, name) ? spellings[name] : undefined;
  const given = platform.variant?.toLowerCase();
  const numbered = given !== undefined && /^\d+$/.test(given) ? `v${given}` : given;
  return {
    os: os === "macos" ? "darwin" : os,
    architecture: spelled?.architecture ?? name,
    variant: spelled?.variant ?? (numbered === "" ? undefined : numbered),
  };
}
