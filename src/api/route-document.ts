import type { ObjectKind } from "../ports.ts";

/** What a route says of itself for the OpenAPI document, beside the schema that its parameters are checked with. */
export interface RouteDocument {
  /** Unique, camelCase. */
  id: string;
  summary: string;
  tag: "webservices" | "driftevents" | "events" | "namespaces" | "daemon" | "status" | "discovery";
  /** Content types and the component schema of the body. */
  body?: { types: readonly string[]; schema: string };
  /** Component schema of the good answer; text when absent. */
  answer?: string;
  /** Content types of that answer; JSON when absent. */
  answerTypes?: readonly string[];
  /** A POST that makes nothing. */
  isRead?: true;
  /** The kind whose objects it is about, and what it does to them, in Kubernetes's word. */
  kind?: ObjectKind | "Namespace";
  action?: "list" | "get" | "post" | "put" | "patch" | "delete";
}

declare module "fastify" {
  interface FastifyContextConfig {
    document?: RouteDocument;
  }
}
