import type { FastifyReply, FastifyRequest } from "fastify";
import { type Deed, isDeed } from "../../model/deeds.ts";
import { cookieOf, cookieText } from "./cookie.ts";

/** Until the page that it is for has come; and no longer, where that never comes. */
const SECONDS = 60;
const COOKIE = "holdfast_done";

/**
 * Leads from a form to a page, which says once what was done. A cookie carries that, and not the address: an address is kept,
 * passed on and loaded again, and would say it again each time.
 * @param page path of the page, and of no other
 */
export function leadTo(
  request: FastifyRequest,
  reply: FastifyReply,
  { page, done }: { page: string; done: Deed },
): FastifyReply {
  reply.header("set-cookie", cookieText(request, COOKIE, `${done}:${encodeURIComponent(page)}`, SECONDS));
  return reply.redirect(page, 303);
}

/** What a form has just done that led to this very page; another page that is kept current meanwhile does not take it away. */
export function takeDone(request: FastifyRequest, reply: FastifyReply): Deed | undefined {
  const [deed, page = ""] = (cookieOf(request, COOKIE) ?? "").split(":");
  const [path = ""] = request.url.split("?");
  if (!isDeed(deed) || page !== encodeURIComponent(path)) return undefined;
  reply.header("set-cookie", cookieText(request, COOKIE, "", 0));
  return deed;
}
