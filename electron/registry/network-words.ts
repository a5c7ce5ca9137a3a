// Why a connection failed, in plain words; Node's and OpenSSL's own words stay with the error as its cause.

/** Codes of libuv, https://docs.libuv.org/en/v1.x/errors.html, and of undici. */
const unreachableWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing accepts connections there",
  ECONNRESET: "the connection was cut",
  ECONNABORTED: "the connection was cut",
  EPIPE: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  ENOTFOUND: "the host name could not be resolved",
  EAI_AGAIN: "the host name could not be resolved",
  EAI_NODATA: "the host name has no address",
  EHOSTUNREACH: "the network knows no way to it",
  EHOSTDOWN: "the machine is down",
  ENETUNREACH: "the network knows no way to it",
  ENETDOWN: "this machine has no network",
  EADDRNOTAVAIL: "this machine has no address to connect from",
};

/** Codes of Node's TLS, https://nodejs.org/api/tls.html#x509-certificate-error-codes, and of OpenSSL. */
const tlsWords: readonly (readonly [RegExp, string])[] = [
  [/SELF_SIGNED/, "its certificate is self-signed, or comes from an authority that is not trusted here"],
  [/UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)/, "its certificate comes from an authority that is not trusted here"],
  [/^CERT_HAS_EXPIRED$/, "its certificate has expired"],
  [/^CERT_NOT_YET_VALID$/, "its certificate is not valid yet; check this machine's clock too"],
  [/^CERT_REVOKED$/, "its certificate was revoked"],
  [/ALTNAME|HOSTNAME_MISMATCH/, "its certificate is for another host name"],
  [
    /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/,
    "no version of TLS is spoken on both sides; TLS 1.2 at least is asked for, or 1.3 where the settings say so",
  ],
  [
    /CERTIFICATE_REQUIRED|ALERT_(BAD|UNSUPPORTED)_CERTIFICATE|ALERT_CERTIFICATE_|ALERT_UNKNOWN_CA|ALERT_HANDSHAKE_FAILURE/,
    "it broke off the handshake; perhaps it asks for a client certificate, or for another one",
  ],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/, "what answers there does not speak TLS"],
];

/** With the code, by which such a failure can be looked up. */
export function unreachableReason(system: string | undefined, detail: string): string {
  return withCode(unreachableWords[system ?? ""] ?? detail, system);
}

export function tlsReason(system: string | undefined, detail: string): string {
  return withCode(tlsWords.find(([code]) => code.test(system ?? ""))?.[1] ?? detail, system);
}

/** Node's own words often name the code already. */
function withCode(text: string, system: string | undefined): string {
  return system === undefined || text.includes(system) ? text : `${text} (${system})`;
}
