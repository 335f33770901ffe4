/**
 * Which fields of a spec may hold a lookup instead of an id, and where a spec has one. A spec is stored with its lookups
 * as they were written; a pass sees what they stand for.
 */
import type { LookupKind } from "../../../model/lookups.ts";
import { isRecord, type Value } from "../../../model/value.ts";
import { memberPath } from "../field-path.ts";

/** Name of the annotation in the JSON Schema. */
export const LOOKUP = "x-holdfast-lookup";

/** Options for a TypeBox constructor, whose own type is that of the id. */
export function lookedUp(kind: LookupKind): { [LOOKUP]: LookupKind } {
  return { [LOOKUP]: kind };
}

/** One lookup in a spec. */
export interface Lookup {
  readonly kind: LookupKind;
  readonly path: string;
  readonly steps: readonly string[];
  readonly asked: { readonly [member: string]: Value };
}

interface Node {
  readonly [LOOKUP]?: LookupKind;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly patternProperties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
}

/** Every lookup of a spec, in its order. What stands where an id is expected, and is a map and no reference, is one. */
export function lookupsIn(schema: object, spec: unknown): Lookup[] {
  return within(schema as Node, spec, "spec", []);
}

function within(node: Node, value: unknown, path: string, steps: readonly string[]): Lookup[] {
  const kind = node[LOOKUP];
  if (kind !== undefined && isRecord(value) && !("ref" in value)) {
    return [{ kind, path, steps, asked: value as Lookup["asked"] }];
  }
  if (Array.isArray(value)) {
    const { items } = node;
    if (items === undefined) return [];
    return value.flatMap((item, index) => within(items, item, `${path}[${index}]`, [...steps, `${index}`]));
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const inner = memberNode(node, name);
    return inner === undefined ? [] : within(inner, member, memberPath(path, name), [...steps, name]);
  });
}

function memberNode({ properties = {}, patternProperties = {} }: Node, name: string): Node | undefined {
  if (Object.hasOwn(properties, name)) return properties[name];
  return Object.entries(patternProperties).find(([pattern]) => new RegExp(pattern, "u").test(name))?.[1];
}

/** The spec with other values at some of its places. */
export function withValues(
  spec: unknown,
  values: readonly { readonly steps: readonly string[]; readonly value: unknown }[],
): unknown {
  if (values.length === 0) return spec;
  const copy = structuredClone(spec);
  for (const { steps, value } of values) {
    const parent = steps.slice(0, -1).reduce((part, step) => (part as Record<string, unknown>)[step], copy);
    (parent as Record<string, unknown>)[steps.at(-1) ?? ""] = value;
  }
  return copy;
}

/** What stands at a place of a spec. */
export function valueAt(spec: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (part, step) =>
      part !== null && typeof part === "object" ? (part as Record<string, unknown>)[step] : undefined,
    spec,
  );
}
