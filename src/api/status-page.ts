import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { FleetFilter, PageContext, TextOptions } from "../model/status-page.ts";
import { takeDone } from "./access/flash.ts";
import type { FormTokens } from "./access/form-tokens.ts";
import type { ServedStores } from "./access/served-store.ts";
import type { Dependencies } from "./dependencies.ts";
import { ApiError, notFoundError } from "./error.ts";
import type { FleetIndex } from "./fleet-index.ts";
import { nameFault } from "./metadata-rules.ts";
import { LEDGER_PAGE_PARAMETERS, type LedgerQuery, ledgerModel } from "./past/ledger.ts";
import { fleetOfThen, serviceOfThen } from "./past/then.ts";
import type { RouteDocument } from "./route-document.ts";
import { contextOf, fleetModel, serviceModel } from "./status-model.ts";

type Form = "html" | "json" | "text";

const TYPES: Record<Form, string> = {
  html: "text/html; charset=utf-8",
  json: "application/json; charset=utf-8",
  text: "text/plain; charset=utf-8",
};

/** Other parameters are let be: addresses that people pass on have some that others have put there. */
const PARAMETERS = {
  type: "object",
  properties: {
    format: { type: "string", enum: ["html", "json", "text"], description: "Goes before the Accept header" },
    width: { type: "integer", minimum: 60, maximum: 1_000, description: "Of text: columns of the terminal" },
    color: { type: "string", enum: ["always", "never", ""], description: "Of text: `always` for colours" },
    at: {
      type: "string",
      maxLength: 40,
      description: "How it stood then, as far as it was recorded: ISO 8601",
    },
  },
} as const;
const FLEET_PARAMETERS = {
  ...PARAMETERS,
  properties: {
    ...PARAMETERS.properties,
    filter: {
      type: "string",
      maxLength: 200,
      description:
        "Services in whose name, Region, labels, state, reason, ringing alarms or DNS name each of these words stands",
    },
    attention: { type: "string", maxLength: 20, description: "`yes`: only services that need attention" },
  },
} as const;

const LEDGER_PARAMETERS = {
  ...PARAMETERS,
  properties: {
    format: PARAMETERS.properties.format,
    width: PARAMETERS.properties.width,
    color: PARAMETERS.properties.color,
    ...LEDGER_PAGE_PARAMETERS,
  },
};

interface PageRoute {
  Params: { namespace: string; name: string };
  Querystring: {
    format?: Form;
    width?: number;
    color?: string;
    filter?: string;
    attention?: string;
    at?: string;
  };
}

/** `/status`: one model in three forms, for people, programs and terminals. */
export function registerStatusPages(
  app: FastifyInstance,
  deps: Dependencies & { stores: ServedStores; forms: FormTokens },
  fleet: FleetIndex,
): void {
  const { dashboard, stores, forms } = deps;
  /** Who looks, and what they may do from the page. */
  const viewerOf = (request: FastifyRequest<PageRoute>, reply: FastifyReply): Viewer => {
    const { actor } = request;
    const known = actor === undefined ? {} : { actor };
    if (formWanted(request) !== "html") return known;
    const mayWrite = actor?.mayWrite !== false;
    const done = takeDone(request, reply);
    return {
      ...known,
      ...(mayWrite && { forms: { csrf: forms.tokenFor(request, reply) } }),
      ...(done !== undefined && { done }),
    };
  };
  const documented = (id: string, summary: string, querystring: object = PARAMETERS) => {
    const document: RouteDocument = { id, summary, tag: "status", answer: "Any" };
    return { schema: { querystring }, config: { document } };
  };

  const lookingAt = (request: FastifyRequest<PageRoute>, at: string) => ({
    store: stores(request),
    context: { ...contextOf(deps), ...actorOf(request) },
    at,
  });
  const past = <M extends object>(drawn: {
    html(model: M): string;
    text(model: M, options: TextOptions): string;
  }) => ({
    ...drawn,
    json: (model: M): object => model,
  });

  app.get("/", async (_request, reply) => reply.redirect("/status"));

  const sendFleet = (request: FastifyRequest<PageRoute>, reply: FastifyReply, namespace?: string) => {
    const { at = "" } = request.query;
    if (at !== "") {
      const looking = lookingAt(request, at);
      return send(
        request,
        reply,
        fleetOfThen(looking, fleet.services(namespace), namespace),
        past(dashboard.past.fleet),
      );
    }
    const filter = filterOf(request.query);
    const wanted = {
      ...(namespace !== undefined && { namespace }),
      ...(filter !== undefined && { filter }),
    };
    const model = {
      ...fleetModel({ ...deps, store: stores(request) }, fleet, wanted),
      ...viewerOf(request, reply),
    };
    const { fleetPage: html, fleetText: text, fleetJson: json } = dashboard;
    return send(request, reply, model, { html, text, json });
  };
  app.get<PageRoute>(
    "/status",
    documented("readFleetStatus", "The status of all services", FLEET_PARAMETERS),
    (request, reply) => sendFleet(request, reply),
  );
  // A name with a dot, which no namespace has.
  app.get<{ Params: PageRoute["Params"]; Querystring: PageRoute["Querystring"] & LedgerQuery }>(
    "/status/all.drift",
    documented("readLedger", "The drift ledger, as a page", LEDGER_PARAMETERS),
    (request, reply) => {
      const context = { ...contextOf(deps), ...actorOf(request) };
      const model = ledgerModel(stores(request), context, request.query);
      return send(request, reply, model, past(dashboard.past.ledger));
    },
  );
  app.get<PageRoute>(
    "/status/:namespace",
    documented("readNamespaceStatus", "The status of the services of a namespace", FLEET_PARAMETERS),
    (request, reply) => {
      const { namespace } = request.params;
      if (nameFault("namespace", namespace) !== undefined) {
        throw notFoundError("Namespace", { name: namespace });
      }
      // Where the ledger was at first: the addresses of then lead there, unless somebody has a namespace that is called so.
      if (namespace === "drift" && fleet.services(namespace).length === 0)
        return reply.redirect(`/status/all.drift${request.url.slice("/status/drift".length)}`, 307);
      return sendFleet(request, reply, namespace);
    },
  );

  app.get<PageRoute>(
    "/status/:namespace/:name",
    documented("readServiceStatus", "The status of one service"),
    (request, reply) => {
      const { namespace, name } = request.params;
      const { at = "" } = request.query;
      if (at !== "") {
        const then = serviceOfThen(lookingAt(request, at), { namespace, name });
        return send(request, reply, then, past(dashboard.past.service));
      }
      const model = serviceModel({ ...deps, store: stores(request) }, { namespace, name });
      if (model === undefined) throw notFoundError("WebService", { namespace, name });
      const { servicePage: html, serviceText: text } = dashboard;
      const drawn = { html, text, json: (shown: object) => shown };
      return send(request, reply, { ...model, ...viewerOf(request, reply) }, drawn);
    },
  );

  // Names with a dot, which no service has.
  for (const name of dashboard.docs) {
    app.get(`/status/docs/${name}`, async (_request, reply) => {
      const text = dashboard.docsPage(name, contextOf(deps));
      if (text === undefined) throw new ApiError(404, `docs/${name} is not installed with this daemon`);
      return reply.type(TYPES.html).send(text);
    });
  }
  for (const [name, { type, body }] of Object.entries(dashboard.assets)) {
    app.get(`/status/assets/${name}`, async (_request, reply) => {
      reply.header("cache-control", "max-age=300");
      return reply.type(type).send(body);
    });
  }
}

/** Nothing where nothing is looked for. */
function filterOf({ filter = "", attention = "" }: PageRoute["Querystring"]): FleetFilter | undefined {
  const text = filter.trim();
  const needsAttention = attention !== "" && attention !== "no";
  return text === "" && !needsAttention ? undefined : { text, needsAttention };
}

type Viewer = Pick<PageContext, "actor" | "forms" | "done">;

function formWanted({ query, headers }: Pick<FastifyRequest<PageRoute>, "query" | "headers">): Form {
  return query.format ?? formOf(headers.accept);
}

/** Where no token is demanded, nobody is known. */
function actorOf({ actor }: Pick<FastifyRequest, "actor">): Pick<PageContext, "actor"> {
  return actor === undefined ? {} : { actor };
}

function send<M>(
  request: Pick<FastifyRequest<PageRoute>, "query" | "headers">,
  reply: FastifyReply,
  model: M,
  draw: {
    html: (model: M) => string;
    text: (model: M, options: TextOptions) => string;
    json: (model: M) => object;
  },
): FastifyReply {
  const { width, color } = request.query;
  const form = formWanted(request);
  reply.type(TYPES[form]).header("vary", "accept");
  switch (form) {
    case "html":
      return reply.send(draw.html(model));
    case "text":
      return reply.send(
        draw.text(model, { ...(width !== undefined && { width }), hasColour: color === "always" }),
      );
    case "json":
      return reply.send(JSON.stringify(draw.json(model)));
  }
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

/** Which form an error takes: a page where a browser asks for one, a line where a terminal does, and else a Status. */
export function errorFormOf({ method, url, headers: { accept = "" } }: FastifyRequest): Form {
  const isOfPage = method === "GET" || method === "HEAD" || (method === "POST" && url.startsWith("/status/"));
  if (!isOfPage) return "json";
  const named = accept.split(",").map((entry) => entry.split(";")[0]?.trim().toLowerCase());
  if (named.includes("text/html")) return "html";
  return named[0] === "text/plain" ? "text" : "json";
}
