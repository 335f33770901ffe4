/** What a spec says instead of an id: how AWS is asked for it, and what it was when it was asked. */
import { canonicalJson, type Value, valuesEqual } from "./value.ts";

/** What can be looked up. */
export type LookupKind =
  | "image"
  | "vpc"
  | "subnets"
  | "securityGroups"
  | "certificate"
  | "instanceProfile"
  | "topic";

/** A lookup of a revision, with what it stands for in it. */
export interface ResolvedLookup {
  /** Field path: `spec.vpcId`. */
  path: string;
  kind: LookupKind;
  /** The lookup as the spec has it. */
  asked: Value;
  /** The Region that it was asked in, and the VPC where that decides. */
  within: string;
  /** What stands in its place: an id or an ARN, or several. */
  value: string | string[];
  /** What AWS says of it, for people. */
  detail?: string;
  /** ISO 8601 UTC. */
  resolvedAt: string;
}

/**
 * - `Current`: AWS answered the same when it was last asked.
 * - `UpdateAvailable`: it answers something else now, which is not followed.
 * - `Unresolved`: it answers nothing now, or more than one thing.
 * - `Unknown`: it could not be asked.
 */
type LookupState = "Current" | "UpdateAvailable" | "Unresolved" | "Unknown";

/** A lookup as the status shows it. */
export interface LookupRow extends Omit<ResolvedLookup, "within"> {
  state: LookupState;
  /** What it would stand for now, where that is something else. */
  newer?: string | string[];
  /** What AWS says of that; or why nothing is known of it. */
  message?: string;
  /** When AWS was last asked: ISO 8601 UTC. */
  checkedAt: string;
}

/** The same lookup: asked for the same thing, in the same place. */
export function isSameLookup(
  one: Pick<ResolvedLookup, "kind" | "asked">,
  other: Pick<ResolvedLookup, "kind" | "asked">,
): boolean {
  return one.kind === other.kind && canonicalJson(one.asked) === canonicalJson(other.asked);
}

/** Whether a revision has what another has, whenever it was asked for. */
export function areSameLookups(one: readonly ResolvedLookup[], other: readonly ResolvedLookup[]): boolean {
  const content = (lookups: readonly ResolvedLookup[]) =>
    canonicalJson(lookups.map(({ path, kind, asked, value }): Value => [path, kind, asked, value]));
  return content(one) === content(other);
}

/** What is known of the lookups of a revision without asking AWS. @param earlier what was known of them, or of others */
export function lookupRowsOf(
  lookups: readonly ResolvedLookup[],
  earlier: readonly LookupRow[] = [],
): LookupRow[] {
  return lookups.map(({ within: _, ...lookup }) => {
    const before = earlier.find(
      (row) => row.path === lookup.path && isSameLookup(row, lookup) && valuesEqual(row.value, lookup.value),
    );
    const isKnown = before !== undefined && before.checkedAt > lookup.resolvedAt;
    return isKnown ? { ...before, ...lookup } : { ...lookup, state: "Current", checkedAt: lookup.resolvedAt };
  });
}

/** A value in a sentence. */
export function lookupText(value: string | readonly string[]): string {
  return typeof value === "string" ? value : value.join(", ");
}
