/** Values that only AWS can complete: references to siblings, texts made of parts, and sets. */
import type { Address } from "../../model/address.ts";
import { canonicalJson, isRecord, type Value } from "../../model/value.ts";
import type { Fields } from "./resource.ts";

/**
 * Points from one desired resource at another, by the address of the sibling; `attribute` says which of its
 * identifiers AWS wants there (`arn`, `id`, `name`, `dimension`, `version`, …).
 */
export interface Reference {
  readonly address: Address;
  readonly attribute: string;
}

/** A reference as a field value. */
export function refTo(address: Address, attribute: string): Value {
  return { $ref: address, attribute };
}

function referenceOf(value: Value | undefined): Reference | undefined {
  if (!isRecord(value)) return undefined;
  const { $ref, attribute } = value;
  return typeof $ref === "string" && typeof attribute === "string"
    ? { address: $ref as Address, attribute }
    : undefined;
}

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

export function referencesIn(value: Value): Reference[] {
  const reference = referenceOf(value);
  if (reference !== undefined) return [reference];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(referencesIn);
}

/** The value with other values in place of some of its references; what `replace` has no value for stays. */
export function substituted(value: Value, replace: (reference: Reference) => Value | undefined): Value {
  const reference = referenceOf(value);
  if (reference !== undefined) return replace(reference) ?? value;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => substituted(item, replace));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, substituted(member, replace)]),
  );
}

/** What AWS calls the thing referred to; `undefined` when that is not known yet. */
export type Lookup = (address: Address, attribute: string) => string | undefined;

/** The value in AWS's terms; `undefined` when a reference in it cannot be looked up yet. */
export function resolved(value: Value | undefined, lookup: Lookup): Value | undefined {
  const reference = referenceOf(value);
  if (reference !== undefined) return lookup(reference.address, reference.attribute);
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
  readonly waiting: ReadonlyMap<string, readonly Address[]>;
}

/** All fields in AWS's terms, apart from those that still wait for another resource. */
export function resolvedFields(fields: Fields, lookup: Lookup): ResolvedFields {
  const answer: Fields = {};
  const waiting = new Map<string, readonly Address[]>();
  for (const [field, value] of Object.entries(fields)) {
    const inAwsTerms = resolved(value, lookup);
    if (inAwsTerms !== undefined) answer[field] = inAwsTerms;
    else waiting.set(field, missingIn(value, lookup));
  }
  return { fields: answer, waiting };
}

function missingIn(value: Value, lookup: Lookup): Address[] {
  const missing = referencesIn(value).filter(
    ({ address, attribute }) => lookup(address, attribute) === undefined,
  );
  return [...new Set(missing.map(({ address }) => address))];
}

/** Addresses that a value refers to. */
export function addressesIn(value: Value | undefined): Address[] {
  return referencesIn(value ?? null).map(({ address }) => address);
}
