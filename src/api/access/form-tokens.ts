import { createHmac, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { ApiError } from "../error.ts";
import { cookieOf, cookieText, SESSION_COOKIE } from "./cookie.ts";

/** For browsers without a session: where no token is demanded. */
const COOKIE = "holdfast_form";
const COOKIE_SECONDS = 12 * 3_600;

/**
 * Proves that a form was sent by a page that we have given to the same browser: another site can make a browser send a form,
 * and cannot read ours (cheatsheetseries.owasp.org, Cross-Site Request Forgery Prevention). The token of a form is made
 * of the session's cookie, or else of a random cookie of its own, with a secret of the process. A restart makes the forms
 * of open pages worthless; a page that is reloaded has new ones.
 */
export class FormTokens {
  readonly #newSecret: () => string;
  #secret: string | undefined;

  constructor(newSecret: () => string) {
    this.#newSecret = newSecret;
  }

  /** For the forms of a page that answers the request. */
  tokenFor(request: FastifyRequest, reply: FastifyReply): string {
    const known = boundTo(request);
    if (known !== undefined) return this.#tokenOf(known);
    const value = this.#newSecret();
    reply.header("set-cookie", cookieText(request, COOKIE, value, COOKIE_SECONDS));
    return this.#tokenOf(value);
  }

  /** @throws ApiError 403 */
  check(request: FastifyRequest, given: string): void {
    const known = boundTo(request);
    if (known !== undefined) {
      const wanted = Buffer.from(this.#tokenOf(known));
      const sent = Buffer.from(given);
      if (wanted.length === sent.length && timingSafeEqual(wanted, sent)) return;
    }
    throw new ApiError(
      403,
      "this form is out of date, or was not sent from a page of this server, and nothing was done: go back, reload the page, and send it again",
    );
  }

  #tokenOf(value: string): string {
    this.#secret ??= this.#newSecret();
    return createHmac("sha256", this.#secret).update(value).digest("hex");
  }
}

/** What only this browser sends. */
function boundTo(request: FastifyRequest): string | undefined {
  return request.headers.authorization ?? cookieOf(request, SESSION_COOKIE) ?? cookieOf(request, COOKIE);
}
