/**
 * Members of AWS's answer that no field of the spec stands for. Of what is the spec's as a whole they count like every
 * other: AWS would go by them, and our next write would take them away without a word.
 */
import type { Value } from "../../model/value.ts";
import type { Fields } from "../core/resource.ts";

/** Under what they stand beside the fields of the spec, with AWS's own name behind it. */
const PREFIX = "unknown.";

export function foreignField(name: string): string {
  return `${PREFIX}${name}`;
}

/**
 * As fields: `unknown.CreditSpecification`. What is empty says nothing: EC2 answers with empty lists where there is none.
 * @param known AWS's paths (`MetadataOptions.HttpTokens`) of what the spec can hold, and of what only answers have
 */
export function foreignMembers(
  answer: object,
  known: readonly string[],
  path: readonly string[] = [],
): Fields {
  const fields: Fields = {};
  for (const [name, member] of Object.entries(answer)) {
    const here = [...path, name];
    const full = here.join(".");
    if (known.includes(full) || isEmpty(member)) continue;
    const isPartlyKnown = known.some((other) => other.startsWith(`${full}.`));
    if (isPartlyKnown) Object.assign(fields, foreignMembers(member as object, known, here));
    else fields[foreignField(full)] = plainValue(member);
  }
  return fields;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && !(value instanceof Date) && Object.values(value).every(isEmpty);
}

function plainValue(value: unknown): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
