import type { RouteOptions } from "fastify";
import { CONDITION_TYPES } from "../model/conditions.ts";
import { API_VERSION } from "../model/object.ts";
import { CONDITION_REASONS } from "../model/reasons.ts";
import type { RouteDocument } from "./route-document.ts";

type Schema = Record<string, unknown>;

/** The keywords of a Schema Object of OpenAPI 3.0. https://spec.openapis.org/oas/v3.0.3#schema-object */
const KEYWORDS = new Set(
  `type title description default enum example format nullable readOnly writeOnly deprecated multipleOf maximum
   minimum exclusiveMaximum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems
   maxProperties minProperties required`.split(/\s+/),
);

/**
 * A JSON Schema in the dialect of OpenAPI 3.0. What that dialect cannot say is left out of it, never said wrongly:
 * an answer that is valid stays valid.
 */
export function toOpenApiSchema(schema: unknown): Schema {
  if (typeof schema !== "object" || schema === null) return {};
  const given = schema as Schema;
  const result: Schema = {};
  for (const [name, value] of Object.entries(given)) {
    if (KEYWORDS.has(name) || name.startsWith("x-")) result[name] = value;
    else if (name === "properties") result.properties = mapped(value);
    else if (name === "items") result.items = Array.isArray(value) ? {} : toOpenApiSchema(value);
    else if (name === "anyOf" || name === "oneOf" || name === "allOf") {
      result[name] = (value as unknown[]).map(toOpenApiSchema);
    } else if (name === "not") result.not = toOpenApiSchema(value);
    else if (name === "const") result.enum = [value];
    else if (name === "additionalProperties") {
      result.additionalProperties = typeof value === "boolean" ? value : toOpenApiSchema(value);
    }
  }
  return withOldForms(result, given);
}

function mapped(properties: unknown): Schema {
  return Object.fromEntries(
    Object.entries(properties as Schema).map(([name, member]) => [name, toOpenApiSchema(member)]),
  );
}

/** Where JSON Schema has moved on since: lists of types, numeric exclusive bounds, patterns of names. */
function withOldForms(result: Schema, given: Schema): Schema {
  const { patternProperties } = given;
  if (typeof patternProperties === "object" && patternProperties !== null) {
    const members = Object.values(patternProperties).map(toOpenApiSchema);
    result.additionalProperties = members.length === 1 ? members[0] : { anyOf: members };
  }
  for (const [bound, exclusive] of [
    ["minimum", "exclusiveMinimum"],
    ["maximum", "exclusiveMaximum"],
  ] as const) {
    if (typeof result[exclusive] !== "number") continue;
    result[bound] = result[exclusive];
    result[exclusive] = true;
  }
  if (Array.isArray(result.type)) {
    const types = result.type.filter((type) => type !== "null");
    if (types.length < result.type.length) result.nullable = true;
    if (types.length === 1) result.type = types[0];
    else delete result.type;
  }
  if (result.type === "array" && result.items === undefined) result.items = {};
  if (Array.isArray(result.required)) result.required = demanded(result.required, given.properties);
  if (Array.isArray(result.required) && result.required.length === 0) delete result.required;
  return result;
}

/** What has a default is always there once it is stored, and may be left out by who sends it. */
function demanded(required: unknown[], properties: unknown): unknown[] {
  const known = (properties ?? {}) as Record<string, Schema | undefined>;
  return required.filter((name) => known[String(name)]?.default === undefined);
}

/** One OpenAPI 3.0 document, made of what the routes say of themselves. */
export function openApiDocument(
  routes: readonly RouteOptions[],
  specSchema: object,
  version: string,
): object {
  const paths: Record<string, Schema> = {};
  for (const route of routes) {
    const { document } = route.config ?? {};
    if (document === undefined || route.method === "HEAD") continue;
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
      schemas: componentSchemas(specSchema),
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
    security: [{ token: [] }, {}],
  };
}

function operationOf(route: RouteOptions, document: RouteDocument): Schema {
  const { body, answer } = document;
  const good =
    answer === undefined
      ? contentOf(["text/plain"], { type: "string" })
      : contentOf(["application/json"], ref(answer));
  const created = route.method === "POST" ? { "201": { description: "Created", content: good } } : {};
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
    ...(document.tag === "webservices" &&
      route.url !== "/specs" && { "x-kubernetes-group-version-kind": groupVersionKind("WebService") }),
  };
}

function groupVersionKind(kind: string): object {
  const [group, version] = API_VERSION.split("/");
  return { group, version, kind };
}

function contentOf(types: readonly string[], schema: Schema): Schema {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

function pathParameters(url: string): Schema[] {
  return [...url.matchAll(/:([A-Za-z]+)/g)].map(([, name]) => ({
    name,
    in: "path",
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

function conditionSchema(): Schema {
  const text = { type: "string" };
  const properties = {
    type: { ...text, enum: CONDITION_TYPES },
    status: { ...text, enum: ["True", "False", "Unknown"] },
    reason: { ...text, enum: CONDITION_REASONS },
    message: text,
    observedGeneration: { type: "integer" },
    lastTransitionTime: { ...text, format: "date-time" },
  };
  return { type: "object", required: Object.keys(properties), properties };
}

function componentSchemas(specSchema: object): Schema {
  const text = { type: "string" };
  const whole = { type: "integer" };
  const texts = { type: "object", additionalProperties: text };
  const any = { type: "object", additionalProperties: true };
  const metadata = {
    type: "object",
    properties: {
      name: text,
      namespace: text,
      uid: text,
      labels: texts,
      annotations: texts,
      generation: whole,
      resourceVersion: text,
      creationTimestamp: text,
      deletionTimestamp: text,
      finalizers: { type: "array", items: text },
    },
  };
  const object = (kind: string, properties: Schema) => ({
    type: "object",
    required: ["apiVersion", "kind", "metadata"],
    properties: {
      apiVersion: text,
      kind: { type: "string", enum: [kind] },
      metadata: ref("ObjectMeta"),
      ...properties,
    },
  });
  const list = (kind: string) =>
    object(`${kind}List`, { metadata: any, items: { type: "array", items: ref(kind) } });
  return {
    Any: any,
    ObjectMeta: metadata,
    WebService: {
      ...object("WebService", { spec: ref("WebServiceSpec"), status: ref("WebServiceStatus") }),
      "x-kubernetes-group-version-kind": [groupVersionKind("WebService")],
    },
    WebServiceSpec: toOpenApiSchema(specSchema),
    WebServiceStatus: {
      ...any,
      properties: { observedGeneration: whole, conditions: { type: "array", items: ref("Condition") } },
    },
    Condition: conditionSchema(),
    WebServiceList: { ...list("WebService"), properties: { ...list("WebService").properties, kind: text } },
    DriftEvent: { ...object("DriftEvent", {}), additionalProperties: true },
    DriftEventList: list("DriftEvent"),
    Event: { ...object("Event", {}), additionalProperties: true },
    EventList: list("Event"),
    Patch: {
      anyOf: [any, { type: "array", items: any }],
      description: "A merge patch, or a list of JSON patch operations",
    },
    DeleteOptions: any,
    Status: {
      type: "object",
      required: ["kind", "apiVersion", "status", "message", "code"],
      properties: {
        kind: { type: "string", enum: ["Status"] },
        apiVersion: text,
        metadata: any,
        status: { type: "string", enum: ["Success", "Failure"] },
        message: text,
        reason: text,
        code: whole,
        details: any,
      },
    },
  };
}
