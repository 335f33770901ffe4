import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Actor, TokenEntry } from "../../model/actor.ts";
import { isLocalHost, isOfForeignPage } from "../../model/own-host.ts";
import { ApiError } from "../error.ts";
import { cookieOf, SESSION_COOKIE } from "./cookie.ts";
import type { Sessions } from "./sessions.ts";

export const SIGN_IN = "/sign-in";
export const SIGN_OUT = "/sign-out";
/** Below it, what the page with the form loads. */
export const SIGN_IN_ASSETS = `${SIGN_IN}/assets/`;

const PROBES = new Set(["/livez", "/readyz"]);
const READS = new Set(["GET", "HEAD"]);

const HEADERS = {
  "content-security-policy":
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // With `no-referrer` a browser calls the origin of our own forms `null`. https://fetch.spec.whatwg.org/#origin-header
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
} as const;

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks; absent where no token is demanded. */
    actor?: Actor;
  }
}

/** The tokens that are good now. */
export type Tokens = () => readonly TokenEntry[];

/**
 * With tokens, every route but the probes and the sign-in demands one of them, or a session that was opened with one.
 * Without (the daemon then listens on loopback only) the danger is a web page in the user's own browser: it may not
 * write across sites, and it may not reach us under a host name of its own (DNS rebinding).
 */
export function registerSecurity(app: FastifyInstance, tokens: Tokens | undefined, sessions: Sessions): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(HEADERS);
    const path = request.url.split("?")[0] ?? "";
    if (PROBES.has(path)) return;
    if (tokens === undefined) return refuseStrangers(request);
    if (path === SIGN_IN || path.startsWith(SIGN_IN_ASSETS)) return refuseForeignWrites(request);
    return demandActor(request, reply, tokens(), sessions);
  });
}

/** Whose token it is. */
export function entryOfToken(entries: readonly TokenEntry[], token: string): TokenEntry | undefined {
  const given = createHash("sha256").update(token).digest();
  // All of them, and digests of one length: the time says nothing.
  const matching = entries.filter(({ digest }) => timingSafeEqual(given, Buffer.from(digest, "hex")));
  return token === "" ? undefined : matching[0];
}

function demandActor(
  request: FastifyRequest,
  reply: FastifyReply,
  entries: readonly TokenEntry[],
  sessions: Sessions,
): FastifyReply | undefined {
  const { authorization } = request.headers;
  const cookie = cookieOf(request, SESSION_COOKIE);
  if (authorization === undefined && cookie !== undefined) refuseForeignWrites(request);
  const entry =
    authorization === undefined
      ? entryOfSession(entries, sessions, cookie)
      : entryOfToken(entries, /^Bearer +(\S+)\s*$/i.exec(authorization)?.[1] ?? "");
  if (entry === undefined) {
    if (authorization === undefined && isForPeople(request)) {
      return reply.redirect(`${SIGN_IN}?next=${encodeURIComponent(request.url)}`, 303);
    }
    throw new ApiError(
      401,
      "this server demands a token: Authorization: Bearer <token>, or in a browser a session from /sign-in",
      { headers: { "www-authenticate": 'Bearer realm="holdfast"' } },
    );
  }
  request.actor = entry.actor;
  const isRead = READS.has(request.method) || request.url === SIGN_OUT;
  if (!isRead && !entry.actor.mayWrite) {
    throw new ApiError(403, `the token ${entry.actor.name} may look at everything and change nothing`);
  }
  return undefined;
}

/** A session ends with the token that it was opened with. */
function entryOfSession(
  entries: readonly TokenEntry[],
  sessions: Sessions,
  cookie: string | undefined,
): TokenEntry | undefined {
  const digest = cookie === undefined ? undefined : sessions.tokenDigestOf(cookie);
  return entries.find((entry) => entry.digest === digest);
}

/** A browser that goes somewhere: it is shown where to sign in, and not an error. */
function isForPeople({ method, headers }: FastifyRequest): boolean {
  return method === "GET" && (headers.accept ?? "").includes("text/html");
}

function refuseStrangers(request: FastifyRequest): void {
  const { host = "" } = request.headers;
  if (host !== "" && !isLocalHost(host)) {
    throw new ApiError(
      403,
      "without a token this server answers only to localhost or an IP address in the Host header",
    );
  }
  refuseForeignWrites(request);
}

function refuseForeignWrites({ method, headers }: FastifyRequest): void {
  if (READS.has(method)) return;
  const { host, origin } = headers;
  const site = headers["sec-fetch-site"];
  const isForeign = isOfForeignPage({ site: typeof site === "string" ? site : undefined, origin, host });
  if (isForeign) throw new ApiError(403, "a web page of another site may not change anything here");
}
