import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type RouteOptions,
} from "fastify";
import { LIMITS } from "../model/limits.ts";
import { FormTokens } from "./access/form-tokens.ts";
import { registerSecurity } from "./access/security.ts";
import { servedStores } from "./access/served-store.ts";
import { Sessions } from "./access/sessions.ts";
import { registerSignIn } from "./access/sign-in.ts";
import { registerCompression } from "./compression.ts";
import type { Dependencies } from "./dependencies.ts";
import { registerDiscovery } from "./discovery/groups.ts";
import { registerNamespaces } from "./discovery/namespaces.ts";
import { ApiError, apiErrorOf, type Subject, statusBodyOf, subjectOf, unparsedError } from "./error.ts";
import { registerFields } from "./fields.ts";
import { FleetIndex } from "./fleet-index.ts";
import { registerFreezes } from "./freezes.ts";
import { HeldNames } from "./held-names.ts";
import { registerImports } from "./imports.ts";
import { Lists } from "./list.ts";
import { buildMetrics, type Metrics } from "./metrics.ts";
import { registerOpenApi } from "./openapi/routes.ts";
import { registerPlan } from "./plan.ts";
import { registerReads } from "./reads.ts";
import { DRIFT_EVENTS, EVENTS } from "./resources.ts";
import type { RouteDocument } from "./route-document.ts";
import { registerSpecs } from "./specs.ts";
import { contextOf } from "./status-model.ts";
import { errorFormOf, registerStatusPages } from "./status-page.ts";
import { registerEditPage } from "./steering/edit-page.ts";
import { registerForms } from "./steering/forms.ts";
import { registerPause } from "./steering/pause-routes.ts";
import { registerSteering } from "./steering/routes.ts";
import { Watches } from "./watches.ts";
import { registerWebServices } from "./web-services.ts";
import { Writer } from "./writer.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
const REQUEST_TIMEOUT_MS = 30_000;
/** In real time; after it an answer is given up of which its reader has taken nothing, and after twice as long for certain. */
const STALLED_MS = 15_000;
/** Longer than any name that is allowed, so that a name that is too long is told so. */
const PARAMETER_LENGTH = 300;

/**
 * The HTTP server, built and not yet listening. `close()` ends its watches.
 * @param stalledMs how long an answer waits for a reader who takes nothing of it, in real time
 */
export function buildApp(deps: Dependencies, stalledMs = STALLED_MS): FastifyInstance {
  const app = Fastify({
    bodyLimit: LIMITS.bodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: stalledMs,
    routerOptions: { maxParamLength: PARAMETER_LENGTH, ignoreTrailingSlash: true },
    ajv: {
      customOptions: { removeAdditional: false, useDefaults: false, coerceTypes: true, allErrors: true },
    },
    clientErrorHandler: (error, socket) => answerUnparsed(error, socket),
    // A path that cannot be decoded never reaches a route.
    frameworkErrors: (error, _request, reply) => sendError(reply as FastifyReply, error, deps),
  });
  const routes: RouteOptions[] = [];
  const watches = new Watches(deps);
  const fleet = new FleetIndex(deps);
  const lists = new Lists(deps.takeTurn);
  const metrics = buildMetrics(deps, fleet, () => watches.count);

  // Bodies are read by the routes: they alone know what they take, and can show the place of a fault.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.addHook("onRoute", (route) => {
    routes.push(route);
  });
  cutOffStalled(app);
  registerErrors(app, deps, metrics);
  registerCompression(app);
  const sessions = new Sessions(deps.realClock, () => deps.newSecret());
  registerSecurity(app, deps.tokens, sessions);
  registerSignIn(app, deps, sessions);
  const names = new HeldNames(deps);
  const writer = new Writer(deps, names);
  registerSpecs(app, deps, writer);
  registerImports(app, deps);
  registerPause(app, deps);
  registerFreezes(app, deps);
  const stores = servedStores(deps);
  const reading = { ...deps, stores, lists };
  registerWebServices(app, reading, writer, watches);
  registerFields(app, stores);
  registerSteering(app, deps, writer);
  registerPlan(app, deps, stores);
  registerReads(app, reading, watches, DRIFT_EVENTS);
  registerReads(app, reading, watches, EVENTS);
  registerNamespaces(app, deps, fleet);
  registerDiscovery(app);
  const forms = new FormTokens(() => deps.newSecret());
  registerStatusPages(app, { ...deps, stores, forms }, fleet);
  registerForms(app, { ...deps, writer }, forms);
  registerEditPage(app, { ...deps, writer }, forms);
  registerDaemon(app, deps, metrics);
  registerOpenApi(app, routes, deps.specSchema, deps.world.version);
  refuseOtherMethods(app, routes);
  app.addHook("preClose", async () => {
    watches.endAll();
    fleet.close();
    names.close();
  });
  return app;
}

/** A connection with nothing to send is quiet, like a watch without changes; one that does not get rid of it is stalled. */
function cutOffStalled(app: FastifyInstance): void {
  app.addHook("onRequest", async (_request, reply) => {
    reply.raw.on("timeout", (socket: Socket) => {
      // An orderly end would stand behind what nobody takes.
      if (socket.writableLength > 0) socket.resetAndDestroy();
    });
  });
}

/** What Node's HTTP parser refuses never becomes a request. https://nodejs.org/api/http.html#event-clienterror */
function answerUnparsed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const answer = unparsedError(error.code);
  const body = JSON.stringify(statusBodyOf(answer));
  const head = [
    `HTTP/1.1 ${answer.code} ${STATUS_CODES[answer.code]}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function registerErrors(app: FastifyInstance, deps: ErrorDependencies, metrics: Metrics): void {
  app.setErrorHandler((error: FastifyError, _request, reply) => sendError(reply, error, deps));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0];
    return sendError(
      reply,
      new ApiError(404, `there is no route ${path}; GET /openapi/v3/holdfast lists them`),
      deps,
    );
  });
  app.addHook("onResponse", async (request, reply) => {
    metrics.countRequest(request.method, request.routeOptions.url ?? "unknown", reply.statusCode);
  });
}

/** The one place where an error of a request becomes its answer; what is not the sender's business is logged. */
function sendError(reply: FastifyReply, error: Error, deps: ErrorDependencies): FastifyReply {
  const { log } = deps;
  const known = apiErrorOf(error);
  if (known === undefined) {
    log.error(
      { method: reply.request.method, url: reply.request.url, error: error.stack ?? error.message },
      "request failed",
    );
  }
  const answer = known ?? new ApiError(500, "the server failed; its log says why");
  const { request } = reply;
  const body = statusBodyOf(answer, askedFor(reply));
  reply
    .code(answer.code)
    .headers(answer.extras.headers ?? {})
    .header("vary", "accept");
  switch (errorFormOf(request)) {
    case "json":
      return reply.type("application/json; charset=utf-8").send(body);
    case "text":
      return reply.type("text/plain; charset=utf-8").send(`${body.message}\n`);
    case "html": {
      const { code, message, reason = "" } = body;
      const path = request.url.split("?")[0] ?? "";
      const page = deps.dashboard.errorPage({ ...contextOf(deps), code, reason, message, path });
      return reply.type("text/html; charset=utf-8").send(page);
    }
  }
}

type ErrorDependencies = Pick<Dependencies, "store" | "log" | "dashboard" | "clock" | "world">;

/** The object that the route of a request is about. */
function askedFor({ request }: FastifyReply): Partial<Subject> {
  const { kind } = request.routeOptions?.config?.document ?? {};
  const { name } = (request.params ?? {}) as { name?: string };
  return kind === undefined ? {} : subjectOf(kind, name);
}

function registerDaemon(app: FastifyInstance, deps: Dependencies, metrics: Metrics): void {
  const documented = (id: string, summary: string, answer?: string) => {
    const document: RouteDocument = { id, summary, tag: "daemon", ...(answer !== undefined && { answer }) };
    return { config: { document } };
  };
  app.get("/livez", documented("readLiveness", "Whether the process answers"), async (_request, reply) =>
    reply.type("text/plain; charset=utf-8").send("ok\n"),
  );
  app.get(
    "/readyz",
    documented("readReadiness", "Whether it works, and what it waits for"),
    async (_request, reply) => {
      const { ready, reasons } = deps.ready();
      if (ready) return reply.type("text/plain; charset=utf-8").send("ok\n");
      throw new ApiError(503, `not ready: ${reasons.join("; ")}`, {
        causes: reasons.map((message) => ({ reason: "NotReady", message, field: "" })),
      });
    },
  );
  app.get(
    "/version",
    documented("readVersion", "The version of the daemon", "Any"),
    async () => deps.version,
  );
  app.get("/metrics", documented("readMetrics", "Prometheus metrics"), async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}

/** 405 with what is allowed, for every path that has a route. */
function refuseOtherMethods(app: FastifyInstance, routes: readonly RouteOptions[]): void {
  const methodsOf = new Map<string, string[]>();
  for (const { url, method } of routes) {
    methodsOf.set(url, [...(methodsOf.get(url) ?? []), ...[method].flat()]);
  }
  for (const [url, allowed] of methodsOf) {
    const refuse = async () => {
      throw new ApiError(405, `this path takes ${allowed.join(", ")}`, {
        headers: { allow: allowed.join(", ") },
      });
    };
    app.route({
      url,
      method: METHODS.filter((method) => !allowed.includes(method)),
      // Before the body is looked at.
      onRequest: refuse,
      handler: refuse,
    });
  }
}
