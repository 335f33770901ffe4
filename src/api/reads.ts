import type { FastifyInstance, FastifyRequest } from "fastify";
import { keepNewest, LIMITS } from "../model/limits.ts";
import type { Clock, ObjectKind, ObjectOfKind } from "../ports.ts";
import type { ServedStore, ServedStores } from "./access/served-store.ts";
import { notFoundError } from "./error.ts";
import type { Lists } from "./list.ts";
import {
  GET_PARAMETERS,
  isSet,
  LEDGER_PARAMETERS,
  READ_PARAMETERS,
  type ReadParameters,
} from "./list-query.ts";
import { EXPORT_TYPES, exportFormOf, LINES, type Lines } from "./past/export.ts";
import { asObject, type Resource } from "./resources.ts";
import type { RouteDocument } from "./route-document.ts";
import { COLUMNS } from "./tables/columns.ts";
import { representationOf } from "./tables/representation.ts";
import type { Watches } from "./watches.ts";

interface ListRoute {
  Params: { namespace?: string };
  Querystring: ReadParameters;
}

interface OneRoute {
  Params: { namespace: string; name: string };
  Querystring: Pick<ReadParameters, "includeObject">;
}

/** GET of one, list and watch, in a namespace and across all: the same for every kind. */
export function registerReads<K extends ObjectKind>(
  app: FastifyInstance,
  { stores, lists, clock }: { stores: ServedStores; lists: Lists; clock: Clock },
  watches: Watches,
  resource: Resource<K>,
): void {
  const { base, plural, kind, apiVersion } = resource;
  const isLedger = kind === "DriftEvent";
  const tag = plural as RouteDocument["tag"];
  const formOf = ({ headers, query }: Pick<FastifyRequest<OneRoute>, "headers" | "query">) =>
    representationOf({ kind, apiVersion, columns: COLUMNS[kind] }, clock, {
      accept: headers.accept,
      includeObject: query.includeObject,
    });
  for (const [path, where] of [
    [`${base}/${plural}`, "Everywhere"],
    [`${base}/namespaces/:namespace/${plural}`, "InNamespace"],
  ] as const) {
    const document: RouteDocument = {
      id: `list${kind}${where}`,
      summary: `List or watch ${kind} objects ${where === "Everywhere" ? "across namespaces" : "of a namespace"}`,
      tag,
      answer: `${kind}List`,
      kind,
      action: "list",
      ...(isLedger && { answerTypes: ["application/json", "application/x-ndjson", "text/csv"] }),
    };
    app.get<ListRoute>(
      path,
      { schema: { querystring: isLedger ? LEDGER_PARAMETERS : READ_PARAMETERS }, config: { document } },
      (request, reply) => {
        const { query, params } = request;
        const exported =
          isLedger && !isSet(query.watch) ? exportFormOf(query.format, request.headers.accept) : undefined;
        if (exported !== undefined) {
          reply.type(EXPORT_TYPES[exported]).header("vary", "accept");
          reply.header("content-disposition", `attachment; filename="${plural}.${exported}"`);
          const lines = LINES[exported] as Lines<ObjectOfKind[K]>;
          return lists.export(reply, stores(request), resource, query, params.namespace, lines);
        }
        if (!isSet(query.watch) || request.method !== "GET") {
          return lists.send(reply, stores(request), resource, query, params.namespace, formOf(request));
        }
        watches.start(reply, stores(request), resource, query, params.namespace, formOf(request));
        return reply;
      },
    );
  }
  const document: RouteDocument = {
    id: `read${kind}`,
    summary: `Read one ${kind}`,
    tag,
    answer: kind,
    kind,
    action: "get",
  };
  app.get<OneRoute>(
    `${base}/namespaces/:namespace/${plural}/:name`,
    { schema: { querystring: GET_PARAMETERS }, config: { document } },
    (request, reply) => {
      const { namespace, name } = request.params;
      const object = read(stores(request), resource, namespace, name);
      if (object === undefined) throw notFoundError(kind, { namespace, name });
      const form = formOf(request);
      reply.type("application/json; charset=utf-8");
      return reply.send(form.isPlain ? jsonOf(object) : form.oneOf(object));
    },
  );
}

/**
 * The store hands out the same object until it changes: its JSON is made once. Of each object only the last one is kept,
 * because the window of changes keeps the earlier ones alive for long.
 */
const lastJson = new Map<string, { object: object; json: Buffer }>();

function jsonOf(object: { metadata: { uid: string } }): Buffer {
  const { uid } = object.metadata;
  const known = lastJson.get(uid);
  if (known?.object === object) return known.json;
  const text = JSON.stringify(object);
  // Not from the pool, where a small piece would keep a large one.
  const json = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  json.write(text);
  lastJson.delete(uid);
  lastJson.set(uid, { object, json });
  keepNewest(lastJson, LIMITS.decodedObjects);
  return json;
}

function read<K extends ObjectKind>(
  store: ServedStore,
  resource: Resource<K>,
  namespace: string,
  name: string,
): ObjectOfKind[K] | undefined {
  if (resource.kind === "WebService") return store.get({ namespace, name }) as ObjectOfKind[K] | undefined;
  const matches = (object: { metadata: object }) => asObject<K>(object).metadata.name === name;
  return resource.list(store, { namespace, limit: 1, matches }).items[0];
}
