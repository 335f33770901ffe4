import type { FastifyRequest } from "fastify";

export const SESSION_COOKIE = "holdfast_session";

/** What a cookie of the browser holds. https://www.rfc-editor.org/rfc/rfc6265#section-4.2 */
export function cookieOf(request: FastifyRequest, wanted: string): string | undefined {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [name, value] = pair.trim().split("=");
    if (name === wanted && value !== undefined && value !== "") return value;
  }
  return undefined;
}

/**
 * A cookie that no script reads, that no other site's page sends along, and that expires; 0 seconds take it away. Behind a
 * proxy with TLS it never travels without.
 */
export function cookieText(request: FastifyRequest, name: string, value: string, seconds: number): string {
  const isSecure = request.headers["x-forwarded-proto"] === "https";
  return `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
}
