// The contract's only method that takes something away from a registry by itself: one tag, or one manifest by its digest.
import type { Api } from "../../../shared/contract.ts";
import { joinReference } from "../../../shared/reference.ts";
import type { CallContext } from "../dispatch.ts";
import type { Services } from "../services.ts";

export function deleteMethods({
  pool,
  listings,
  health,
  log,
}: Services): Pick<Api<CallContext>, "image.delete"> {
  return {
    "image.delete": async ({ endpointId, repository, reference }, { signal }) => {
      pool.assertWritable(endpointId, "delete-manifest");
      await health.during(endpointId, async () => {
        const endpoint = await pool.get(endpointId);
        await endpoint.deleteManifest(repository, reference, { signal });
        await endpoint.settle?.({ signal });
        // As with the deletes of a run (delete-audit.ts): who looks for a lost tag finds when it went.
        log.info(
          { endpointId, host: endpoint.host, reference: joinReference(repository, reference) },
          "deleted a tag",
        );
      });
      listings.forget(endpointId);
      return {};
    },
  };
}
