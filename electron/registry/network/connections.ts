// How hosts are connected to: our own registry as configured, every other one only where it may send us; each by its proxy.
import { isIP, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { buildConnector as connecting } from "undici";
// Only what is used: the whole library brings fetch, caches and mocks, and every command would pay for them at its start.
import buildConnector from "undici/lib/core/connect.js";
import type { RegistrySettings } from "../../../shared/endpoint.ts";
import { FreightlinerError, toFreightlinerError } from "../../../shared/errors.ts";
import { bareHost, isLoopbackHost, mayReach, type Zone, zoneOf } from "../addresses.ts";
import { guardedLookup } from "../guarded-lookup.ts";
import { resolveName } from "./local-names.ts";
import { isOwnService } from "./own-services.ts";
import { pinFailure } from "./pins.ts";
import { basic, chooseProxy, type HttpProxy } from "./proxy.ts";
import { proxyUnreached } from "./proxy-error.ts";
import { noSurroundings, type Surroundings } from "./surroundings.ts";
import { readTrust, type TlsChoices } from "./tls-settings.ts";
import { type OwnTrust, secureContextOf } from "./trust.ts";
import { openTunnel } from "./tunnel.ts";

export type Connector = connecting.connector;

/** A user name and a password for the proxy of the settings. */
export interface ProxySignIn {
  readonly username: string;
  readonly password: string;
}

/** The way to a registry beside its own settings. */
export interface RegistryNetwork {
  readonly surroundings: Surroundings;
  /** Asked for every new connection, so that a replaced one counts at once; undefined = none. */
  readonly proxySignIn?: ((signal: AbortSignal) => Promise<ProxySignIn | undefined>) | undefined;
}

export interface ConnectionOptions {
  /** `host[:port]` of the registry's API: its TLS settings count only there, and its address is trusted as entered. */
  readonly host: string;
  /** `host[:port]` as entered, where that is another name: certs.d folders go by it. */
  readonly certHost?: string | undefined;
  /** Further host names that the user gave: their addresses are trusted as entered, too. */
  readonly entered?: readonly string[] | undefined;
  /**
   * True for what a cloud's own library asks: nobody but this machine's owner chose those hosts, so every address is taken
   * as entered; and what a machine knows of itself is asked directly.
   */
  readonly ofCloud?: boolean | undefined;
  readonly settings: TlsChoices & Pick<RegistrySettings, "proxy">;
  readonly network?: RegistryNetwork | undefined;
  readonly connectMs: number;
}

/**
 * Which settings a connection has: `home` is host and port of the registry, with the client's certificate;
 * `home-elsewhere` the same host on another port, without it; `proxy` a proxy itself.
 */
type Place = "home" | "home-elsewhere" | "entered" | "abroad" | "proxy";

/** Milliseconds that a keychain may take to give the proxy's password: it may ask its owner. */
const secretMs = 30_000;

export class Connections {
  readonly #options: ConnectionOptions;
  readonly #home: { readonly hostname: string; readonly port: string };
  readonly #network: RegistryNetwork;
  #homeZone: Zone;
  /** Connections to proxies that are no tunnels yet: nobody else could end them. */
  readonly #underWay = new Set<Socket>();
  #closed = false;
  #trust: Promise<OwnTrust> | undefined;
  readonly #connectors = new Map<string, Connector>();

  constructor(options: ConnectionOptions) {
    const url = new URL(`https://${options.host}/`);
    const hostname = bareHost(url);
    this.#options = options;
    this.#network = options.network ?? { surroundings: noSurroundings };
    this.#home = { hostname, port: new URL(`http://${options.host}/`).port || url.port };
    // Behind a proxy nobody tells where a name leads; an address says it by itself.
    this.#homeZone = isLoopbackHost(hostname)
      ? "loopback"
      : isIP(hostname) === 0
        ? "public"
        : zoneOf(hostname);
  }

  /** Reads the files of the settings, once; after a failure again. @throws FreightlinerError `configuration`. */
  async ready(): Promise<void> {
    await this.#readTrust();
  }

  /**
   * The proxy that a request is handed to as a whole, which is so for plain http; https goes through a tunnel, which
   * `connect` makes. @throws FreightlinerError `redirect-refused`, `tls`, `configuration`.
   */
  relayOf(url: URL): HttpProxy | undefined {
    if (url.protocol !== "http:") return undefined;
    this.#assertMayBePlain(url);
    const proxy = this.proxyFor(url);
    const refusal = proxy === undefined ? undefined : this.#judgeName(bareHost(url));
    if (refusal !== undefined) throw refusal;
    return proxy;
  }

  /** The proxy by which a host is reached, in either way. @throws FreightlinerError `configuration`. */
  proxyFor(url: URL): HttpProxy | undefined {
    if (this.#options.ofCloud === true && isOwnService(url)) return undefined;
    return chooseProxy(url, this.#options.settings.proxy, this.#network.surroundings.proxies);
  }

  /** Ends what is on its way to become a connection. */
  close(): void {
    this.#closed = true;
    for (const socket of this.#underWay) socket.destroy();
  }

  /** The Proxy-Authorization for it, or undefined. */
  async authorizationFor(proxy: HttpProxy, signal?: AbortSignal): Promise<string | undefined> {
    if (proxy.from !== "settings") return proxy.authorization;
    const deadline = AbortSignal.timeout(secretMs);
    const both = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    const signIn = await this.#network.proxySignIn?.(both);
    return signIn === undefined ? undefined : basic(signIn.username, signIn.password);
  }

  /** A connection to the host of a request, through a tunnel where that is its way. */
  readonly connect: Connector = (target, callback) => {
    this.#connect(target).then(
      (socket) => callback(null, socket),
      (thrown: unknown) => callback(errorOf(thrown), null),
    );
  };

  /** A connection to the proxy itself, for requests that are handed to it whole. */
  connectProxy(proxy: HttpProxy): Connector {
    return (_target, callback) => {
      this.#reachProxy(proxy, "plain http").then(
        (socket) => callback(null, socket),
        (thrown: unknown) => callback(errorOf(thrown), null),
      );
    };
  }

  async #connect(target: connecting.Options): Promise<Socket | TLSSocket> {
    const { hostname } = target;
    const url = new URL(`${target.protocol}//${target.host ?? hostname}/`);
    const isHome = hostname === this.#home.hostname;
    const isEntered = this.#isEntered(hostname);
    const proxy = url.protocol === "https:" ? this.proxyFor(url) : undefined;
    // A proxy resolves the name; what is no name at all can still be judged.
    const literal = isHome || isEntered || (proxy === undefined && isIP(hostname) === 0);
    const refusal = literal ? undefined : this.#judgeName(hostname);
    if (refusal !== undefined) throw refusal;

    const home = this.#isOwnPort(target) ? "home" : "home-elsewhere";
    const place = isHome ? home : isEntered ? "entered" : "abroad";
    const connector = await this.#connector(place, url.protocol);
    if (proxy === undefined) {
      const socket = await by(connector, target);
      if (isHome && socket.remoteAddress !== undefined) this.#homeZone = zoneOf(socket.remoteAddress);
      return this.#pinned(socket, isHome, url);
    }
    const address = `${url.hostname}:${url.port === "" ? "443" : url.port}`;
    const authorization = await this.authorizationFor(proxy);
    const way = await this.#reachProxy(proxy, address);
    this.#underWay.add(way);
    if (this.#closed) way.destroy();
    try {
      const deadlineMs = this.#options.connectMs;
      await openTunnel(way, { proxy, target: address, authorization, deadlineMs });
      return this.#pinned(await by(connector, { ...target, httpSocket: way }), isHome, url);
    } finally {
      this.#underWay.delete(way);
    }
  }

  async #reachProxy(proxy: HttpProxy, target: string): Promise<Socket | TLSSocket> {
    const { url } = proxy;
    const connector = await this.#connector("proxy", url.protocol);
    const hostname = bareHost(url);
    try {
      return await by(connector, { hostname, host: url.host, protocol: url.protocol, port: url.port });
    } catch (thrown) {
      throw proxyUnreached(thrown, proxy, target);
    }
  }

  #isEntered(hostname: string): boolean {
    const { ofCloud, entered } = this.#options;
    return ofCloud === true || entered?.includes(hostname) === true;
  }

  #isOwnPort({ port, protocol }: connecting.Options): boolean {
    const usual = protocol === "https:" ? "443" : "80";
    return (port === "" ? usual : port) === (this.#home.port === "" ? "443" : this.#home.port);
  }

  /** Pins count for the registry's host name on every port of it, and for every connection: sessions are not taken up again. */
  #pinned(socket: Socket | TLSSocket, isHome: boolean, url: URL): Socket | TLSSocket {
    const { pins = [], insecureSkipVerify } = this.#options.settings;
    if (!isHome || pins.length === 0 || !(socket instanceof TLSSocket)) return socket;
    const failure = pinFailure(socket, { pins, leafOnly: insecureSkipVerify, address: url.host });
    if (failure === undefined) return socket;
    socket.destroy();
    throw failure;
  }

  #assertMayBePlain(url: URL): void {
    const { pins = [] } = this.#options.settings;
    if (pins.length === 0 || bareHost(url) !== this.#home.hostname) return;
    throw new FreightlinerError({
      code: "tls",
      operation: "connect",
      message: `${url.host} was not asked over plain http: its settings pin a public key, and without TLS there is none.`,
      retryable: false,
    });
  }

  #readTrust(): Promise<OwnTrust> {
    const { settings, host, certHost = host } = this.#options;
    this.#trust ??= readTrust(settings, this.#network.surroundings.certRoots, certHost).catch(
      (error: unknown) => {
        this.#trust = undefined;
        throw error;
      },
    );
    return this.#trust;
  }

  async #connector(place: Place, protocol: string): Promise<Connector> {
    const trust = await this.#readTrust();
    const key = `${place} ${protocol}`;
    const known = this.#connectors.get(key);
    if (known !== undefined) return known;
    const made = buildConnector({
      timeout: this.#options.connectMs,
      allowH2: false,
      // Certificates are read when TLS is spoken: registries on this machine need none.
      ...(protocol === "https:" ? this.#tlsOf(place, trust) : {}),
      lookup: guardedLookup(resolveName, (name, address) =>
        place === "abroad" ? this.#judge(name, address) : undefined,
      ),
    });
    this.#connectors.set(key, made);
    return made;
  }

  #tlsOf(place: Place, trust: OwnTrust) {
    const isHome = place === "home" || place === "home-elsewhere";
    // What the settings ask of the registry is not asked of where it leads.
    if (!isHome) return { secureContext: secureContextOf({ ...trust, client: undefined, least: "TLSv1.2" }) };
    return {
      secureContext: secureContextOf(place === "home" ? trust : { ...trust, client: undefined }),
      rejectUnauthorized: !this.#options.settings.insecureSkipVerify,
      // A session that is taken up again shows no certificate, to pins as to people, and with TLS 1.3 saves no round trip.
      maxCachedSessions: 0,
    };
  }

  /** A literal address, or a name that stands for this machine; other names are judged when they are resolved. */
  #judgeName(hostname: string): FreightlinerError | undefined {
    if (hostname === this.#home.hostname || this.#isEntered(hostname)) return undefined;
    if (isIP(hostname) !== 0) return this.#judge(hostname, hostname);
    return isLoopbackHost(hostname) ? this.#judge(hostname, "127.0.0.1") : undefined;
  }

  /** The error for an address that this registry may not send us to. */
  #judge(host: string, address: string): FreightlinerError | undefined {
    if (mayReach(this.#homeZone, zoneOf(address))) return undefined;
    return new FreightlinerError({
      code: "redirect-refused",
      operation: "connect",
      message: `${this.#home.hostname} sent us to ${host}, which is an internal address (${address}) while the registry is not; the request was not sent.`,
      retryable: false,
    });
  }
}

function by(connector: Connector, target: connecting.Options): Promise<Socket | TLSSocket> {
  return new Promise((resolve, reject) => {
    connector(target, (...[error, socket]) => {
      if (error === null) resolve(socket);
      else reject(error);
    });
  });
}

function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : toFreightlinerError(thrown, "connect");
}
