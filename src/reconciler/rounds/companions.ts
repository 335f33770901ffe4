/** What the call of a create makes beside its own resource: see `comesWithParent`. Pure. */
import { type Address, parentOf } from "../../model/address.ts";
import type { Create, Doable } from "../core/actions.ts";
import type { Comparison } from "../core/compare.ts";
import { type Lookup, resolvedFields } from "../core/references.ts";
import type { ObservedResource } from "../core/resource.ts";
import { type Write, writesOf } from "../core/writes.ts";
import { kindNamed } from "../kinds/registry.ts";

/** A resource that comes with another one, as a create of its own, whose call is the other's. */
export interface Companion {
  readonly action: Create;
  readonly comparison: Comparison;
}

export function companionsOf(action: Doable, comparisons: ReadonlyMap<Address, Comparison>): Companion[] {
  if (action.verb !== "create") return [];
  const { calls, reason } = action;
  return [...comparisons.values()].flatMap((comparison) => {
    const { desired, observed } = comparison;
    const { address, kind, name } = desired;
    const { comesWithParent = false, sitsOn } = kindNamed(kind);
    const isMade = comesWithParent && sitsOn === action.kind && parentOf(address) === action.address;
    return isMade && observed === undefined
      ? [{ comparison, action: { verb: "create", address, kind, name, reason, calls } as const }]
      : [];
  });
}

/** What the call writes of it. */
export function writesOfCompanion({ action, comparison }: Companion): Write[] {
  return writesOf(kindNamed(action.kind), action, comparison, action.calls[0]);
}

/** What is known of it once AWS has answered; `undefined` where that does not say enough, and it is put by a call of its own. */
export function madeWith(
  { comparison: { desired, fields } }: Companion,
  parent: ObservedResource,
  nowMs: number,
): ObservedResource | undefined {
  const ofParent: Lookup = (address, attribute) =>
    address === parent.address ? parent.attributes[attribute] : undefined;
  const wanted = { ...desired.fields, ...desired.initial };
  const sent = { ...resolvedFields(wanted, ofParent).fields, ...fields };
  if (Object.keys(wanted).some((field) => sent[field] === undefined)) return undefined;
  const made = kindNamed(desired.kind).created(desired, sent, {}, nowMs);
  return made === null ? undefined : { ...made, address: desired.address, owned: true };
}
