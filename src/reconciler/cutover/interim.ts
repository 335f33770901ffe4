/**
 * No gap when traffic moves: what is to be there in the interim, on the way to what the spec asks for in the end. While
 * a target group is not ready (target-group-readiness.ts), the requests stay with whoever serves them, and so do the
 * instances.
 */
import { type Address, parentOf } from "../../model/address.ts";
import { type Value, valuesEqual } from "../../model/value.ts";
import type { Update } from "../core/actions.ts";
import { resolved } from "../core/references.ts";
import type { DesiredResource } from "../core/resource.ts";
import { directRegistrations } from "./direct-registration.ts";
import { type FleetHandover, type HandoverState, handoversOf, withHandovers } from "./fleet-handover.ts";
import { weightedTargetGroupsIn, weightsDuringCutover } from "./forward-weights.ts";
import { groupStickiness } from "./group-stickiness.ts";
import { type ScalingGroupPhase, scalingGroupsDuringCutover } from "./scaling-group-phase.ts";
import {
  type CutoverState,
  healthyTargets,
  type TargetGroupPhase,
  targetGroupPhases,
  type UnreadyTargetGroup,
  unreadyTargetGroups,
} from "./target-group-readiness.ts";
import { followersDuringCutover } from "./traffic-followers.ts";

/** A listener or rule whose requests stay, for now, with whoever serves them. */
export interface HeldRequests {
  /** With the weights that it is to have meanwhile. */
  readonly resource: DesiredResource;
  /** What it waits for. */
  readonly unready: readonly UnreadyTargetGroup[];
}

export interface Interim {
  /** The desired resources as they have to be at this point. */
  readonly desired: readonly DesiredResource[];
  readonly held: readonly HeldRequests[];
  readonly unready: readonly UnreadyTargetGroup[];
  readonly handovers: readonly FleetHandover[];
  /** What no group can register, because AWS has no place for it. */
  readonly registrations: readonly Update[];
  readonly phases: CutoverPhases;
}

/** Where each target group and each group stands that is not as the spec says in the end. */
export interface CutoverPhases {
  readonly targetGroups: ReadonlyMap<Address, TargetGroupPhase>;
  readonly scalingGroups: ReadonlyMap<Address, ScalingGroupPhase>;
  /** By the groups that take over. */
  readonly handovers: ReadonlyMap<Address, FleetHandover>;
}

export function desiredDuringCutover(state: HandoverState): Interim {
  const unready = unreadyTargetGroups(state);
  const held = unready.length === 0 ? [] : heldRequestsIn(state, unready);
  const heldByAddress = new Map(held.map(({ resource }) => [resource.address, resource]));
  const awaited = new Set(held.flatMap((one) => one.unready.map(({ id }) => id)));
  const groups = scalingGroupsDuringCutover(state, { unready, awaited });
  const followers = followersDuringCutover(state, awaited);
  const handovers = handoversOf(state);
  const desired = state.desired.map(
    (resource) =>
      groups.get(resource.address)?.desired ??
      heldByAddress.get(resource.address) ??
      followers.get(resource.address) ??
      resource,
  );
  return {
    desired: withHandovers(state, desired),
    held,
    unready,
    handovers,
    registrations: directRegistrations(state, unready),
    phases: {
      targetGroups: targetGroupPhases(state, unready),
      scalingGroups: new Map([...groups].map(([address, { phase }]) => [address, phase])),
      handovers: new Map(handovers.flatMap((one) => one.to.map((address) => [address, one] as const))),
    },
  };
}

function heldRequestsIn(state: CutoverState, unready: readonly UnreadyTargetGroup[]): HeldRequests[] {
  return state.desired.flatMap((resource) => {
    const { forwardField } = state.kindNamed(resource.kind).traits;
    return forwardField === undefined ? [] : (heldRequestsOf(state, unready, resource, forwardField) ?? []);
  });
}

function heldRequestsOf(
  state: CutoverState,
  unready: readonly UnreadyTargetGroup[],
  resource: DesiredResource,
  field: string,
): HeldRequests | undefined {
  const goal = inAwsTerms(state, resource.fields[field]);
  if (goal === undefined) return undefined;
  const before = forwardsBefore(state, resource, field);
  // Whoever has put it there by hand has got what the spec asks for.
  if (valuesEqual(goal, before.at(-1))) return undefined;
  const { resources } = state.observation;
  const present = new Set([
    ...resources.map(({ id }) => id),
    ...weightedTargetGroupsIn(before.at(-1)).map(({ arn }) => arn),
  ]);
  const interim = weightsDuringCutover({
    goal: weightedTargetGroupsIn(goal),
    // What was applied may forward to what is gone.
    before: before.map((action) => weightedTargetGroupsIn(action).filter(({ arn }) => present.has(arn))),
    unready: new Map(unready.map((targetGroup) => [targetGroup.id, targetGroup])),
    serves: (arn) => resources.some((other) => other.id === arn && healthyTargets(other) > 0),
  });
  if (interim === undefined) return undefined;
  const targetGroups = { $set: interim.targetGroups.map(({ arn, weight }) => ({ arn, weight })) };
  const arns = interim.targetGroups.map(({ arn }) => arn);
  const action = {
    ...groupStickiness(state, arns, before),
    ...(goal as Record<string, Value>),
    targetGroups,
  };
  return {
    resource: { ...resource, fields: { ...resource.fields, [field]: action } },
    unready: unready.filter(({ id }) => interim.waitsFor.includes(id)),
  };
}

/** `undefined` while it refers to something that is not there yet: then it stays as it is anyway. */
function inAwsTerms({ current }: CutoverState, value: Value | undefined): Value | undefined {
  return value === undefined
    ? undefined
    : resolved(value, (address, attribute) => current.get(address)?.attributes[attribute]);
}

/**
 * What serves the requests that the action is for: what was last applied (so that a change by hand is drift and not
 * where the traffic stays), and what AWS has. A rule that is not there leaves its requests to its listener.
 */
function forwardsBefore(
  { kindNamed, current, applied }: CutoverState,
  { address }: DesiredResource,
  field: string,
): Value[] {
  const now = current.get(address);
  const above = current.get(parentOf(address));
  const aboveField = above === undefined ? undefined : kindNamed(above.kind).traits.forwardField;
  const actions =
    now === undefined
      ? [aboveField === undefined ? undefined : above?.fields[aboveField]]
      : [applied.get(address)?.[field], now.fields[field]];
  return actions.filter((action) => action !== undefined);
}
