import type { FastifyRequest } from "fastify";

const NAME = "holdfast_session";

/** What the browser's session cookie holds. https://www.rfc-editor.org/rfc/rfc6265#section-4.2 */
export function sessionCookieOf(request: FastifyRequest): string | undefined {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [name, value] = pair.trim().split("=");
    if (name === NAME && value !== undefined && value !== "") return value;
  }
  return undefined;
}

/**
 * A cookie that no script reads, that no other site's page sends along, and that expires; 0 seconds take it away. Behind a
 * proxy with TLS it never travels without.
 */
export function sessionCookie(request: FastifyRequest, value: string, seconds: number): string {
  const isSecure = request.headers["x-forwarded-proto"] === "https";
  return `${NAME}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
}
