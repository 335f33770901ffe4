/**
 * No gap when traffic moves: what is to be there in the interim, on the way to what the spec asks for in the end. While
 * a target group is not ready (target-group-readiness.ts), the requests stay with whoever serves them, and so do the
 * instances.
 */
import type { Address } from "../../model/address.ts";
import type { Update } from "../core/actions.ts";
import type { DesiredResource } from "../core/resource.ts";
import { directRegistrations } from "./direct-registration.ts";
import { type FleetHandover, type HandoverState, handoversOf, withHandovers } from "./fleet-handover.ts";
import { type HeldRequests, heldRequestsIn } from "./held-requests.ts";
import { type ScalingGroupPhase, scalingGroupsDuringCutover } from "./scaling-group-phase.ts";
import {
  type TargetGroupPhase,
  targetGroupPhases,
  type UnreadyTargetGroup,
  unreadyTargetGroups,
} from "./target-group-readiness.ts";
import { followersDuringCutover } from "./traffic-followers.ts";

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

/** Nothing is moved, so that what is wanted now is what the spec asks for in the end. */
export function withoutCutover(desired: readonly DesiredResource[]): Interim {
  return {
    desired,
    held: [],
    unready: [],
    handovers: [],
    registrations: [],
    phases: { targetGroups: new Map(), scalingGroups: new Map(), handovers: new Map() },
  };
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
