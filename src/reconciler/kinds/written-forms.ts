/**
 * Values that AWS and its tools write in more than one way: a port as a number or as text, a switch as `true` or
 * `"true"`. A spec is stored as it was written; it is judged and compared in its normal form, which is the schema's.
 */

import type { LookupKind } from "../../model/lookups.ts";
import { LOOKUP_FORMS } from "./lookups/forms.ts";
import { LOOKUP } from "./lookups/places.ts";

/** Name of the annotation in the JSON Schema. */
const WRITTEN = "x-holdfast-written";

interface Form {
  /** What else a client may send: JSON Schemas. */
  readonly also: readonly object[];
  /** Of what is written, where it is one of these; anything else is left for validation to speak of. */
  readonly normal: (written: unknown) => unknown;
}

/** What a group looks at beside EC2's own checks, in the order in which it is compared. */
export const HEALTH_CHECK_TYPES = ["EC2", "EBS", "ELB", "EBS,ELB"] as const;

const isNumeral = (written: unknown): written is string =>
  typeof written === "string" && /^-?[0-9]{1,15}$/.test(written);

const FORMS = {
  numberAsText: {
    also: [{ type: "integer" }],
    normal: (written) => (Number.isInteger(written) ? String(written) : written),
  },
  textAsNumber: {
    also: [{ type: "string", pattern: "^-?[0-9]+$" }],
    normal: (written) => (isNumeral(written) ? Number(written) : written),
  },
  textAsSwitch: {
    also: [{ enum: ["true", "false"] }],
    normal: (written) => (written === "true" ? true : written === "false" ? false : written),
  },
  switchAsText: {
    also: [{ type: "boolean" }],
    normal: (written) => (typeof written === "boolean" ? String(written) : written),
  },
  redirectStatus: {
    also: [{ enum: [301, 302, "301", "302"] }],
    normal: (written) => (/^30[12]$/.test(String(written)) ? `HTTP_${written}` : written),
  },
  /** As CloudFormation, Terraform and the API's own reference have it. */
  omission: {
    also: [{ type: "boolean" }, { type: "object", properties: {}, additionalProperties: false }],
    normal: (written) => {
      const isEmptyMap = written !== null && typeof written === "object" && Object.keys(written).length === 0;
      if (written === true || isEmptyMap) return "";
      return written === false ? undefined : written;
    },
  },
  /** What tools write for a number that is not given. */
  zeroForNone: {
    also: [{ enum: [0] }],
    normal: (written) => (written === 0 ? undefined : written),
  },
  /** In any order, with spaces, and with the one that is always there. */
  healthCheckTypes: {
    also: [{ type: "string", pattern: "^ *(EC2|EBS|ELB)( *, *(EC2|EBS|ELB))* *$" }],
    normal: (written) => (typeof written === "string" ? normalHealthCheckType(written) : written),
  },
  minusOneForNone: {
    also: [{ enum: [-1] }],
    normal: (written) => (written === -1 ? undefined : written),
  },
} satisfies Record<string, Form>;

/** AWS's comma-separated list (…/APIReference/API_CreateAutoScalingGroup.html, HealthCheckType), each once and in order. */
export function normalHealthCheckType(list: string): string {
  const types = list.split(",").map((type) => type.trim());
  return (
    [...new Set(types)]
      .filter((type) => type !== "EC2" && type !== "")
      .sort()
      .join(",") || "EC2"
  );
}

type FormName = keyof typeof FORMS;

/** Options for a TypeBox constructor, whose own type is the normal form. */
export function alsoWritten(form: FormName): { [WRITTEN]: FormName } {
  return { [WRITTEN]: form };
}

interface Node {
  readonly [WRITTEN]?: FormName;
  readonly [LOOKUP]?: LookupKind;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly patternProperties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly [keyword: string]: unknown;
}

/** A value in the normal form of its schema; what the schema does not know stays as it is. */
export function normalForm(schema: object, written: unknown): unknown {
  const node = schema as Node;
  const form: Form | undefined = node[WRITTEN] === undefined ? undefined : FORMS[node[WRITTEN]];
  if (form !== undefined) return form.normal(written);
  if (Array.isArray(written)) {
    const { items } = node;
    return items === undefined ? written : written.map((item) => normalForm(items, item));
  }
  if (written === null || typeof written !== "object") return written;
  const members = Object.entries(written).flatMap(([name, member]): [string, unknown][] => {
    const inner = memberNode(node, name);
    const value = inner === undefined ? member : normalForm(inner, member);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(members);
}

function memberNode({ properties = {}, patternProperties = {} }: Node, name: string): Node | undefined {
  if (Object.hasOwn(properties, name)) return properties[name];
  return Object.entries(patternProperties).find(([pattern]) => new RegExp(pattern, "u").test(name))?.[1];
}

/** Whether a field may be written in another way, too. */
export function isWrittenOtherwise(schema: object): boolean {
  return (schema as Node)[WRITTEN] !== undefined;
}

/** The schema of what clients may send: every form of every field, and a lookup where there may be one. */
export function schemaAsWritten(schema: object): object {
  const node = schema as Node;
  const lookup = node[LOOKUP];
  if (lookup !== undefined) {
    const { description, [LOOKUP]: _, ...direct } = node;
    const forms = LOOKUP_FORMS[lookup].map((form) => form.schema);
    return {
      ...(description === undefined ? {} : { description }),
      anyOf: [schemaAsWritten(direct), ...forms],
    };
  }
  const form = node[WRITTEN];
  if (form !== undefined) {
    const { description, default: preset, [WRITTEN]: _, ...strict } = node;
    const [plain, notes] = apart(strict);
    return {
      ...(description === undefined ? {} : { description }),
      ...(preset === undefined ? {} : { default: preset }),
      ...notes,
      anyOf: [plain, ...FORMS[form].also],
    };
  }
  return Object.fromEntries(
    Object.entries(node).map(([keyword, value]) => [keyword, inside(keyword, value)]),
  );
}

/** What JSON Schema knows, and the notes beside it. */
function apart(node: object): [plain: object, notes: object] {
  const isNote = ([keyword]: [string, unknown]) => keyword.startsWith("x-");
  const members = Object.entries(node);
  return [
    Object.fromEntries(members.filter((one) => !isNote(one))),
    Object.fromEntries(members.filter(isNote)),
  ];
}

function inside(keyword: string, value: unknown): unknown {
  if (keyword === "items") return schemaAsWritten(value as object);
  if (keyword === "anyOf") return (value as object[]).map(schemaAsWritten);
  if (keyword !== "properties" && keyword !== "patternProperties") return value;
  return Object.fromEntries(
    Object.entries(value as Record<string, object>).map(([name, member]) => [name, schemaAsWritten(member)]),
  );
}
