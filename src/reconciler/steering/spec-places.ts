/** Where in a spec, as it was written, resources and their fields stand; and how a part of what AWS holds gets there. Pure. */
import type { Address } from "../../model/address.ts";
import { isSameLookup, type ResolvedLookup } from "../../model/lookups.ts";
import { isRecord, type Value, valuesEqual } from "../../model/value.ts";
import type { KindRules } from "../core/kind-rules.ts";
import { isTag, tagName } from "../core/tags.ts";
import type { Part } from "../kinds/from-aws.ts";

type Steps = readonly string[];

/** By what an item of a list is called in an address. */
const KEYS: Readonly<Record<string, string>> = { listeners: "port", rules: "name" };

/** The steps to a resource; `undefined` where the spec has none at that address. */
export function stepsTo(spec: unknown, address: Address | string): Steps | undefined {
  const steps: string[] = [];
  let value = spec;
  let list: string | undefined;
  for (const name of address.split(".")) {
    if (Array.isArray(value)) {
      const key = KEYS[list ?? ""] ?? "name";
      const index = value.findIndex((item) => isRecord(item) && String(item[key]) === name);
      if (index < 0) return undefined;
      steps.push(String(index));
      value = value[index];
    } else {
      if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
      steps.push(name);
      value = value[name];
    }
    list = name;
  }
  return steps;
}

/** The spec without a resource, and what stands below it; the same spec where it has none at that address. */
export function withoutResource(spec: Part, address: Address | string): Part {
  const steps = stepsTo(spec, address);
  if (steps === undefined) return spec;
  const copy = structuredClone(spec);
  const last = steps.at(-1) ?? "";
  const holder = steps.slice(0, -1).reduce<unknown>((part, step) => (part as Part)[step], copy);
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete (holder as Part)[last];
  return copy;
}

export interface Taking {
  readonly kind: KindRules;
  readonly address: Address | string;
  readonly field: string;
  /** What an import would write of the resource. */
  readonly part: Part;
  /** What AWS has in the field. */
  readonly live: Value | undefined;
  readonly lookups: readonly ResolvedLookup[];
}

/** The spec with one field as AWS has it; `undefined` where it has no place for the resource. */
export function withField(spec: Part, taking: Taking): Part | undefined {
  const { kind, address, field, part, live, lookups } = taking;
  const base = stepsTo(spec, address);
  if (base === undefined) return undefined;
  const copy = structuredClone(spec);
  if (isTag(field) && !hasOwnTags(kind)) {
    put(copy, ["tags", tagName(field)], live ?? undefined);
    return copy;
  }
  for (const steps of fieldSteps(kind, field)) {
    const path = [...base, ...steps];
    const before = at(copy, path);
    const after = at(part, steps);
    if (before === undefined && after === undefined) continue;
    put(copy, path, withLookups(before, after, lookups));
  }
  return copy;
}

/** A group says of its tags what its instances get; of the others only the tags of everything stand in a spec. */
function hasOwnTags({ traits }: KindRules): boolean {
  return traits.registersIn !== undefined;
}

/** Paths in the part of a resource of what a field is compared as; the spec may have any of them. */
function fieldSteps(kind: KindRules, field: string): Steps[] {
  if (isTag(field)) return [["tags", tagName(field)]];
  const [map = "", ...name] = field.split(".");
  if (map === "attributes") return [[map, name.join(".")]];
  return [field, ...(kind.inSpec?.(field) ?? [])].map((path) => path.split("."));
}

/** A lookup that stands for the same as what AWS has stays one. */
function withLookups(before: unknown, after: unknown, lookups: readonly ResolvedLookup[]): unknown {
  if (Array.isArray(before) && Array.isArray(after))
    return after.map((item) => before.find((one) => isRecord(one) && standsFor(one, item, lookups)) ?? item);
  return isRecord(before) && standsFor(before, after, lookups) ? before : after;
}

function standsFor(asked: Part, value: unknown, lookups: readonly ResolvedLookup[]): boolean {
  return lookups.some(
    (lookup) =>
      isSameLookup(lookup, { kind: lookup.kind, asked: asked as Value }) &&
      valuesEqual(inOrder(lookup.value), inOrder(value as Value)),
  );
}

function inOrder(value: Value): Value {
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? [...value].sort() : value;
}

function at(value: unknown, steps: Steps): unknown {
  return steps.reduce<unknown>(
    (part, step) => (part !== null && typeof part === "object" ? (part as Part)[step] : undefined),
    value,
  );
}

/** With the maps on the way to it; `undefined` takes it away. */
function put(target: Part, [name = "", ...rest]: Steps, value: unknown): void {
  if (rest.length === 0) {
    if (value === undefined) delete target[name];
    else target[name] = value;
    return;
  }
  const inner = target[name];
  if (inner === undefined && value === undefined) return;
  if (inner === undefined) target[name] = {};
  put(target[name] as Part, rest, value);
}
