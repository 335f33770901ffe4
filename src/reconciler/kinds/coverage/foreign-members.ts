/**
 * Members of AWS's answer that no field of the spec stands for. Of what is the spec's as a whole they count like every
 * other: AWS would go by them, and our next write would take them away without a word.
 */
import { isRecord, type Value } from "../../../model/value.ts";
import { foreignAmong, foreignField, foreignPath } from "../../core/foreign-fields.ts";
import type { Fields } from "../../core/resource.ts";

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

/**
 * The members at some of AWS's paths, where an answer has them: of a kind whose answers also tell what nobody sets.
 * @param paths what a call takes and no field of the spec stands for
 */
export function membersAt(answer: object, paths: readonly string[]): Fields {
  const found = paths.map((path) => {
    const value = path
      .split(".")
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], answer);
    return [foreignField(path), value] as const;
  });
  return Object.fromEntries(
    found.flatMap(([field, value]) => (isEmpty(value) ? [] : [[field, plainValue(value)]])),
  );
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

/**
 * An input of AWS with such members laid over it, as they were found: what a call replaces as a whole must bring them
 * along, or they would be gone without a word.
 */
export function withForeignMembers<Sent extends object>(input: Sent, fields: Fields): Sent {
  const sent: Record<string, unknown> = Object.fromEntries(Object.entries(input));
  for (const [field, value] of Object.entries(foreignAmong(fields))) {
    if (value !== null) place(sent, foreignPath(field).split("."), value);
  }
  return sent as Sent;
}

function place(into: Record<string, unknown>, [name = "", ...rest]: readonly string[], value: Value): void {
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const inner = { ...(into[name] as Record<string, unknown> | undefined) };
  place(inner, rest, value);
  into[name] = inner;
}
