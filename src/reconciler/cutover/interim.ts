/**
 * No gap when traffic moves: what the spec asks for *now*, on the way to what it asks for in the end. While a target
 * group is on trial (transition.ts), the traffic stays with whoever serves it, and so do the instances.
 */
import { type Value, valuesEqual } from "../../model/value.ts";
import { groupOnTheWay } from "./scaling-group-phase.ts";
import { resolved } from "../core/references.ts";
import { type DesiredResource, referenceOf } from "../core/resource.ts";
import { heldRoute, type Share, sharesIn } from "./forward-weights.ts";
import { ACTION_OF, isServing, type Scene, type Trial, trialsOf } from "./target-group-readiness.ts";

/** A listener or rule whose traffic stays, for now, with whoever serves it. */
export interface Hold {
  readonly resource: DesiredResource;
  readonly trials: readonly Trial[];
}

export interface Way {
  /** The desired resources as they have to be at this point. */
  readonly desired: DesiredResource[];
  readonly holds: readonly Hold[];
  readonly trials: readonly Trial[];
}

export function wayOf(scene: Scene): Way {
  const trials = trialsOf(scene);
  const holds = holdsOf(scene, trials);
  const held = new Map(holds.map((hold) => [hold.resource.key, hold.resource]));
  const onTrial = new Set(holds.flatMap((hold) => hold.trials.map(({ id }) => id)));
  return {
    desired: scene.desired.map((resource) =>
      resource.kind === "autoScalingGroup"
        ? groupOnTheWay(resource, scene, { all: trials, held: onTrial })
        : (held.get(resource.key) ?? resource),
    ),
    holds,
    trials,
  };
}

function holdsOf(scene: Scene, trials: readonly Trial[]): Hold[] {
  if (trials.length === 0) return [];
  return scene.desired.flatMap((resource) => holdOf(scene, trials, resource) ?? []);
}

function holdOf(scene: Scene, trials: readonly Trial[], resource: DesiredResource): Hold | undefined {
  const field = ACTION_OF[resource.kind];
  const goal = field === undefined ? undefined : inAwsTerms(scene, resource.fields[field]);
  if (field === undefined || goal === undefined) return undefined;
  const before = actionsBefore(scene, resource, field);
  // Whoever has put it there by hand has got what the spec asks for.
  if (valuesEqual(goal, before.at(-1))) return undefined;
  const present = new Set([
    ...scene.observation.resources.map(({ id }) => id),
    ...sharesIn(before.at(-1)).map(({ arn }) => arn),
  ]);
  const route = heldRoute({
    goal: sharesIn(goal),
    // What was applied may forward to what is gone.
    before: before.map((action) => sharesIn(action).filter(({ arn }) => present.has(arn))),
    trials: new Map(trials.map((trial) => [trial.id, trial])),
    serves: (arn) => scene.observation.resources.some((other) => other.id === arn && isServing(other)),
  });
  if (route === undefined) return undefined;
  const action = { ...(goal as Record<string, Value>), targetGroups: { $set: route.shares.map(shareValue) } };
  return {
    resource: { ...resource, fields: { ...resource.fields, [field]: action } },
    trials: trials.filter(({ id }) => route.waiting.includes(id)),
  };
}

function shareValue({ arn, weight }: Share): Value {
  return { arn, weight };
}

/** `undefined` while it refers to something that is not there yet: then it stays as it is anyway. */
function inAwsTerms({ current }: Scene, value: Value | undefined): Value | undefined {
  return value === undefined
    ? undefined
    : resolved(value, (key, attribute) => current.get(key)?.attributes[attribute]);
}

/**
 * What serves the requests that the action is for: what was last applied (so that a change by hand is drift and not
 * where the traffic stays), and what AWS has. A rule that is not there leaves its requests to its listener.
 */
function actionsBefore({ current, applied }: Scene, resource: DesiredResource, field: string): Value[] {
  const now = current.get(resource.key);
  const above = current.get(referenceOf(resource.initial?.listener)?.$ref ?? "");
  const actions =
    now === undefined
      ? [above?.fields.defaultAction]
      : [applied.get(resource.key)?.[field], now.fields[field]];
  return actions.filter((action) => action !== undefined);
}
