/** The rows of the status: what is wanted, what is ours and not wanted, and what others have put on it. Pure. */
import { type Address, surplusAddress } from "../model/address.ts";
import type { OwnerRow, ResourceRow, ResourceState, UnownedRow } from "../model/status.ts";
import { waitText } from "../model/text/waits.ts";
import { iso } from "../model/time.ts";
import type { Value } from "../model/value.ts";
import { listed, type Outcome } from "./conditions.ts";
import { blockersOf, verbOf } from "./core/actions.ts";
import { withoutOwnTags } from "./core/belonging/adoption.ts";
import { falseClaims, falseClaimText } from "./core/belonging/ownership.ts";
import { sentenceOf } from "./core/holds.ts";
import type { LeftField } from "./core/left-to-others.ts";
import type { Observation } from "./core/observation.ts";
import type { DesiredResource, Difference, Fields, ObservedResource } from "./core/resource.ts";
import { isTag, tagName } from "./core/tags.ts";
import type { FleetHandover } from "./cutover/fleet-handover.ts";
import type { CutoverPhases } from "./cutover/interim.ts";
import type { ScalingGroupPhase } from "./cutover/scaling-group-phase.ts";
import type { TargetGroupPhase } from "./cutover/target-group-readiness.ts";
import type { Decision } from "./decide.ts";
import { kindNamed } from "./kinds/registry.ts";

/** One row for each resource that is wanted, and one for each that is ours and not wanted. */
export function resourceRowsOf(outcome: Outcome): ResourceRow[] {
  const { last, failures } = outcome;
  const doubted = new Set(outcome.unconfirmed.map(({ kind, name }) => `${kind} ${name}`));
  // What is only looked at waits for nothing, and nothing is in its way.
  const isLookedAt = outcome.mandate === "observe";
  const obstacles = new Map(
    isLookedAt ? [] : last.obstacles.map((obstacle) => [obstacle.address, obstacle] as const),
  );
  const waits = isLookedAt ? [] : last.actions.filter((action) => verbOf(action) !== "adopt");
  const blocked = new Map(waits.map((action) => [action.address, blockersOf(action).map(sentenceOf)]));
  const failed = new Map(failures.map((failure) => [failure.address, failure.message]));
  const wanted = last.comparisons.map(({ desired: resource, observed, differences, left }): ResourceRow => {
    if (observed === undefined && doubted.has(`${resource.kind} ${resource.name}`))
      return unknownRow(resource, UNCONFIRMED);
    const blockers = blocked.get(resource.address) ?? [];
    const obstacle = obstacles.get(resource.address);
    const message =
      obstacle?.message ??
      failed.get(resource.address) ??
      (blockers.length > 0 ? waitText(blockers.slice(0, 1)) : undefined) ??
      (differences.length > 0
        ? `differs in ${listed(differences.map(({ field }) => field))}`
        : observed?.lifecycleReason);
    return {
      key: resource.address,
      kind: resource.kind,
      name: resource.name,
      ...(observed === undefined ? {} : { arn: observed.id, observedAt: iso(observed.observedAtMs) }),
      state: stateOf(observed, differences.length, blockers.length),
      ...(message === undefined ? {} : { message }),
      ...(obstacle === undefined ? {} : { reason: obstacle.reason }),
      ...cutoverOf(last.phases, resource.address),
      ...(observed === undefined ? {} : { ...ownersIn(observed, differences, left), ...derivedOf(observed) }),
    };
  });
  const kept = new Map(last.predecessors.map((one) => [one.observed.id, one]));
  const surplus = last.matching.surplus.map((resource): ResourceRow => {
    const [blocker] = blocked.get(surplusAddress(resource.id)) ?? [];
    const { differences = [] } = kept.get(resource.id) ?? {};
    const message =
      differences.length > 0
        ? `differs in ${listed(differences.map(({ field }) => field))}`
        : blocker && `goes once this is over: ${blocker}`;
    return {
      key: resource.address ?? resource.id,
      kind: resource.kind,
      name: resource.name,
      arn: resource.id,
      state: "Surplus",
      ...(message === undefined ? {} : { message }),
      observedAt: iso(resource.observedAtMs),
    };
  });
  const unknown = last.unread.map((resource) => unknownRow(resource, "could not be read"));
  const over = (outcome.over ?? []).map(
    ({ address, kind, name }): ResourceRow => ({ key: address, kind, name, state: "Fired", message: FIRED }),
  );
  return [...wanted, ...unknown, ...over, ...surplus];
}

/** Whose each size is: what AWS tells of it, unless the spec leaves it to others, or has just been edited. */
function ownersIn(
  { owners }: ObservedResource,
  differences: readonly Difference[],
  left: readonly LeftField[] = [],
): Pick<ResourceRow, "owners"> {
  if (owners === undefined) return {};
  const rows = Object.entries(owners).map(([field, { live: value, declared, ...claim }]): OwnerRow => {
    const others = left.find((one) => one.field === field);
    const numbers = { value, ...(declared === undefined ? {} : { declared }) };
    if (others?.by.startsWith("spec.") === true)
      return { field, owner: "Others", why: `${others.by} leaves it to them`, ...numbers };
    const isEdit = claim.owner !== "Spec" && differences.some((one) => one.field === field);
    if (isEdit) return { field, owner: "Spec", why: `edited, although ${claim.why}`, ...numbers };
    return { field, owner: claim.owner, why: claim.why, ...numbers };
  });
  return { owners: rows };
}

function derivedOf({ derived = [] }: ObservedResource): Pick<ResourceRow, "derived"> {
  return derived.length === 0 ? {} : { derived: [...derived] };
}

/** AWS drops what will not be due again. */
const FIRED = "its time has passed, and AWS does not have it any more: it is not put again";

/** Why nothing is said of what was there before and is not in AWS's answer. */
export const UNCONFIRMED = "AWS's answer lacks it; a second read decides";

function unknownRow({ address, kind, name }: DesiredResource, message: string): ResourceRow {
  return { key: address, kind, name, state: "Unknown", message };
}

/** A group takes its phase from what its target groups go through; no address has both. */
function cutoverOf(
  { targetGroups, scalingGroups, handovers }: CutoverPhases,
  address: Address,
): { cutover?: string } {
  const handover = handovers.get(address);
  if (handover !== undefined) return { cutover: handoverText(handover) };
  const targetGroup = targetGroups.get(address);
  if (targetGroup !== undefined) return { cutover: targetGroupText(targetGroup) };
  const group = scalingGroups.get(address) ?? "steady";
  return group === "steady" ? {} : { cutover: `${group}: ${SCALING_GROUP_TEXTS[group]}` };
}

function handoverText({ from, healthy, needed }: FleetHandover): string {
  return `warming up: ${healthy} of ${needed} healthy, takes over from ${from.name}`;
}

function targetGroupText(phase: TargetGroupPhase): string {
  switch (phase.phase) {
    case "to be made":
      return "to be made: what it takes over from goes on serving";
    case "warming up":
      return `warming up: ${phase.healthy} of ${phase.needed} healthy`;
    case "taking over":
      return "taking over: enough targets are healthy, the requests move";
  }
}

const SCALING_GROUP_TEXTS: Record<Exclude<ScalingGroupPhase, "steady">, string> = {
  "waiting for a target group": "no rollout before AWS has made it",
  leaving: "attached to the old target group until nobody forwards to it",
  "warming up": "attached to old and new, EC2's health check, no rollout before the new one was checked",
  draining: "attached to the old target group until the requests have left it, EC2's health check",
  refreshing: "AWS takes no target group before the instance refresh is over",
};

function stateOf(
  observed: ObservedResource | undefined,
  differences: number,
  blockers: number,
): ResourceState {
  if (observed === undefined) return blockers > 0 ? "Blocked" : "Missing";
  // It may hold what is wanted now and not yet what is wanted in the end.
  if (differences + blockers > 0) return "OutOfSync";
  return observed.lifecycle === "ready" ? "InSync" : "Provisioning";
}

/** What others have put on resources of ours: shown, and left alone. */
export function unownedIn(
  decision: Decision,
  observation: Observation,
  applied: ReadonlyMap<Address, Fields>,
): UnownedRow[] {
  const ours = observation.resources.filter((resource) => resource.owned);
  const children = observation.resources
    .filter((resource) => !resource.owned && resource.claim === undefined)
    .flatMap((resource): UnownedRow[] => {
      const parent = ours.find((candidate) => candidate.id === resource.parent);
      if (parent === undefined) return [];
      return [
        {
          kind: resource.kind,
          on: parent.address ?? parent.id,
          id: resource.id,
          description: descriptionOf(resource),
        },
      ];
    });
  const tags = decision.comparisons.flatMap(({ desired, observed, differences }): UnownedRow[] => {
    // What differs is ours to take back, and may have been by now.
    const taken = Object.fromEntries(differences.map(({ field, observed: live }) => [field, live]));
    const known = { ...taken, ...applied.get(desired.address), ...desired.fields };
    const live = observed?.fields ?? {};
    // Our own tags are on their way off while a service is given back.
    return Object.entries(observed?.claim === undefined ? live : withoutOwnTags(live))
      .filter(([field]) => isTag(field) && known[field] === undefined)
      .map(([field]) => ({
        kind: "tag",
        on: desired.address,
        id: tagName(field),
        description: "a tag that the spec does not declare",
      }));
  });
  const claims = falseClaims(observation).map(
    (resource): UnownedRow => ({
      kind: resource.kind,
      on: resource.address ?? resource.id,
      id: resource.id,
      description: falseClaimText(resource, kindNamed(resource.kind).title),
      isClaim: true,
    }),
  );
  return [...claims, ...children, ...tags];
}

function descriptionOf(resource: ObservedResource): string {
  if (resource.kind === "rule")
    return `a rule of somebody else's with priority ${shown(resource.fields.priority)}`;
  if (resource.kind === "listener")
    return `a listener of somebody else's on port ${shown(resource.fields.port)}`;
  return `a ${resource.kind} of somebody else's called ${resource.name}`;
}

function shown(value: Value | undefined): string {
  return value === undefined ? "?" : String(value);
}
