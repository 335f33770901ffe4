/** What a kind writes of a spec from AWS's own answers, for an import. */
import type { Address } from "../../model/address.ts";
import type { Value } from "../../model/value.ts";
import { type FieldInfo, fieldsFromAws, setMember } from "./field.ts";

export type Part = Record<string, unknown>;

/** A part of a spec that says the same as AWS, but for what it cannot hold; or why there can be no such part. */
export type Written =
  | { readonly is: "held"; readonly part: Part; readonly lost: readonly Lost[] }
  | { readonly is: "not held"; readonly why: string };

/** A member of AWS's answer that this part cannot hold, though a spec has a place for others of its kind: a tag, say. */
export interface Lost {
  /** AWS's path: `Tags[team]`. */
  readonly path: string;
  readonly value: Value;
  readonly why: string;
}

/** Where in the spec that is being written the things stand that others refer to; `undefined`: not in it. */
export interface Places {
  targetGroup(arn: string): Address | undefined;
  autoScalingGroup(name: string): Address | undefined;
  scalingPolicy(arn: string): Address | undefined;
  /** What a dimension of CloudWatch's speaks of. */
  dimension(name: string, value: string): Address | undefined;
  /** Of the label by which a policy names a target group behind a load balancer. */
  resourceLabel(label: string): Address | undefined;
}

export function held(part: Part, lost: readonly Lost[] = []): Written {
  return { is: "held", part, lost };
}

export function notHeld(why: string): Written {
  return { is: "not held", why };
}

/** The leaves of a schema as AWS's answer has them, its defaults included, in the schema's order. */
export function leavesFromAws(infos: readonly FieldInfo[], answer: unknown): Part {
  return nested(infos, fieldsFromAws(infos, answer));
}

/** Fields by their paths, as the maps that they stand in. */
export function nested(infos: readonly FieldInfo[], fields: Readonly<Record<string, unknown>>): Part {
  const part: Part = {};
  for (const { path } of infos) {
    const value = fields[path];
    if (value !== undefined) setMember(part, path.split("."), value);
  }
  return part;
}

/** Without the members that are undefined. */
export function stated(members: Part): Part {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** A part with its members in the order of a schema; those that it does not name come last. */
export function inOrderOf(schema: object, part: Part): Part {
  const { properties = {} } = schema as { properties?: object };
  const order = [...new Set([...Object.keys(properties), ...Object.keys(part)])];
  return stated(Object.fromEntries(order.map((name) => [name, part[name]])));
}

/** A tag of one resource alone, where a spec has only tags of everything. */
const ALONE =
  "the spec has tags of everything (spec.tags), of groups and of instances, not of this resource alone";

/** @param shared the tags of everything, which the spec holds */
export function lostTags(
  tags: Readonly<Record<string, string>>,
  shared: Readonly<Record<string, string>>,
): Lost[] {
  return Object.entries(tags)
    .filter(([key, value]) => shared[key] !== value)
    .map(([key, value]) => ({ path: `Tags[${key}]`, value, why: whyLost(key) }));
}

function whyLost(key: string): string {
  if (key.startsWith("aws:")) return "a tag of AWS's own, which nobody else can write";
  if (key.startsWith("holdfast.dev/")) return "a tag of Holdfast's own";
  return ALONE;
}
