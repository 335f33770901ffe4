import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { DRIFT_VERBS, type DriftVerb } from "../../model/ledger/drift.ts";
import { capitalised } from "../../model/text/first-letter.ts";
import { JSON_TYPES, YAML_TYPES } from "../body/read.ts";
import type { Dependencies } from "../dependencies.ts";
import { invalidError } from "../error.ts";
import { WRITE_PARAMETERS } from "../list-query.ts";
import { DRIFT_EVENTS, WEB_SERVICES } from "../resources.ts";
import type { RouteDocument } from "../route-document.ts";
import { warn } from "../warnings.ts";
import type { Writer } from "../writer.ts";
import { accept } from "./accept.ts";
import { readMembers } from "./body.ts";
import type { DecisionAsked } from "./by.ts";
import { correct } from "./correct.ts";
import type { DriftDecided, SteeringDependencies } from "./decision.ts";
import type { DriftTarget } from "./drift-target.ts";
import { ignore } from "./ignore.ts";
import { diffRevisions, listRevisions, readRevision } from "./revisions.ts";
import { rollBack } from "./rollback.ts";
import { revisionDiffText, revisionListText, revisionText } from "./text.ts";

const GENERATION = { type: "integer", minimum: 1 };
const FORMAT = {
  format: { type: "string", enum: ["json", "text"], description: "Goes before the Accept header" },
};
const READ = { type: "object", additionalProperties: false, properties: FORMAT };
const DIFF = {
  ...READ,
  properties: {
    ...FORMAT,
    with: {
      ...GENERATION,
      description: "Generation that it is compared with; the one before it where left out",
    },
  },
};
const REVISION = { type: "object", properties: { generation: GENERATION } };
const BODY_TYPES = [...JSON_TYPES, ...YAML_TYPES.slice(0, 1)];

interface ServiceRoute {
  Params: { namespace: string; name: string };
  Querystring: { dryRun?: string; format?: "json" | "text" };
}
interface RevisionRoute {
  Params: { namespace: string; name: string; generation: number };
  Querystring: { format?: "json" | "text"; with?: number };
}

const SERVICE = `${WEB_SERVICES.base}/namespaces/:namespace/${WEB_SERVICES.plural}/:name`;
const EVENT = `${DRIFT_EVENTS.base}/namespaces/:namespace/${DRIFT_EVENTS.plural}/:name`;

const DEEDS: Readonly<
  Record<
    DriftVerb,
    (deps: SteeringDependencies, target: DriftTarget, by: DecisionAsked) => Promise<DriftDecided>
  >
> = { accept, correct, ignore };

const SUMMARIES: Readonly<Record<DriftVerb, string>> = {
  accept: "Make what AWS holds what is wanted: a revision; nothing in AWS is written",
  correct: "Put it right with the next pass, also where it would only be reported or left alone for a while",
  ignore: "Leave it to others from now on: a rule of spec.drift, and a revision",
};

/** Revisions and rollback; accept, correct and ignore for one event, a resource, or everything open of a service. */
export function registerSteering(
  app: FastifyInstance,
  deps: Omit<SteeringDependencies, "writer"> & Pick<Dependencies, "warnings">,
  writer: Writer,
): void {
  registerRevisions(app, deps);
  const steering = { ...deps, writer };
  app.post<ServiceRoute>(
    `${SERVICE}/rollback`,
    {
      schema: { querystring: WRITE_PARAMETERS },
      config: {
        document: {
          id: "rollBackWebService",
          summary: "Make an earlier revision what is wanted: a revision of its own",
          tag: "webservices",
          body: { types: BODY_TYPES, schema: "RollbackRequest" },
          answer: "Rollback",
          isRead: true,
        },
      },
    },
    async (request, reply) => {
      const members = readMembers(request, "The rollback", {
        generation: "generation",
        reason: "text",
        resourceVersion: "text",
      });
      const { generation, ...rest } = members;
      if (generation === undefined)
        throw invalidError("The rollback", [
          { path: "generation", message: "is required", reason: "FieldValueRequired" },
        ]);
      const isDryRun = request.query.dryRun === "All";
      const asked = { ...rest, generation, isDryRun, actor: request.actor };
      const answer = await rollBack(steering, request.params, asked);
      warn(reply, deps, [answer.object]);
      return answer;
    },
  );
  for (const verb of DRIFT_VERBS) {
    const title = capitalised(verb);
    app.post<ServiceRoute>(
      `${EVENT}/${verb}`,
      documented(
        `${verb}DriftEvent`,
        `${title} one drift event. ${SUMMARIES[verb]}`,
        "driftevents",
        "DriftReason",
      ),
      async (request) => {
        const { reason } = readMembers(request, `The request to ${verb}`, { reason: "text" });
        const { namespace, name } = request.params;
        return DEEDS[verb](steering, { namespace, event: name }, askedIn(request, reason));
      },
    );
    app.post<ServiceRoute>(
      `${SERVICE}/drift/${verb}`,
      documented(
        `${verb}Drift`,
        `${title} the drift of a resource, or everything that is open. ${SUMMARIES[verb]}`,
        "webservices",
        "DriftSelection",
      ),
      async (request) => {
        const { reason, ...selected } = readMembers(request, `The request to ${verb}`, {
          resource: "text",
          field: "text",
          reason: "text",
        });
        if (selected.field !== undefined && selected.resource === undefined)
          throw invalidError(`The request to ${verb}`, [
            { path: "resource", message: "is required where a field is named", reason: "FieldValueRequired" },
          ]);
        return DEEDS[verb](steering, { ...request.params, ...selected }, askedIn(request, reason));
      },
    );
  }
}

function askedIn({ actor, query }: FastifyRequest<ServiceRoute>, reason: string | undefined): DecisionAsked {
  return { actor, reason, isDryRun: query.dryRun === "All" };
}

function documented(id: string, summary: string, tag: RouteDocument["tag"], schema: string) {
  const document: RouteDocument = {
    id,
    summary,
    tag,
    body: { types: BODY_TYPES, schema },
    answer: "DriftDecision",
    isRead: true,
  };
  return { schema: { querystring: WRITE_PARAMETERS }, config: { document } };
}

function registerRevisions(app: FastifyInstance, deps: Pick<Dependencies, "store" | "withoutSecrets">): void {
  const reading = (id: string, summary: string, answer: string, querystring: object, params: object = {}) => {
    const answerTypes = [...JSON_TYPES, "text/plain"];
    const document: RouteDocument = { id, summary, tag: "webservices", answer, answerTypes };
    return { schema: { querystring, params }, config: { document } };
  };
  app.get<ServiceRoute>(
    `${SERVICE}/revisions`,
    reading("listRevisions", "The revisions that are kept, newest first", "RevisionList", READ),
    async (request, reply) => send(request, reply, listRevisions(deps, request.params), revisionListText),
  );
  app.get<RevisionRoute>(
    `${SERVICE}/revisions/:generation`,
    reading("readRevision", "One revision, with its spec and what it looked up", "Revision", READ, REVISION),
    async (request, reply) => {
      const { params, actor } = request;
      const hidesSecrets = actor !== undefined && !actor.mayWrite;
      return send(request, reply, readRevision(deps, params, params.generation, hidesSecrets), revisionText);
    },
  );
  app.get<RevisionRoute>(
    `${SERVICE}/revisions/:generation/diff`,
    reading("diffRevisions", "What a revision changed, field by field", "RevisionDiff", DIFF, REVISION),
    async (request, reply) => {
      const { params, query } = request;
      return send(
        request,
        reply,
        diffRevisions(deps, params, params.generation, query.with),
        revisionDiffText,
      );
    },
  );
}

/** JSON for programs, and for terminals text where they ask for it first. */
function send<T>(
  { query, headers: { accept = "" } }: FastifyRequest<{ Querystring: { format?: "json" | "text" } }>,
  reply: FastifyReply,
  view: T,
  textOf: (view: T) => string,
): T | string {
  reply.header("vary", "accept");
  const [first = ""] = accept.split(",");
  const isText =
    (query.format ?? (first.split(";")[0]?.trim() === "text/plain" ? "text" : "json")) === "text";
  if (!isText) return view;
  reply.type("text/plain; charset=utf-8");
  return textOf(view);
}
