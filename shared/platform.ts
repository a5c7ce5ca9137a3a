// Platforms as people write them, os/arch[/variant], and which descriptor is meant by one.
import { z } from "zod";

const part = "[a-z0-9][a-z0-9._-]{0,63}";
const form = new RegExp(`^${part}/${part}(?:/${part})?$`);

/** https://github.com/opencontainers/image-spec/blob/main/image-index.md#image-index-property-descriptions */
export const platformSchema = z
  .string()
  .max(200)
  .refine((text) => form.test(text), "expected a platform like linux/amd64 or linux/arm/v7");
