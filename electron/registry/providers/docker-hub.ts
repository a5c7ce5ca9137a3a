// Docker Hub.
import type { Provider } from "./provider.ts";

export const dockerHub: Provider = {
  id: "docker-hub",
  quirks: {
    // https://github.com/distribution/reference normalize.go; https://distribution.github.io/distribution/spec/auth/token/
    apiHost: "registry-1.docker.io",
    tokenHost: "auth.docker.io",
  },
};
