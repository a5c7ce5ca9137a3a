// How a registry is, as a dot with a shape of its own per state and a name.
import { clsx } from "clsx";
import type { EndpointHealth } from "../../shared/endpoint.ts";
import { transferText } from "../text/transfer.ts";

const looks: Readonly<Record<EndpointHealth["state"], string>> = {
  unknown: "border border-control",
  // Forced colours take backgrounds away and show transparent borders: the shape stays.
  ok: "border border-transparent rounded-full bg-ok",
  "needs-sign-in": "border border-transparent rotate-45 bg-warn",
  failing: "border border-transparent bg-bad",
};

export function HealthDot({ health }: { readonly health: EndpointHealth }) {
  const text = transferText.health[health.state];
  return (
    <span
      role="img"
      aria-label={text}
      title={text}
      className={clsx(
        "inline-block size-2 shrink-0",
        health.state === "unknown" && "rounded-full",
        looks[health.state],
      )}
    />
  );
}
