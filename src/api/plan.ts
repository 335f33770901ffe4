import type { FastifyInstance, FastifyRequest } from "fastify";
import { API_VERSION, type WebService } from "../model/object.ts";
import type { PlanView } from "../model/status.ts";
import type { ServedStores } from "./access/served-store.ts";
import type { Dependencies } from "./dependencies.ts";
import { ApiError, notFoundError } from "./error.ts";
import { WEB_SERVICES } from "./resources.ts";
import type { RouteDocument } from "./route-document.ts";
import { contextOf } from "./status-model.ts";

interface PlanRoute {
  Params: { namespace: string; name: string };
  Querystring: { format?: "json" | "text"; width?: number; color?: string };
}

const PARAMETERS = {
  type: "object",
  properties: {
    format: { type: "string", enum: ["json", "text"], description: "Goes before the Accept header" },
    width: { type: "integer", minimum: 60, maximum: 1_000, description: "Of text: columns of the terminal" },
    color: { type: "string", enum: ["always", "never", ""], description: "Of text: `always` for colours" },
  },
} as const;

const DOCUMENT: RouteDocument = {
  id: "readWebServicePlan",
  summary: "Every AWS call that would be made for a WebService, in order, and what comes of it; reads AWS",
  tag: "webservices",
  answer: "WebServicePlan",
  answerTypes: ["application/json", "text/plain"],
};

/** What the plan of a service says, beside whose it is. */
type WebServicePlan = PlanView & {
  kind: "WebServicePlan";
  apiVersion: string;
  metadata: { name: string; namespace: string; uid: string; generation: number };
};

/** `GET …/webservices/{name}/plan`: asks AWS afresh, whatever the service waits for, and writes nothing. */
export function registerPlan(app: FastifyInstance, deps: Dependencies, stores: ServedStores): void {
  app.get<PlanRoute>(
    `${WEB_SERVICES.base}/namespaces/:namespace/${WEB_SERVICES.plural}/:name/plan`,
    { schema: { querystring: PARAMETERS }, config: { document: DOCUMENT } },
    async (request, reply) => {
      const { namespace, name } = request.params;
      const form = request.query.format ?? formOf(request);
      const object = deps.store.get({ namespace, name });
      const service = stores(request).get({ namespace, name });
      if (object === undefined || service === undefined)
        throw notFoundError("WebService", { namespace, name });
      const plan = await deps.plan(object, deps.store.lookups({ namespace, name }));
      reply.header("vary", "accept");
      if (form === "json") return planOf(object, plan);
      const { width, color } = request.query;
      const options = { ...(width !== undefined && { width }), hasColour: color === "always" };
      return reply
        .type("text/plain; charset=utf-8")
        .send(deps.dashboard.planText({ ...contextOf(deps), service, plan }, options));
    },
  );
}

function planOf(
  { metadata: { name, namespace, uid, generation } }: WebService,
  plan: PlanView,
): WebServicePlan {
  return {
    kind: "WebServicePlan",
    apiVersion: API_VERSION,
    metadata: { name, namespace, uid, generation },
    ...plan,
  };
}

const FORMS: Record<string, "json" | "text"> = {
  "*/*": "json",
  "application/*": "json",
  "application/json": "json",
  "text/*": "text",
  "text/plain": "text",
};

/** The first of the types that the Accept header names and that there is. */
function formOf({ headers: { accept = "*/*" } }: FastifyRequest): "json" | "text" {
  for (const entry of accept.split(",")) {
    const form = FORMS[entry.split(";")[0]?.trim().toLowerCase() ?? ""];
    if (form !== undefined) return form;
  }
  throw new ApiError(406, "a plan comes as application/json or text/plain");
}
