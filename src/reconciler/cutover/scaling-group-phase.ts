/**
 * An Auto Scaling group on the way: its instances stay with whoever still sends them traffic, and no rollout takes
 * instances away while nobody can say whether those that are left serve.
 */
import type { Value } from "../../model/value.ts";
import type { DesiredResource, Fields, ObservedResource } from "../core/resource.ts";
import { ACTION_OF, isChecked, keysIn, type Scene, type Trial } from "./target-group-readiness.ts";

/** The target groups on trial, and the ids of those for which an action is held. */
export interface Trials {
  readonly all: readonly Trial[];
  readonly held: ReadonlySet<string>;
}

/**
 * A group stays with a target group until the traffic has left it. While one that it fills is on trial, it looks at
 * EC2's checks only: with ELB checks, an instance that fails in *any* attached target group is replaced, and a new
 * target group that turns out not to work would take the whole group down. A group that serves nothing else has
 * nothing to lose.
 */
export function groupOnTheWay(resource: DesiredResource, scene: Scene, trials: Trials): DesiredResource {
  const { current, observation, successions } = scene;
  const now = current.get(resource.key);
  const keys = keysIn(resource.fields.targetGroups);
  const wanted = keys.map((key) => current.get(key)?.id ?? key);
  const predecessors = successions.flatMap((succession) => succession.predecessors.map(({ id }) => id));
  const attached = observation.resources.filter(
    ({ kind, id }) => kind === "targetGroup" && now?.refersTo.includes(id) === true,
  );
  const left = attached.map(({ id }) => id).filter((id) => isBeingLeft(scene, id, predecessors.includes(id)));
  const isTrying = wanted.some((id) => trials.held.has(id));
  const hasOthers = [...wanted, ...attached.map(({ id }) => id)].some((id) => !trials.held.has(id));
  const isGuarded =
    (isTrying && hasOthers) ||
    left.some((id) => predecessors.includes(id)) ||
    (left.length > 0 && now?.fields.healthCheckType === "EC2");
  // What the spec has not made yet may be on trial as soon as it has.
  const isIncomplete = attached.length > 0 && keys.some((key) => !current.has(key));
  if (left.length === 0 && !isGuarded && !isIncomplete) return resource;
  const entries = ((resource.fields.targetGroups as { $set: Value[] }).$set ?? []) as Value[];
  const fields = { ...resource.fields, targetGroups: { $set: [...entries, ...left] } };
  const applied = scene.applied.get(resource.key) ?? {};
  if (!isGuarded && isIncomplete && now !== undefined && !isRefreshing(now))
    return { ...resource, fields: withoutRollout(fields, now, applied) };
  if (!isGuarded) return { ...resource, fields };
  if (now !== undefined && isRefreshing(now))
    return { ...resource, fields: { ...fields, ...refreshEnds(now, applied) } };
  const own = trials.all.filter(({ id }) => wanted.includes(id));
  // A group that has yet to be made has no rollout to wait with.
  const mayRoll = now === undefined || !mustWait(scene, own, left);
  return {
    ...resource,
    settings: patientSettings(resource),
    fields: { ...(mayRoll ? fields : withoutRollout(fields, now, applied)), healthCheckType: "EC2" },
  };
}

/** What was applied, so that a change by hand is drift; of a group whose instances are of several versions, nothing. */
function withoutRollout(
  { launchTemplate: _wanted, ...fields }: Fields,
  now: ObservedResource,
  applied: Fields,
): Fields {
  const { LaunchTemplate } = (now.detail as RolloutDetail).group;
  const live = now.fields.launchTemplate as { readonly version?: Value } | undefined;
  const isOfOne = live !== undefined && live.version === LaunchTemplate?.Version;
  const launchTemplate = applied.launchTemplate ?? (isOfOne ? live : undefined);
  return { ...fields, ...(launchTemplate === undefined ? {} : { launchTemplate }) };
}

/** What is known of a group's rollout. */
interface RolloutDetail {
  readonly group: {
    readonly LaunchTemplate?: { readonly LaunchTemplateId?: string; readonly Version?: string };
  };
  readonly refresh?: { readonly Status?: string };
}

const UNDER_WAY: readonly string[] = ["Pending", "InProgress"];

function isRefreshing({ lifecycle }: ObservedResource): boolean {
  return lifecycle === "provisioning";
}

/**
 * While AWS refreshes the instances it takes no other target groups
 * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html, InstanceRefreshInProgress).
 * A refresh that counts on the load balancer's checks must not go on without them either: it is stopped, by wanting the
 * version that the group still names, and begun anew when the trial has been.
 */
function refreshEnds({ fields, detail }: ObservedResource, applied: Fields): Fields {
  const { targetGroups = [], healthCheckType = "EC2" } = { ...fields, ...applied };
  const { launchTemplate } = fields;
  const { group, refresh } = detail as RolloutDetail;
  const { LaunchTemplateId, Version } = group.LaunchTemplate ?? {};
  const isStoppable =
    healthCheckType !== "EC2" &&
    UNDER_WAY.includes(refresh?.Status ?? "") &&
    LaunchTemplateId !== undefined &&
    Version !== undefined;
  return {
    targetGroups: { $set: targetGroups },
    healthCheckType,
    ...(isStoppable ? { launchTemplate: { id: LaunchTemplateId, version: Version } } : {}),
    ...(isStoppable || launchTemplate === undefined ? {} : { launchTemplate }),
  };
}

/**
 * A rollout begins when it is known how the present instances fare in the target group on trial: they may be what it
 * needs, and a rollout that takes one away then waits for nothing. Where they fail there, the new version is the way
 * on. What nobody forwards to is never checked. With no trial left, the traffic is about to move, and the rollout comes
 * after it.
 */
function mustWait(
  { desired, observation }: Scene,
  trials: readonly Trial[],
  left: readonly string[],
): boolean {
  const used = new Set(desired.flatMap(({ kind, fields }) => keysIn(fields[ACTION_OF[kind] ?? ""])));
  const judged = trials.filter(({ key }) => used.has(key));
  if (judged.length === 0) {
    const users = observation.resources.filter(({ kind, owned }) => owned && ACTION_OF[kind] !== undefined);
    return left.some((id) => users.some((user) => user.refersTo.includes(id)));
  }
  return judged.some(({ id }) => {
    const targetGroup = observation.resources.find((resource) => resource.id === id);
    return targetGroup === undefined || !isChecked(targetGroup);
  });
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

/** What is known of the use of a target group. */
interface UsedDetail {
  readonly loadBalancerArns?: readonly string[];
}

/**
 * Whether something of ours still forwards to it, and is not meant to; what a predecessor serves, it serves for anybody.
 * A load balancer that is to go has the word of AWS, too: one of its listeners may be missing from a list.
 */
function isBeingLeft(
  { desired, current, observation }: Scene,
  targetGroupId: string,
  isPredecessor: boolean,
): boolean {
  const { resources } = observation;
  const used = resources.find(({ id }) => id === targetGroupId)?.detail as UsedDetail | undefined;
  const staying = new Set([...current.values()].map(({ id }) => id));
  const isServedByLeaver = resources.some(
    ({ kind, id }) =>
      kind === "loadBalancer" && !staying.has(id) && used?.loadBalancerArns?.includes(id) === true,
  );
  if (isPredecessor && isServedByLeaver) return true;
  const users = resources.filter(
    (other) => ACTION_OF[other.kind] !== undefined && other.refersTo.includes(targetGroupId),
  );
  return users.some((user) => {
    const wanted = desired.find((resource) => current.get(resource.key)?.id === user.id);
    const goal = keysIn(wanted?.fields[ACTION_OF[user.kind] ?? ""]).map((key) => current.get(key)?.id);
    return (user.owned || isPredecessor) && !goal.includes(targetGroupId);
  });
}
