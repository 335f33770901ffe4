import { createHash } from "node:crypto";
import type { FastifyInstance, RouteOptions } from "fastify";
import { API_VERSION } from "../../model/object.ts";
import { openApiDocument } from "./document.ts";
import { componentSchemas } from "./schemas.ts";

const INDEX = "/openapi/v3";
/** The documents by their name in the index, with the path below which their routes stand. */
const DOCUMENTS = {
  [`apis/${API_VERSION}`]: `/apis/${API_VERSION}/`,
  "api/v1": "/api/v1/",
  holdfast: undefined,
} as const;
const PARAMETERS = { type: "object", properties: { hash: { type: "string" } } };

interface DocumentRoute {
  Querystring: { hash?: string };
}

interface Written {
  text: string;
  hash: string;
}

/**
 * `/openapi/v3`: the index that Kubernetes's clients expect, with a document for each group, and one of everything.
 * https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3
 */
export function registerOpenApi(
  app: FastifyInstance,
  routes: readonly RouteOptions[],
  specSchema: object,
  version: string,
): void {
  const written = new Map<string, Written>();
  const documentOf = (name: string, below: string | undefined): Written => {
    const known = written.get(name);
    if (known !== undefined) return known;
    const text = JSON.stringify(openApiDocument(routes, componentSchemas(specSchema), version, below));
    const made = { text, hash: createHash("sha256").update(text).digest("hex").toUpperCase() };
    written.set(name, made);
    return made;
  };
  const pathOf = (name: string) => `${INDEX}/${name}`;

  app.get(INDEX, async () => ({
    paths: Object.fromEntries(
      Object.entries(DOCUMENTS).map(([name, below]) => [
        name,
        { serverRelativeURL: `${pathOf(name)}?hash=${documentOf(name, below).hash}` },
      ]),
    ),
  }));
  for (const [name, below] of Object.entries(DOCUMENTS)) {
    app.get<DocumentRoute>(pathOf(name), { schema: { querystring: PARAMETERS } }, async (request, reply) => {
      const { text, hash } = documentOf(name, below);
      // Under its hash it never changes.
      if (request.query.hash === hash) reply.header("cache-control", "private, max-age=31536000, immutable");
      return reply.type("application/json; charset=utf-8").send(text);
    });
  }
}
