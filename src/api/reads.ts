import type { FastifyInstance } from "fastify";
import type { KindName, ObjectOfKind, Store } from "../ports.ts";
import { notFoundError } from "./api-error.ts";
import { sendList } from "./list.ts";
import { GET_PARAMETERS, isSet, READ_PARAMETERS, type ReadParameters } from "./list-query.ts";
import { asObject, type Resource } from "./resources.ts";
import type { RouteDocument } from "./route-document.ts";
import type { Watches } from "./watches.ts";

interface ListRoute {
  Params: { namespace?: string };
  Querystring: ReadParameters;
}

interface OneRoute {
  Params: { namespace: string; name: string };
}

/** GET of one, list and watch, in a namespace and across all: the same for every kind. */
export function registerReads<K extends KindName>(
  app: FastifyInstance,
  store: Store,
  watches: Watches,
  resource: Resource<K>,
): void {
  const { base, plural, kind } = resource;
  const tag = plural as RouteDocument["tag"];
  for (const [path, where] of [
    [`${base}/${plural}`, "Everywhere"],
    [`${base}/namespaces/:namespace/${plural}`, "InNamespace"],
  ] as const) {
    const document: RouteDocument = {
      id: `list${kind}${where}`,
      summary: `List or watch ${kind} objects ${where === "Everywhere" ? "across namespaces" : "of a namespace"}`,
      tag,
      answer: `${kind}List`,
    };
    app.get<ListRoute>(
      path,
      { schema: { querystring: READ_PARAMETERS }, config: { document } },
      (request, reply) => {
        const { query, params } = request;
        if (!isSet(query.watch) || request.method !== "GET") {
          return sendList(reply, store, resource, query, params.namespace);
        }
        watches.start(reply, resource, query, params.namespace);
        return reply;
      },
    );
  }
  const document: RouteDocument = { id: `read${kind}`, summary: `Read one ${kind}`, tag, answer: kind };
  app.get<OneRoute>(
    `${base}/namespaces/:namespace/${plural}/:name`,
    { schema: { querystring: GET_PARAMETERS }, config: { document } },
    (request, reply) => {
      const { namespace, name } = request.params;
      const object = read(store, resource, namespace, name);
      if (object === undefined) throw notFoundError(kind, `${namespace}/${name}`);
      reply.type("application/json; charset=utf-8").send(jsonOf(object));
    },
  );
}

/** The store hands out the same object until it changes: its JSON is made once. */
const jsonOfObject = new WeakMap<object, Buffer>();

function jsonOf(object: object): Buffer {
  const known = jsonOfObject.get(object);
  if (known !== undefined) return known;
  const json = Buffer.from(JSON.stringify(object));
  jsonOfObject.set(object, json);
  return json;
}

function read<K extends KindName>(
  store: Store,
  resource: Resource<K>,
  namespace: string,
  name: string,
): ObjectOfKind[K] | ObjectOfKind["WebService"] | undefined {
  if (resource.kind === "WebService") return store.get({ namespace, name });
  const matches = (object: { metadata: object }) => asObject<K>(object).metadata.name === name;
  return resource.list(store, { namespace, limit: 1, matches }).items[0];
}
