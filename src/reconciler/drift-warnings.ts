/** Rules of `spec.drift` that speak of nothing: told to whoever posts them, and refused to nobody. Pure. */
import { textOfKey, type WebService } from "../model/object.ts";
import { type DriftRule, speaksOfField, speaksOfResource } from "./core/drift-rules.ts";
import type { DesiredResource } from "./core/resource.ts";
import { heldFields } from "./kinds/coverage/answer-members.ts";
import { desiredOf, kindNamed } from "./kinds/registry.ts";
import { driftRulesOf, presumedSpecIn } from "./kinds/web-service.ts";
import { contextOf } from "./service-context.ts";

export function driftWarnings(installation: string, object: WebService): string[] {
  // What its lookups stand for decides the name of nothing.
  const service = contextOf(installation, object.metadata, presumedSpecIn(object));
  const { key, spec } = service;
  if (driftRulesOf(spec).rules.length === 0) return [];
  const desired = desiredOf(service);
  return driftRulesOf(spec).rules.flatMap((rule, index) => {
    const problem = problemOf(rule, desired);
    return problem === undefined
      ? []
      : [`WebService ${textOfKey(key)}: spec.drift.rules[${index}] matches nothing: ${problem}`];
  });
}

function problemOf(rule: DriftRule, desired: readonly DesiredResource[]): string | undefined {
  const spoken = desired.filter(({ address }) => speaksOfResource(rule, address));
  if (spoken.length === 0) return `the spec has no resource ${rule.resource}`;
  const names = spoken.map(fieldNamesOf);
  if (names.some((known) => known.some((name) => speaksOfField(rule, name)))) return undefined;
  const whole = names.flat().find((name) => rule.field?.startsWith(`${name}.`) === true);
  return whole === undefined
    ? `no field of ${rule.resource} is called ${rule.field}`
    : `${whole} of ${rule.resource} is compared and written as a whole; name that`;
}

function fieldNamesOf({ kind, fields, initial = {} }: DesiredResource): string[] {
  const known = [...Object.keys(fields), ...Object.keys(initial), ...heldFields(kind)];
  return [...new Set(known)].flatMap((field) => [field, ...(kindNamed(kind).inSpec?.(field) ?? [])]);
}
