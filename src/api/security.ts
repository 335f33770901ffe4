import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ApiError } from "./error.ts";

const PROBES = new Set(["/livez", "/readyz"]);
const READS = new Set(["GET", "HEAD"]);

const HEADERS = {
  "content-security-policy":
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
} as const;

/**
 * With a token, every route but the probes demands it. Without one (the daemon then listens on loopback only)
 * the danger is a web page in the user's own browser: it may not write across sites, and it may not reach us
 * under a host name of its own (DNS rebinding).
 */
export function registerSecurity(app: FastifyInstance, token: string | undefined): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(HEADERS);
    if (PROBES.has(request.url.split("?")[0] ?? "")) return;
    if (token === undefined) refuseForeignPages(request);
    else demandToken(request, token);
  });
}

function demandToken(request: FastifyRequest, token: string): void {
  const [, given = ""] = /^Bearer +(\S+)\s*$/i.exec(request.headers.authorization ?? "") ?? [];
  // Digests have one length, so the comparison takes one time.
  if (given !== "" && timingSafeEqual(digestOf(given), digestOf(token))) return;
  throw new ApiError(401, "this server demands its token: Authorization: Bearer <token>", {
    headers: { "www-authenticate": 'Bearer realm="holdfast"' },
  });
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function refuseForeignPages(request: FastifyRequest): void {
  const { host = "", origin } = request.headers;
  const site = request.headers["sec-fetch-site"];
  if (host !== "" && !isOwnHost(host)) {
    throw new ApiError(
      403,
      "without a token this server answers only to localhost or an IP address in the Host header",
    );
  }
  if (READS.has(request.method)) return;
  const isForeign =
    (site !== undefined && site !== "same-origin" && site !== "none") ||
    (origin !== undefined && !isSameOrigin(origin, host));
  if (isForeign) throw new ApiError(403, "a web page of another site may not change anything here");
}

function isSameOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host && isOwnHost(host);
}

/** A name that nobody else's DNS can give out: localhost, or an address itself. */
function isOwnHost(host: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname.startsWith("[") ||
    /^\d+\.\d+\.\d+\.\d+$/.test(hostname)
  );
}
