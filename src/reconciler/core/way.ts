/**
 * No gap when traffic moves: what the spec asks for *now*, on the way to what it asks for in the end. While a target
 * group is on trial (transition.ts), the traffic stays with whoever serves it, and so do the instances.
 */
import { type Value, valuesEqual } from "../../model/value.ts";
import { resolved } from "./references.ts";
import { type DesiredResource, type Fields, referenceOf } from "./resource.ts";
import { heldRoute, type Share, sharesIn } from "./traffic.ts";
import { isServing, keysIn, type Scene, type Trial, trialsOf } from "./transition.ts";

/** A listener or rule whose traffic stays, for now, with whoever serves it. */
export interface Hold {
  readonly resource: DesiredResource;
  readonly trials: readonly Trial[];
}

export interface Way {
  /** The desired resources as they have to be at this point. */
  readonly desired: DesiredResource[];
  readonly holds: readonly Hold[];
}

export function wayOf(scene: Scene): Way {
  const holds = holdsOf(scene, trialsOf(scene));
  const held = new Map(holds.map((hold) => [hold.resource.key, hold.resource]));
  const onTrial = new Set(holds.flatMap((hold) => hold.trials.map(({ id }) => id)));
  return {
    desired: scene.desired.map((resource) =>
      resource.kind === "autoScalingGroup"
        ? groupOnTheWay(resource, scene, onTrial)
        : (held.get(resource.key) ?? resource),
    ),
    holds,
  };
}

const ACTION_OF: Readonly<Record<string, string>> = { listener: "defaultAction", rule: "action" };

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
  const route = heldRoute({
    goal: sharesIn(goal),
    before: before.map(sharesIn),
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

/**
 * A group stays with a target group until the traffic has left it. While one that it fills is on trial, it looks at
 * EC2's checks only: with ELB checks, an instance that fails in *any* attached target group is replaced, and a new
 * target group that turns out not to work would take the whole group down. A group that serves nothing else has
 * nothing to lose.
 */
function groupOnTheWay(
  resource: DesiredResource,
  scene: Scene,
  onTrial: ReadonlySet<string>,
): DesiredResource {
  const { current, observation, successions } = scene;
  const now = current.get(resource.key);
  const wanted = keysIn(resource.fields.targetGroups).map((key) => current.get(key)?.id ?? key);
  const predecessors = successions.flatMap((succession) => succession.predecessors.map(({ id }) => id));
  const attached = observation.resources.filter(
    ({ kind, id }) => kind === "targetGroup" && now?.refersTo.includes(id) === true,
  );
  const left = attached.map(({ id }) => id).filter((id) => isBeingLeft(scene, id, predecessors.includes(id)));
  const isTrying = wanted.some((id) => onTrial.has(id));
  const hasOthers = [...wanted, ...attached.map(({ id }) => id)].some((id) => !onTrial.has(id));
  const isGuarded =
    (isTrying && hasOthers) ||
    left.some((id) => predecessors.includes(id)) ||
    (left.length > 0 && now?.fields.healthCheckType === "EC2");
  if (left.length === 0 && !isGuarded) return resource;
  const entries = ((resource.fields.targetGroups as { $set: Value[] }).$set ?? []) as Value[];
  return {
    ...resource,
    ...(isGuarded ? { settings: patientSettings(resource) } : {}),
    fields: {
      ...resource.fields,
      ...(isGuarded ? { healthCheckType: "EC2" } : {}),
      targetGroups: { $set: [...entries, ...left] },
    },
  };
}

/**
 * EC2's checks say nothing of the application, so that a refresh must not count on a new instance before the time has
 * passed in which the user expects it to come up.
 */
function patientSettings({ settings, fields }: DesiredResource): Fields {
  const graceSeconds = Number(fields.healthCheckGracePeriod ?? 0);
  const warmupSeconds = Number(settings?.instanceWarmup ?? fields.defaultInstanceWarmup ?? graceSeconds);
  return { ...settings, instanceWarmup: Math.max(warmupSeconds, graceSeconds) };
}

/** Whether something of ours still forwards to it, and is not meant to; what a predecessor serves, it serves for anybody. */
function isBeingLeft(
  { desired, current, observation }: Scene,
  targetGroupId: string,
  isPredecessor: boolean,
): boolean {
  const users = observation.resources.filter(
    (other) => ACTION_OF[other.kind] !== undefined && other.refersTo.includes(targetGroupId),
  );
  return users.some((user) => {
    const wanted = desired.find((resource) => current.get(resource.key)?.id === user.id);
    const goal = keysIn(wanted?.fields[ACTION_OF[user.kind] ?? ""]).map((key) => current.get(key)?.id);
    return (user.owned || isPredecessor) && !goal.includes(targetGroupId);
  });
}
