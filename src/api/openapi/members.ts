/** Schemas of members, each with what it means. */
import type { Schema } from "./dialect.ts";

export function text(description?: string): Schema {
  return described({ type: "string" }, description);
}

export function whole(description?: string): Schema {
  return described({ type: "integer" }, description);
}

export function truth(description?: string): Schema {
  return described({ type: "boolean" }, description);
}

/** ISO 8601 UTC. */
export function time(description?: string): Schema {
  return described({ type: "string", format: "date-time" }, description);
}

export function texts(description?: string): Schema {
  return described({ type: "object", additionalProperties: { type: "string" } }, description);
}

export function oneOf(words: readonly string[], description?: string): Schema {
  return described({ type: "string", enum: words }, description);
}

export function arrayOf(items: Schema, description?: string): Schema {
  return described({ type: "array", items }, description);
}

/** The compiler sees to it that no member of `T` is left out, and none is made up. */
export function members<T extends object = Record<string, Schema>>(
  properties: {
    [Name in keyof Required<T>]: Schema;
  },
): { type: "object"; properties: Schema } {
  return { type: "object", properties };
}

/** A reference takes no siblings in OpenAPI 3.0, so it is wrapped. https://spec.openapis.org/oas/v3.0.3#reference-object */
export function described(schema: Schema, description?: string): Schema {
  if (description === undefined) return schema;
  return "$ref" in schema ? { allOf: [schema], description } : { ...schema, description };
}
