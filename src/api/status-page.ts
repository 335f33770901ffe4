import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Actor } from "../model/actor.ts";
import type { ServedStores } from "./access/served-store.ts";
import type { Dependencies } from "./dependencies.ts";
import { ApiError, notFoundError } from "./error.ts";
import type { FleetIndex } from "./fleet-index.ts";
import type { RouteDocument } from "./route-document.ts";
import { fleetModel, serviceModel } from "./status-model.ts";

type Form = "html" | "json" | "text";

const TYPES: Record<Form, string> = {
  html: "text/html; charset=utf-8",
  json: "application/json; charset=utf-8",
  text: "text/plain; charset=utf-8",
};

const PARAMETERS = {
  type: "object",
  additionalProperties: false,
  properties: {
    format: { type: "string", enum: ["html", "json", "text"], description: "Goes before the Accept header" },
  },
} as const;

interface PageRoute {
  Params: { namespace: string; name: string };
  Querystring: { format?: Form };
}

/** `/status`: one model in three forms, for people, programs and terminals. */
export function registerStatusPages(
  app: FastifyInstance,
  deps: Dependencies,
  stores: ServedStores,
  fleet: FleetIndex,
): void {
  const { dashboard } = deps;
  const documented = (id: string, summary: string) => {
    const document: RouteDocument = { id, summary, tag: "status", answer: "Any" };
    return { schema: { querystring: PARAMETERS }, config: { document } };
  };

  app.get("/", async (_request, reply) => reply.redirect("/status"));

  app.get<PageRoute>(
    "/status",
    documented("readFleetStatus", "The status of all services"),
    (request, reply) =>
      send(
        request,
        reply,
        { ...fleetModel({ ...deps, store: stores(request) }, fleet), ...actorOf(request) },
        { html: dashboard.fleetPage, text: dashboard.fleetText },
      ),
  );

  app.get<PageRoute>(
    "/status/:namespace/:name",
    documented("readServiceStatus", "The status of one service"),
    (request, reply) => {
      const { namespace, name } = request.params;
      const model = serviceModel({ ...deps, store: stores(request) }, { namespace, name });
      if (model === undefined) throw notFoundError("WebService", { namespace, name });
      return send(
        request,
        reply,
        { ...model, ...actorOf(request) },
        { html: dashboard.servicePage, text: dashboard.serviceText },
      );
    },
  );

  for (const [name, { type, body }] of Object.entries(dashboard.assets)) {
    app.get(`/status/assets/${name}`, async (_request, reply) => {
      reply.header("cache-control", "max-age=300");
      return reply.type(type).send(body);
    });
  }
}

function actorOf({ actor }: FastifyRequest): { actor?: Actor } {
  return actor === undefined ? {} : { actor };
}

function send<M>(
  request: FastifyRequest<PageRoute>,
  reply: FastifyReply,
  model: M,
  draw: { html: (model: M) => string; text: (model: M) => string },
): FastifyReply {
  const form = request.query.format ?? formOf(request.headers.accept);
  reply.type(TYPES[form]).header("vary", "accept");
  return reply.send(form === "json" ? JSON.stringify(model) : draw[form](model));
}

const FORM_OF_TYPE: Record<string, Form> = {
  "text/html": "html",
  "application/xhtml+xml": "html",
  "text/*": "html",
  "*/*": "html",
  "application/json": "json",
  "application/*": "json",
  "text/plain": "text",
};

/** The form that the Accept header likes best. https://www.rfc-editor.org/rfc/rfc9110#name-accept */
function formOf(accept = "*/*"): Form {
  const liked = accept
    .split(",")
    .map((entry) => {
      const [type = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
      return { form: FORM_OF_TYPE[type], quality: Number(quality) };
    })
    .filter((entry) => entry.form !== undefined && entry.quality > 0)
    .sort((a, b) => b.quality - a.quality);
  const [best] = liked;
  if (best?.form === undefined) {
    throw new ApiError(406, "this page comes as text/html, application/json or text/plain");
  }
  return best.form;
}
