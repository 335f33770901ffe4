import type { RouteOptions } from "fastify";
import type { RouteDocument } from "../route-document.ts";
import { type Schema, toOpenApiSchema } from "./dialect.ts";
import { groupVersionKind, ref } from "./reference.ts";

/** The group of a document, as a path: what stands below it is described, or everything. */
type Scope = string | undefined;

/** One OpenAPI 3.0 document, made of what the routes below a path say of themselves. */
export function openApiDocument(
  routes: readonly RouteOptions[],
  schemas: Schema,
  version: string,
  below: Scope,
): object {
  const paths: Record<string, Schema> = {};
  for (const route of routes) {
    const { document } = route.config ?? {};
    if (document === undefined || route.method === "HEAD") continue;
    if (below !== undefined && !route.url.startsWith(below)) continue;
    const path = route.url.replaceAll(/:([A-Za-z]+)/g, "{$1}");
    paths[path] = { ...paths[path], [String(route.method).toLowerCase()]: operationOf(route, document) };
  }
  return {
    openapi: "3.0.3",
    info: {
      title: "Holdfast",
      version,
      description: "Keeps AWS web tiers exactly as declared. Objects follow the Kubernetes API conventions.",
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas,
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
    security: [{ token: [] }, {}],
  };
}

const PATH_PARAMETERS: Record<string, string> = {
  namespace: "Namespace of the objects: lower-case letters, digits and `-`, at most 63",
  name: "Name of the object, unique in its namespace",
  generation: "Generation of the spec",
  kind: "Kind of an AWS resource, as in `status.resources[].kind`",
};

function operationOf(route: RouteOptions, document: RouteDocument): Schema {
  const { body, answer, answerTypes = ["application/json"], isRead } = document;
  const good =
    answer === undefined
      ? contentOf(["text/plain"], { type: "string" })
      : contentOf(answerTypes, ref(answer));
  const created =
    route.method === "POST" && isRead !== true ? { "201": { description: "Created", content: good } } : {};
  return {
    operationId: document.id,
    summary: document.summary,
    tags: [document.tag],
    parameters: [...pathParameters(route.url), ...queryParameters(route.schema?.querystring)],
    ...(body !== undefined && {
      requestBody: { required: route.method !== "DELETE", content: contentOf(body.types, ref(body.schema)) },
    }),
    responses: {
      "200": { description: "Done", content: good },
      ...created,
      default: { description: "What is wrong", content: contentOf(["application/json"], ref("Status")) },
    },
    ...(document.kind !== undefined && {
      "x-kubernetes-action": document.action,
      "x-kubernetes-group-version-kind": groupVersionKind(document.kind),
    }),
  };
}

function contentOf(types: readonly string[], schema: Schema): Schema {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function pathParameters(url: string): Schema[] {
  return [...url.matchAll(/:([A-Za-z]+)/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    description: PATH_PARAMETERS[name],
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters(querystring: unknown): Schema[] {
  const { properties = {} } = (querystring ?? {}) as { properties?: Record<string, Schema> };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    ...(description !== undefined && { description }),
    schema: toOpenApiSchema(schema),
  }));
}
