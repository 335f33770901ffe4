/**
 * Why the requests of a listener or rule have not moved yet: they stay with whoever serves them as long as a target group
 * that is to get some is not ready (target-group-readiness.ts).
 */
import { parentOf } from "../../model/address.ts";
import { type Value, valuesEqual } from "../../model/value.ts";
import type { Wait } from "../core/actions.ts";
import type { Matching } from "../core/current-and-surplus.ts";
import { resolved } from "../core/references.ts";
import type { DesiredResource } from "../core/resource.ts";
import { weightedTargetGroupsIn, weightsDuringCutover } from "./forward-weights.ts";
import { groupStickiness } from "./group-stickiness.ts";
import { type CutoverState, healthyTargets, type UnreadyTargetGroup } from "./target-group-readiness.ts";

/** A listener or rule whose requests stay, for now, with whoever serves them. */
export interface HeldRequests {
  /** With the weights that it is to have meanwhile. */
  readonly resource: DesiredResource;
  /** What it waits for. */
  readonly unready: readonly UnreadyTargetGroup[];
}

export function heldRequestsIn(state: CutoverState, unready: readonly UnreadyTargetGroup[]): HeldRequests[] {
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

/** What is told of a listener or rule that waits, and has nothing else to be done. */
export function waitForTargets(
  { resource, unready }: HeldRequests,
  { current }: Pick<Matching, "current">,
): Wait {
  const { address, kind, name } = resource;
  const id = current.get(address)?.id;
  return {
    verb: "wait",
    to: "update",
    address,
    kind,
    name,
    ...(id === undefined ? {} : { id }),
    reason: "the traffic stays with those who serve it",
    differences: [],
    until: unready.map(({ address: targetGroup, healthy, needed, failing, strangers }) => ({
      because: "unready targets",
      targetGroup,
      trial: { healthy, needed, failing, strangers },
    })),
  };
}
