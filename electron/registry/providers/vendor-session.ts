// Requests to a vendor's own API with the registry's sign-in, which may end or be replaced while a long listing is read.
import { FreightlinerError } from "../../../shared/errors.ts";
import type { Credential } from "../../engine/credential.ts";
import type { ProviderContext } from "./provider.ts";
import type { VendorAnswer, VendorRequest } from "./vendor-api.ts";

/**
 * The whole Authorization header for a credential, traded for a token where the API wants that; undefined for one that it
 * does not take. @throws `unauthorized` where the trade is refused.
 */
export type Signing = (credential: Credential, signal: AbortSignal) => Promise<string | undefined>;

export type SessionRequest = Omit<VendorRequest, "authorization">;

export class VendorSession {
  readonly #context: Pick<ProviderContext, "api" | "credentials">;
  readonly #sign: Signing;
  #credential: Credential | undefined;
  #header: string | undefined;

  private constructor(
    context: Pick<ProviderContext, "api" | "credentials">,
    sign: Signing,
    signedIn: { readonly credential: Credential; readonly header: string },
  ) {
    this.#context = context;
    this.#sign = sign;
    this.#credential = signedIn.credential;
    this.#header = signedIn.header;
  }

  /** Undefined where there is no credential, or none that the API takes. @throws what the credential's provider throws. */
  static async open(
    context: Pick<ProviderContext, "api" | "credentials">,
    sign: Signing,
    signal: AbortSignal,
  ): Promise<VendorSession | undefined> {
    const credential = await context.credentials.get(signal);
    const header = credential && (await sign(credential, signal));
    if (credential === undefined || header === undefined) return undefined;
    return new VendorSession(context, sign, { credential, header });
  }

  /** Whom it signs in. */
  get credential(): Credential | undefined {
    return this.#credential;
  }

  /** A 401 is answered once with a new header: traded anew, or made of what the credential's provider gives then. */
  async ask(request: SessionRequest): Promise<VendorAnswer> {
    const used = this.#header;
    const answer = await this.#context.api.ask({ ...request, authorization: used });
    if (answer.status !== 401) return answer;
    // Another request of this session may have been first.
    if (this.#header === used) await this.#renew(request.signal);
    if (this.#header === used) return answer;
    return this.#context.api.ask({ ...request, authorization: this.#header });
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const before = this.#header;
    const refused = this.#credential;
    if (refused === undefined) return;
    const traded = await this.#tradeAgain(refused, signal);
    if (traded !== undefined && traded !== before) {
      this.#header = traded;
      return;
    }
    const credential = await this.#context.credentials.get(signal, refused);
    if (credential === undefined) return;
    this.#credential = credential;
    this.#header = await this.#sign(credential, signal);
  }

  /** Undefined where the credential itself is refused by now. */
  async #tradeAgain(credential: Credential, signal: AbortSignal): Promise<string | undefined> {
    try {
      return await this.#sign(credential, signal);
    } catch (error) {
      if (error instanceof FreightlinerError && error.code === "unauthorized") return undefined;
      throw error;
    }
  }
}
