/** A spec that leaves drift to others from now on. Pure. */

import type { KindName } from "../../model/kind-name.ts";
import type { DriftEvent } from "../../model/ledger/drift.ts";
import { type DriftPlace, placeText, type Refusal } from "../../model/ledger/steering.ts";
import { isRecord } from "../../model/value.ts";
import { type DriftRule, speaksOfField, speaksOfResource } from "../core/drift-rules.ts";
import { canBeLeft } from "../core/left-to-others.ts";
import { kindNamed } from "../kinds/registry.ts";
import type { WebServiceSpec } from "../kinds/web-service.ts";

/** What may not be left to anybody. What is gone has no field to be left. */
export function ignoreRefusals(events: readonly DriftEvent[]): Refusal[] {
  return events.flatMap(({ resource, resourceKind, field, change }): Refusal[] => {
    const refused = (why: string): Refusal[] => [
      { is: "refused", place: placeText({ resource, field }), why },
    ];
    if (change === "Missing")
      return refused("it is gone, and a rule speaks of fields: accept that it is gone, or correct it");
    const kind = kindNamed(resourceKind as KindName);
    if (canBeLeft(kind, field)) return [];
    return refused("it cannot be left to others, for the next write of the whole would lose it: correct it");
  });
}

/**
 * The spec with a rule for each place at the end of its rules, where it goes before the others; the same spec where each
 * has one that speaks last already.
 */
export function ignoringSpec(
  spec: Record<string, unknown>,
  places: readonly DriftPlace[],
): Record<string, unknown> {
  const { drift } = spec as Pick<WebServiceSpec, "drift">;
  const rules: DriftRule[] = [...(isRecord(drift) ? (drift.rules ?? []) : [])];
  const known = rules.length;
  for (const { resource, field } of places) {
    if (isIgnored(rules, { resource, ...(field === undefined ? {} : { field }) })) continue;
    rules.push({ resource, ...(field === undefined ? {} : { field }), policy: "Ignore" });
  }
  return rules.length === known ? spec : { ...spec, drift: { policy: "Correct", ...drift, rules } };
}

/** Whether a rule says so of just this place, and none after it speaks of it. */
function isIgnored(rules: readonly DriftRule[], { resource, field }: DriftPlace): boolean {
  const last = rules.findLast(
    (rule) => speaksOfResource(rule, resource) && (field === undefined || speaksOfField(rule, field)),
  );
  return last?.policy === "Ignore" && (field !== undefined || last.field === undefined);
}
