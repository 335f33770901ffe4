import { canonicalJson, type Value } from "../../model/value.ts";
import { type Fields, referenceOf } from "./resource.ts";

/** A list whose order means nothing. Becomes a sorted list when its references are resolved. */
export function setOf(items: readonly Value[]): Value {
  return { $set: [...items] };
}

/** A text made of parts, some of which only AWS knows. */
export function joined(parts: readonly Value[]): Value {
  return { $join: [...parts] };
}

/** The comparable form of a list whose order means nothing. */
export function sortedSet(items: readonly Value[]): Value[] {
  const byText = new Map(items.map((item) => [canonicalJson(item), item]));
  return [...byText.keys()].sort().map((text) => byText.get(text)!);
}

/** Every reference in a value, as address and attribute. */
export function referencesIn(value: Value): { key: string; attribute: string }[] {
  const reference = referenceOf(value);
  if (reference !== undefined) return [{ key: reference.$ref, attribute: reference.attribute }];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(referencesIn);
}

/** What AWS calls the thing referred to; `undefined` when that is not known yet. */
export type Lookup = (key: string, attribute: string) => string | undefined;

/** The value in AWS's terms; `undefined` when a reference in it cannot be looked up yet. */
export function resolved(value: Value, lookup: Lookup): Value | undefined {
  const reference = referenceOf(value);
  if (reference !== undefined) return lookup(reference.$ref, reference.attribute);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return resolvedItems(value, lookup);
  if (Array.isArray(value.$join)) return resolvedItems(value.$join, lookup)?.join("");
  if (Array.isArray(value.$set)) {
    const items = resolvedItems(value.$set, lookup);
    return items === undefined ? undefined : sortedSet(items);
  }
  const answer: Record<string, Value> = {};
  for (const [name, member] of Object.entries(value)) {
    const inAwsTerms = resolved(member, lookup);
    if (inAwsTerms === undefined) return undefined;
    answer[name] = inAwsTerms;
  }
  return answer;
}

function resolvedItems(items: readonly Value[], lookup: Lookup): Value[] | undefined {
  const answer: Value[] = [];
  for (const item of items) {
    const inAwsTerms = resolved(item, lookup);
    if (inAwsTerms === undefined) return undefined;
    answer.push(inAwsTerms);
  }
  return answer;
}

export interface ResolvedFields {
  readonly fields: Fields;
  /** Field that cannot be resolved yet → the addresses it waits for. */
  readonly waiting: ReadonlyMap<string, readonly string[]>;
}

/** All fields in AWS's terms, apart from those that still wait for another resource. */
export function resolvedFields(fields: Fields, lookup: Lookup): ResolvedFields {
  const answer: Fields = {};
  const waiting = new Map<string, readonly string[]>();
  for (const [field, value] of Object.entries(fields)) {
    const inAwsTerms = resolved(value, lookup);
    if (inAwsTerms !== undefined) answer[field] = inAwsTerms;
    else waiting.set(field, missingIn(value, lookup));
  }
  return { fields: answer, waiting };
}

function missingIn(value: Value, lookup: Lookup): string[] {
  const missing = referencesIn(value).filter(({ key, attribute }) => lookup(key, attribute) === undefined);
  return [...new Set(missing.map(({ key }) => key))];
}
