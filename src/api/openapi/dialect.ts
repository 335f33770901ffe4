export type Schema = Record<string, unknown>;

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
