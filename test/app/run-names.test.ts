// Names of a run's images, by which people and scripts find them again: as the command line takes them.
import { expect, it } from "vitest";
import { imageName, placeOf } from "../../electron/app/run-names.ts";
import { endpointSettingsSchema } from "../../shared/endpoint.ts";

it.each([
  [{ kind: "registry", host: "r.example:5000" }, "r.example:5000/team/app:v1"],
  [{ kind: "layout", path: "/data/vault" }, "oci:/data/vault:team/app:v1"],
  [{ kind: "layout", path: "relative" }, "oci:relative:team/app:v1"],
  [{ kind: "archive", path: "/data/one.tar" }, "oci-archive:/data/one.tar:team/app:v1"],
  [{ kind: "archive", path: "/data/one.tar", format: "docker" }, "docker-archive:/data/one.tar:team/app:v1"],
])("names an image of %j", (settings, name) => {
  expect(imageName(placeOf(endpointSettingsSchema.parse(settings)), "team/app", "v1")).toBe(name);
});

it("names what runs of earlier versions had: registries and folders", () => {
  expect(imageName({ address: "r.example" }, "app", null)).toBe("r.example/app");
  expect(imageName({ address: "/data/vault" }, "app", "v1")).toBe("oci:/data/vault:app:v1");
});
