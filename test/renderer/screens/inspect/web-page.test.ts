// Where registries show repositories to people.
import { expect, it } from "vitest";
import { webPage } from "../../../../renderer/screens/inspect/web-page.ts";

it.each([
  ["docker.io", "library/alpine", "https://hub.docker.com/_/alpine/tags"],
  ["registry-1.docker.io", "grafana/loki", "https://hub.docker.com/r/grafana/loki/tags"],
  ["quay.io", "team/app", "https://quay.io/repository/team/app?tab=tags"],
  ["registry.gitlab.com", "group/project/image", "https://gitlab.com/group/project/container_registry"],
  ["europe-docker.pkg.dev", "project/repo/app", "https://europe-docker.pkg.dev/project/repo/app"],
  ["localhost:5000", "app", undefined],
  ["toString", "app", undefined],
])("%s/%s: %s", (host, repository, page) => expect(webPage(host, repository)).toBe(page));
