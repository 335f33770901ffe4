/**
 * Members of AWS's answer that no field of the spec stands for. Of what is the spec's as a whole they count like every
 * other: AWS would go by them, and our next write would take them away without a word.
 */
import { isRecord, type Value } from "../../model/value.ts";
import type { Fields } from "../core/resource.ts";

/** Under what they stand beside the fields of the spec, with AWS's own name behind it. */
const PREFIX = "unknown.";

export function foreignField(name: string): string {
  return `${PREFIX}${name}`;
}

/** The member that such a field stands for; `undefined` for a field of the spec. */
export function foreignMemberOf(field: string): string | undefined {
  return field.startsWith(PREFIX) ? field.slice(PREFIX.length) : undefined;
}

/**
 * As fields: `unknown.CreditSpecification`. What is empty says nothing: EC2 answers with empty lists where there is none.
 * So does what has the value that AWS documents for what nobody has set.
 * @param known AWS's paths (`MetadataOptions.HttpTokens`) of what the spec can hold, and of what only answers have
 */
export function foreignMembers(
  answer: object,
  known: readonly string[],
  isDefault: (path: string, value: Value) => boolean,
  path: readonly string[] = [],
): Fields {
  const fields: Fields = {};
  for (const [name, member] of Object.entries(answer)) {
    const here = [...path, name];
    const full = here.join(".");
    if (known.includes(full) || isEmpty(member)) continue;
    const own = withoutDefaults(plainValue(member), full, isDefault);
    if (own === undefined) continue;
    const isPartlyKnown = known.some((other) => other.startsWith(`${full}.`));
    if (isPartlyKnown) Object.assign(fields, foreignMembers(member as object, known, isDefault, here));
    else fields[foreignField(full)] = own;
  }
  return fields;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && !(value instanceof Date) && Object.values(value).every(isEmpty);
}

/** Nothing where nothing else is left. */
function withoutDefaults(
  value: Value,
  path: string,
  isDefault: (path: string, value: Value) => boolean,
): Value | undefined {
  if (!isRecord(value)) return isDefault(path, value) ? undefined : value;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const own = withoutDefaults(member, `${path}.${name}`, isDefault);
    return own === undefined ? [] : [[name, own] as const];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function plainValue(value: unknown): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
