// Opens both sides of a run for the engine.
import { toFreightlinerError } from "../../shared/errors.ts";
import type { Run } from "../../shared/run.ts";
import type { RunControl, RunRequest } from "../engine/ports.ts";
import type { Store } from "../store/store.ts";
import type { EndpointPool } from "./endpoint-pool.ts";
import { withNames } from "./named-repositories.ts";

/** @throws FreightlinerError with the side that could not be opened. */
export async function openRequest(
  pool: EndpointPool,
  names: Store["namedRepositories"],
  run: Run,
  control?: RunControl,
): Promise<RunRequest> {
  const open = async <T>(opening: () => Promise<T>, side: "source" | "destination"): Promise<T> => {
    try {
      return await opening();
    } catch (thrown) {
      throw toFreightlinerError(thrown, "open-endpoint").at(side);
    }
  };
  // What was queued before the endpoint became read-only is refused, too.
  pool.assertWritable(run.spec.destinationId, "open-endpoint");
  const [source, destination] = await Promise.all([
    open(() => pool.source(run.spec.sourceId), "source"),
    open(() => pool.get(run.spec.destinationId), "destination"),
  ]);
  return {
    runId: run.id,
    spec: run.spec,
    options: run.spec.options,
    // Patterns find what people named, too. At the destination a mirror only trusts what is listed.
    source: withNames(source, () => names.list(run.spec.sourceId)),
    destination,
    destinationId: run.spec.destinationId,
    run,
    ...(control === undefined ? {} : { control }),
  };
}
