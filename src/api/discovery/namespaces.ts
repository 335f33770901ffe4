import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Clock, Store } from "../../ports.ts";
import { notFoundError } from "../error.ts";
import type { FleetIndex } from "../fleet-index.ts";
import { GET_PARAMETERS, READ_PARAMETERS, type ReadParameters } from "../list-query.ts";
import { nameFault } from "../metadata-rules.ts";
import type { RouteDocument } from "../route-document.ts";
import { parseFieldSelector } from "../selectors.ts";
import { NAMESPACE_COLUMNS } from "../tables/columns.ts";
import { representationOf } from "../tables/representation.ts";

/** As discovery lists them. */
export const NAMESPACES = {
  name: "namespaces",
  singularName: "namespace",
  namespaced: false,
  kind: "Namespace",
  verbs: ["get", "list"],
  shortNames: ["ns"],
  categories: [],
} as const;

const PRINTED = { kind: "Namespace", apiVersion: "v1", columns: NAMESPACE_COLUMNS };
const PATH = `/api/v1/${NAMESPACES.name}`;
/** The one that is there when nobody has named another. */
const DEFAULT = "default";

type ListRequest = FastifyRequest<{ Querystring: ReadParameters }>;

interface NameRoute {
  Params: { name: string };
  Querystring: ReadParameters;
}

/**
 * `/api/v1/namespaces`: those that hold services. Nobody makes them, so each that has a valid name is there when it is
 * asked for: a client that looks for the reason of a 404 must not find it in the namespace.
 */
export function registerNamespaces(
  app: FastifyInstance,
  { store, clock }: { store: Store; clock: Clock },
  fleet: FleetIndex,
): void {
  const formOf = ({ headers, query }: Pick<ListRequest, "headers" | "query">) =>
    representationOf(PRINTED, clock, { accept: headers.accept, includeObject: query.includeObject });

  app.get<{ Querystring: ReadParameters }>(
    PATH,
    {
      schema: { querystring: READ_PARAMETERS },
      config: { document: documentOf("listNamespace", "List the namespaces that hold services", "list") },
    },
    async (request) => {
      const { listHead, entries, entryOf } = formOf(request);
      const terms = parseFieldSelector(request.query.fieldSelector ?? "", ["metadata.name"]);
      const names = [...new Set([DEFAULT, ...fleet.namespaces()])]
        .filter((name) => terms.every(({ value, equal }) => (name === value) === equal))
        .sort();
      const metadata = { resourceVersion: store.resourceVersion() };
      return { ...listHead, metadata, [entries]: names.map((name) => entryOf(namespaceOf(name))) };
    },
  );

  app.get<NameRoute>(
    `${PATH}/:name`,
    {
      schema: { querystring: GET_PARAMETERS },
      config: { document: documentOf("readNamespace", "Read one namespace", "get") },
    },
    async (request) => {
      const { name } = request.params;
      if (nameFault("name", name) !== undefined) throw notFoundError("Namespace", { name });
      return formOf(request).oneOf(namespaceOf(name));
    },
  );
}

function documentOf(id: string, summary: string, action: "list" | "get"): RouteDocument {
  const answer = action === "list" ? "NamespaceList" : "Namespace";
  return { id, summary, tag: "namespaces", answer, kind: "Namespace", action };
}

function namespaceOf(name: string) {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, creationTimestamp: null },
    spec: {},
    status: { phase: "Active" },
  };
}
