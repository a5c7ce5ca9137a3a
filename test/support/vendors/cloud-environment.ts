// An environment in which no cloud's library finds anything but what a test gives it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";

const prefixes =
  /^((https?|all|no)_proxy$|AWS_|GOOGLE_|GCE_|GCLOUD_|CLOUDSDK_|AZURE_|IDENTITY_|MSI_|K_SERVICE|CLOUD_RUN)/i;

/** Returns the home folder, which is empty. */
export function cloudEnvironment(variables: Readonly<Record<string, string>> = {}): string {
  const home = mkdtempSync(join(tmpdir(), "freightliner-cloud-"));
  for (const name of Object.keys(process.env)) if (prefixes.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv("HOME", home);
  vi.stubEnv("USERPROFILE", home);
  vi.stubEnv("APPDATA", undefined);
  // Nobody answers at a machine's own addresses, unless the test says who does.
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("METADATA_SERVER_DETECTION", "none");
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });
  return home;
}
