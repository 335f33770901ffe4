/** What of a mixed instances policy is written when, and with what. */

import type { Change } from "../../../core/kind-rules.ts";
import type { Fleet, ObservedResource } from "../../../core/resource.ts";
import { present } from "../../required.ts";
import { SIZES } from "../capacity/sizes.ts";
import { type Answered, isAlias, templateIn, templateOf } from "../template-version.ts";
import { isMixedField, launchesFrom, OVERRIDES, observedPolicy, type Policy, policyToBe } from "./fields.ts";

/** Sizes are in the units of a policy: what changes the one changes the other, in one call. */
const UNITS: readonly string[] = [...SIZES, "desiredCapacityType"];

/**
 * Fields of the policy that are written at once, and those that go along with a refresh, so that who goes back goes back to
 * both. While the template is yet to be made, its policy waits for it.
 */
export function policyChanges(change: Change) {
  const { desired, differences, waiting = [] } = change;
  const changed = differences.map(({ field }) => field).filter(isMixedField);
  const isOfSizes = differences.some(({ field }) => UNITS.includes(field));
  const rolls = differences.some(({ field }) => field === "launchTemplate");
  if (changed.length === 0) return { atOnce: [], along: [] };
  // AWS takes a policy away by an update alone (…/ec2/APIReference/API_DesiredConfiguration.html).
  if (desired.fields[OVERRIDES] === undefined) return { atOnce: changed, along: [] };
  if (rolls && !isOfSizes) return { atOnce: [], along: changed };
  if (!isOfSizes && waiting.includes("launchTemplate")) return { atOnce: [], along: [] };
  return { atOnce: changed, along: [] };
}

/** The policy as it is to be, on the version that the group names. */
export function withPolicy(change: Change, fleet: Fleet) {
  const { template, alias } = fleet;
  const { id, version } = template ?? templateIn(change.fields.launchTemplate);
  return launchesFrom(policyToBe(change, fleet), { id, version: alias ?? version });
}

/** Once AWS has taken another way to launch. */
export function launching(
  { fleet: before }: ObservedResource,
  named: Answered,
  policy: Policy | undefined,
): Fleet {
  const { alias: _name, policy: _policy, ...fleet } = present(before, "its fleet");
  const template = templateOf(named);
  return {
    ...fleet,
    template: template !== undefined && isAlias(template) ? before?.template : template,
    ...(template !== undefined && isAlias(template) ? { alias: template.version } : {}),
    ...(policy === undefined ? {} : { policy: observedPolicy(policy) }),
  };
}
