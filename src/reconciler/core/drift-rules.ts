/**
 * What `spec.drift` says of a field that others have changed: correct it, report it, or leave it to them. The last rule
 * that speaks of a field decides; where none does, the policy of the spec.
 */
import type { Address } from "../../model/address.ts";

/**
 * - `Correct`: put right.
 * - `Report`: recorded and shown, and not put right; an edit in the spec is written.
 * - `Ignore`: written when the resource is made, and never again.
 */
export type DriftPolicy = "Correct" | "Report" | "Ignore";

export interface DriftRule {
  /** Address in the spec; `*` is any part of it, and alone any address. */
  readonly resource: string;
  /** Path of the field within the resource, or of what it stands below; `*` is any part of it. Absent: every field. */
  readonly field?: string;
  readonly policy: DriftPolicy;
}

export interface DriftRules {
  readonly policy: Exclude<DriftPolicy, "Ignore">;
  readonly rules: readonly DriftRule[];
}

/** What is said of a field, and where it is said, for people. */
export interface Spoken {
  readonly policy: DriftPolicy;
  readonly by: string;
}

/** Without a word of the spec. */
export const CORRECT_ALL: DriftRules = { policy: "Correct", rules: [] };

/** @param names what the field is called: as it is compared and, where the spec calls it otherwise, as there */
export function spokenOf({ policy, rules }: DriftRules, address: Address, names: readonly string[]): Spoken {
  const index = rules.findLastIndex(
    (rule) => speaksOfResource(rule, address) && names.some((name) => speaksOfField(rule, name)),
  );
  const rule = rules[index];
  return rule === undefined
    ? { policy, by: "spec.drift.policy" }
    : { policy: rule.policy, by: `spec.drift.rules[${index}]` };
}

export function speaksOfResource({ resource }: Pick<DriftRule, "resource">, address: string): boolean {
  return resource === "*" || patternOf(resource, "$").test(address);
}

export function speaksOfField({ field }: Pick<DriftRule, "field">, name: string): boolean {
  return field === undefined || patternOf(field, "(\\.|$)").test(name);
}

/** `attributes["idle_timeout.timeout_seconds"]` is `attributes.idle_timeout.timeout_seconds`. */
function patternOf(path: string, end: string): RegExp {
  const parts = path.replace(/\["([^"]*)"\]/g, ".$1").split("*");
  return new RegExp(
    `^${parts.map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&")).join("[^.]*")}${end}`,
  );
}
