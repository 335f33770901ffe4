import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { SignInModel } from "../../model/status-page.ts";
import type { Dependencies } from "../dependencies.ts";
import { cookieOf, cookieText, SESSION_COOKIE } from "./cookie.ts";
import { entryOfToken, SIGN_IN, SIGN_IN_ASSETS, SIGN_OUT } from "./security.ts";
import { SESSION_SECONDS, type Sessions } from "./sessions.ts";

/** Bytes of the form: a token, and where to go. */
const FORM_BYTES = 16_384;
const HOME = "/status";
/** What the page with the form looks like is no secret. */
const ASSETS = ["page.css", "mark.svg"];

type SignInDependencies = Pick<Dependencies, "tokens" | "log" | "dashboard" | "world">;

interface SignInRoute {
  Querystring: { next?: string };
}

/** A form for a token, and the way out: for browsers, which cannot be told to send a header. */
export function registerSignIn(app: FastifyInstance, deps: SignInDependencies, sessions: Sessions): void {
  const { tokens, log, dashboard, world } = deps;
  const show = (reply: FastifyReply, model: Omit<SignInModel, "version">) =>
    reply.type("text/html; charset=utf-8").send(dashboard.signInPage({ version: world.version, ...model }));

  app.get<SignInRoute>(SIGN_IN, (request, reply) => {
    const next = ownPath(request.query.next);
    return tokens === undefined ? reply.redirect(next, 303) : show(reply, { next });
  });

  app.post(SIGN_IN, { bodyLimit: FORM_BYTES }, (request, reply) => {
    const form = formOf(request);
    const next = ownPath(form.get("next") ?? undefined);
    if (tokens === undefined) return reply.redirect(next, 303);
    const entry = entryOfToken(tokens(), (form.get("token") ?? "").trim());
    if (entry === undefined) {
      log.warn({ from: request.ip }, "sign-in refused");
      return show(reply.code(401), { next, problem: "This is not a token of this server." });
    }
    log.info({ actor: entry.actor.name, from: request.ip }, "signed in");
    reply.header(
      "set-cookie",
      cookieText(request, SESSION_COOKIE, sessions.open(entry.digest), SESSION_SECONDS),
    );
    return reply.redirect(next, 303);
  });

  app.post(SIGN_OUT, { bodyLimit: FORM_BYTES }, (request, reply) => {
    const cookie = cookieOf(request, SESSION_COOKIE);
    if (cookie !== undefined) sessions.close(cookie);
    if (request.actor !== undefined) log.info({ actor: request.actor.name }, "signed out");
    reply.header("set-cookie", cookieText(request, SESSION_COOKIE, "", 0));
    return reply.redirect(tokens === undefined ? HOME : SIGN_IN, 303);
  });

  for (const name of ASSETS) {
    const asset = dashboard.assets[name];
    if (asset === undefined) continue;
    app.get(`${SIGN_IN_ASSETS}${name}`, async (_request, reply) => reply.type(asset.type).send(asset.body));
  }
}

function formOf({ body }: FastifyRequest): URLSearchParams {
  return new URLSearchParams(Buffer.isBuffer(body) ? body.toString("utf8") : "");
}

/** Where somebody wanted to go, if that is a path of ours; a form that sends people elsewhere serves others. */
function ownPath(next: string | undefined): string {
  const base = "http://holdfast.invalid";
  if (next === undefined || !next.startsWith("/") || !URL.canParse(next, base)) return HOME;
  const url = new URL(next, base);
  return url.origin === base && !url.pathname.startsWith(SIGN_IN) ? `${url.pathname}${url.search}` : HOME;
}
