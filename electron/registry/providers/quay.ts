// Quay: its own words for scopes and pages; lists by its API for an OAuth token, by the protocol for everyone else.
import type { Provider } from "./provider.ts";
import { listQuayRepositories } from "./quay-api.ts";

export const quay: Provider = {
  id: "quay",
  quirks: {
    // quay/quay endpoints/v2/v2auth.py: a scope with any other action than pull, push and *, or of any other kind than a
    // repository, is a malformed request.
    asksForDelete: false,
    asksForCatalog: false,
    // The same: asked for a token to push, it makes the repository that is named.
    looksWithPush: false,
    // quay/quay endpoints/v2/__init__.py: at most V2_PAGINATION_SIZE or 100; the catalogue goes on with an encrypted
    // next_page, and a name in its place brings page 1 again.
    pageSize: 100,
    opaquePages: true,
  },
  listRepositories: listQuayRepositories,
};
