/**
 * Elastic Load Balancing's `attributes`: maps from a dotted key to a string. Only the declared ones are ours.
 * Keys, ranges and defaults: docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
 * and API_TargetGroupAttribute.html.
 */
import Type, { type TSchema } from "typebox";
import type { Value } from "../../model/value.ts";
import type { OperationName } from "../../ports.ts";
import { batches } from "../core/batches.ts";
import type { Difference, Fields } from "../core/resource.ts";
import { aws } from "./field.ts";
import { required } from "./required.ts";
import { type Tags, tagFields, tagsIn } from "./tags.ts";
import { alsoWritten, normalForm } from "./written-forms.ts";

/** AWS takes at most this many attributes in one call. */
const ATTRIBUTES_PER_CALL = 20;

export interface AttributeRule {
  readonly schema: TSchema;
  /** What AWS gives a new resource; `undefined` where that depends on other settings. */
  readonly default: string | undefined;
  /**
   * When AWS takes the empty text: never, so that the attribute stays as it is once it was set, or only while this switch
   * is on. It refuses the whole call otherwise, the other attributes in it too.
   */
  readonly emptyWhile?: "never" | `${string}.enabled`;
}

export function booleanAttribute(description: string, initially: boolean | undefined): AttributeRule {
  return {
    schema: Type.Boolean({ ...alsoWritten("textAsSwitch"), description }),
    default: initially === undefined ? undefined : String(initially),
  };
}

export function integerAttribute(
  description: string,
  minimum: number,
  maximum: number,
  initially: number,
): AttributeRule {
  return {
    schema: Type.Integer({ ...alsoWritten("textAsNumber"), description, minimum, maximum }),
    default: String(initially),
  };
}

export function choiceAttribute(description: string, values: string[], initially: string): AttributeRule {
  const forms = values.includes("true") ? alsoWritten("switchAsText") : {};
  return { schema: Type.Enum(values, { ...forms, description }), default: initially };
}

export function textAttribute(
  description: string,
  maxLength: number,
  emptyWhile: NonNullable<AttributeRule["emptyWhile"]>,
): AttributeRule {
  return { schema: Type.String({ description, maxLength }), default: "", emptyWhile };
}

/** Either `off` or a whole number within a range, as the target group health thresholds are. */
export function countAttribute(description: string, maximum: number, initially: string): AttributeRule {
  return {
    schema: Type.Union([Type.Enum(["off"]), Type.Integer({ minimum: 1, maximum })], {
      ...alsoWritten("textAsNumber"),
      description,
    }),
    default: initially,
  };
}

/** The schema of an `attributes` map over a table of rules. */
export function attributesSchema(
  rules: Readonly<Record<string, AttributeRule>>,
  change: OperationName,
  description: string,
) {
  const members = Object.entries(rules).map(([name, rule]) => [name, Type.Optional(rule.schema)] as const);
  return Type.Unsafe<Record<string, string | number | boolean>>(
    Type.Object(Object.fromEntries(members), {
      ...aws("Attributes", change, { owner: "structure" }),
      description,
      additionalProperties: false,
    }),
  );
}

/** Declared attributes as fields; AWS knows them as text. An empty one that it would refuse says nothing. */
export function attributeFields(
  rules: Readonly<Record<string, AttributeRule>>,
  attributes: Readonly<Record<string, unknown>> | undefined,
): Fields {
  const fields: Fields = Object.fromEntries(
    Object.entries(attributes ?? {}).map(([name, value]) => [`attributes.${name}`, String(value)]),
  );
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([field, value]) => value !== "" || attributeDefault(rules, field, fields) !== undefined,
    ),
  );
}

/**
 * The fields of a resource that other reads than its own description tell: its attributes and its tags.
 * @throws CloudError `malformed` for an answer without attributes
 */
export function attributesAndTags(
  answer: { readonly Attributes?: Parameters<typeof observedAttributeFields>[0] | undefined },
  tags: Tags,
): Fields {
  return { ...observedAttributeFields(required(answer.Attributes, "Attributes")), ...tagFields(tags) };
}

/**
 * The same fields of a resource that was just made with some fields: the documented defaults, and the tags of the call.
 * Verified by the next read.
 */
export function initialAttributesAndTags(
  rules: Readonly<Record<string, AttributeRule>>,
  fields: Fields,
): Fields {
  return { ...initialAttributeFields(rules), ...tagFields(tagsIn(fields)) };
}

/** AWS's list of attributes as fields. */
function observedAttributeFields(
  list: readonly { Key?: string | undefined; Value?: string | undefined }[],
): Fields {
  return Object.fromEntries(list.map(({ Key, Value }) => [`attributes.${Key ?? ""}`, Value ?? ""]));
}

function initialAttributeFields(rules: Readonly<Record<string, AttributeRule>>): Fields {
  const fields: Fields = {};
  for (const [name, rule] of Object.entries(rules)) {
    if (rule.default !== undefined) fields[`attributes.${name}`] = rule.default;
  }
  return fields;
}

/**
 * What an attribute goes back to when the spec no longer declares it; `undefined` where AWS does not take that.
 * @param desired the fields that the spec declares
 */
export function attributeDefault(
  rules: Readonly<Record<string, AttributeRule>>,
  field: string,
  desired: Fields,
): Value | undefined {
  if (!field.startsWith("attributes.")) return undefined;
  const rule = rules[field.slice("attributes.".length)];
  const { emptyWhile } = rule ?? {};
  const isTaken = emptyWhile === undefined || desired[`attributes.${emptyWhile}`] === "true";
  return isTaken ? rule?.default : undefined;
}

/** Inputs for the differing attributes, in batches that AWS takes. */
export function attributeInputs(differences: readonly Difference[]): { Key: string; Value: string }[][] {
  const list = differences
    .filter((difference) => difference.field.startsWith("attributes.") && difference.desired !== null)
    .map((difference) => ({
      Key: difference.field.slice("attributes.".length),
      Value: String(difference.desired),
    }));
  return batches(list, ATTRIBUTES_PER_CALL);
}

/**
 * AWS's list of attributes as their part of a spec, in the order of its table. An empty text is what AWS answers of one
 * that was never set, and takes back in no call.
 */
export function attributesFromAws(
  schema: object,
  rules: Readonly<Record<string, AttributeRule>>,
  list: readonly { Key?: string | undefined; Value?: string | undefined }[],
): Record<string, unknown> {
  const texts = new Map(list.map(({ Key = "", Value = "" }) => [Key, Value]));
  const known = Object.keys(rules).flatMap((name) => {
    const value = texts.get(name);
    return value === undefined || value === "" ? [] : [[name, value] as const];
  });
  return normalForm(schema, Object.fromEntries(known)) as Record<string, unknown>;
}
