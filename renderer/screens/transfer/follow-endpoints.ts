// Reads a registry's lists again when it can be read again: after a sign-in, or when it answers after a failure.
import type { Endpoint } from "../../../shared/endpoint.ts";
import { queryClient } from "../../api/query.ts";
import { useEndpoints } from "../../state/endpoints.ts";
import { forgetFacts } from "./tag-details.ts";

/** Starts following; returns the way to stop. */
export function followEndpoints(): () => void {
  return useEndpoints.subscribe(({ endpoints }, before) => {
    for (const endpoint of endpoints) {
      const known = before.endpoints.find(({ id }) => id === endpoint.id);
      if (known !== undefined && known !== endpoint && mayReadOtherwise(known, endpoint))
        readAgain(endpoint.id);
    }
  });
}

/** Whether an endpoint may answer now what it did not answer before, or answer otherwise. */
function mayReadOtherwise(before: Endpoint, now: Endpoint): boolean {
  const failed = before.health.state === "failing" || before.health.state === "needs-sign-in";
  const fails = now.health.state === "failing" || now.health.state === "needs-sign-in";
  return (
    (failed && !fails) ||
    before.credential.source !== now.credential.source ||
    before.credential.username !== now.credential.username
  );
}

/** Only what is on screen is really read; the rest when it is looked at. */
function readAgain(endpointId: string): void {
  forgetFacts();
  for (const method of ["repositories.list", "tags.list"]) {
    void queryClient.invalidateQueries({ queryKey: [method, endpointId] });
  }
}
