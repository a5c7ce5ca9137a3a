// A saved registry as a source that is read through the mirrors of its settings.
import type { EndpointSettings, Mirror } from "../../shared/endpoint.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { ImageSource } from "../engine/ports.ts";
import { MirroredSource, type MirrorNews } from "../registry/mirrored-source.ts";
import { splitLocation } from "../registry/network/registries-conf.ts";

type RegistryEndpoint = EndpointSettings & { kind: "registry" };

export interface OpenMirrorsOptions {
  readonly origin: ImageSource;
  readonly settings: RegistryEndpoint;
  /** Opens a mirror as a registry of its own: never with the sign-in of the origin. */
  readonly open: (settings: RegistryEndpoint) => ImageSource;
  readonly onNews: (news: MirrorNews) => void;
}

/** @throws FreightlinerError `configuration` for a mirror whose place is none. */
export function openMirrors({ origin, settings, open, onNews }: OpenMirrorsOptions): ImageSource {
  const { mirrors = [] } = settings;
  return new MirroredSource({
    origin,
    mirrors: mirrors.map((mirror) => {
      const { host, path } = placeOf(mirror, settings.host);
      return { source: open(settingsOf(mirror, host, settings)), path, pull: mirror.pull };
    }),
    now: () => performance.now(),
    onNews,
  });
}

function placeOf({ location }: Mirror, host: string): { readonly host: string; readonly path: string } {
  try {
    return splitLocation(location);
  } catch (cause) {
    throw new FreightlinerError({
      code: "configuration",
      operation: "open-mirror",
      message: `The mirror "${location.slice(0, 100)}" of ${host} is no place of a registry; host[:port][/path] was expected.`,
      cause,
    });
  }
}

/** What belongs to the origin alone (its sign-in, certificates, pins, API) stays there; the way out of this network is shared. */
function settingsOf(mirror: Mirror, host: string, origin: RegistryEndpoint): RegistryEndpoint {
  const { connections, proxy, proxySignIn, anonymous } = origin;
  return {
    kind: "registry",
    host,
    plainHttp: mirror.plainHttp ? "always" : "auto",
    insecureSkipVerify: mirror.insecureSkipVerify,
    trustedTokenHosts: [],
    connections,
    readOnly: true,
    // Where nobody is to be signed in at the origin, nobody is shown to those in its place either.
    ...(anonymous === true ? { anonymous } : {}),
    ...(proxy === undefined ? {} : { proxy }),
    ...(proxySignIn === undefined ? {} : { proxySignIn }),
  };
}
