/**
 * Replacement without a gap. What AWS cannot change in place gets a successor under a new name; until the successor
 * has proved itself, whatever used the predecessor goes on using it. Each function says what the spec asks for
 * *now*, on the way to what it asks for in the end.
 */
import type { Value } from "../../model/value.ts";
import { referencesIn } from "./references.ts";
import type { DesiredResource, ObservedResource } from "./resource.ts";

/** What is known of the targets of a target group. */
interface TargetDetail {
  readonly targets: readonly { readonly state: string }[];
}

export interface Succession {
  readonly key: string;
  readonly predecessors: readonly ObservedResource[];
  /** Undefined until AWS has made it. */
  readonly successor: ObservedResource | undefined;
  /** Whether the successor serves at least as well as the predecessors do. */
  readonly isProven: boolean;
}

/** The target groups that are being replaced. */
export function successionsOf(
  desired: readonly DesiredResource[],
  current: ReadonlyMap<string, ObservedResource>,
  orphans: readonly ObservedResource[],
): Succession[] {
  return desired
    .filter((resource) => resource.kind === "targetGroup")
    .flatMap((resource) => {
      const predecessors = orphans.filter(
        (orphan) => orphan.kind === "targetGroup" && orphan.key === resource.key,
      );
      if (predecessors.length === 0) return [];
      const successor = current.get(resource.key);
      return [{ key: resource.key, predecessors, successor, isProven: isProven(successor, predecessors) }];
    });
}

function isProven(
  successor: ObservedResource | undefined,
  predecessors: readonly ObservedResource[],
): boolean {
  if (successor === undefined) return false;
  if (predecessors.every((predecessor) => targetsOf(predecessor).length === 0)) return true;
  const healthyBefore = Math.max(...predecessors.map(healthyTargets));
  return healthyTargets(successor) >= Math.max(1, healthyBefore);
}

function targetsOf(targetGroup: ObservedResource): TargetDetail["targets"] {
  return (targetGroup.detail as TargetDetail).targets;
}

function healthyTargets(targetGroup: ObservedResource): number {
  return targetsOf(targetGroup).filter((target) => target.state === "healthy").length;
}

/** The desired resources as they have to be at this point of the successions. */
export function onTheWay(
  desired: readonly DesiredResource[],
  successions: readonly Succession[],
  current: ReadonlyMap<string, ObservedResource>,
  observed: readonly ObservedResource[],
): DesiredResource[] {
  if (successions.length === 0) return [...desired];
  return desired.map((resource) => {
    const now = current.get(resource.key);
    if (now === undefined) return resource;
    if (resource.kind === "listener") return withActionOnTheWay(resource, "defaultAction", successions, now);
    if (resource.kind === "rule") return withActionOnTheWay(resource, "action", successions, now);
    if (resource.kind === "autoScalingGroup") return withGroupOnTheWay(resource, successions, now, observed);
    return resource;
  });
}

/**
 * The predecessor keeps the traffic; the successor is attached with weight 0, because only a target group that a
 * listener uses is checked (docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html).
 */
function withActionOnTheWay(
  resource: DesiredResource,
  field: string,
  successions: readonly Succession[],
  now: ObservedResource,
): DesiredResource {
  const action = resource.fields[field];
  const open = successions.filter((succession) => succession.successor !== undefined && !succession.isProven);
  if (action === undefined || action === null || typeof action !== "object" || Array.isArray(action))
    return resource;
  const { targetGroups } = action;
  if (targetGroups === null || typeof targetGroups !== "object" || Array.isArray(targetGroups))
    return resource;
  const entries = (targetGroups?.$set ?? []) as Record<string, Value>[];
  const kept = open.flatMap((succession) => {
    const serving = succession.predecessors.find((predecessor) => now.refersTo.includes(predecessor.id));
    return serving === undefined ? [] : [{ key: succession.key, predecessor: serving }];
  });
  if (kept.length === 0) return resource;
  const next = entries.flatMap((entry) => {
    const weight = entry.weight ?? 1;
    const held = kept.find(({ key }) =>
      referencesIn(entry.arn ?? null).some((reference) => reference.key === key),
    );
    if (held === undefined) return [{ ...entry, weight }];
    return [
      { arn: held.predecessor.id, weight },
      { ...entry, weight: 0 },
    ];
  });
  return {
    ...resource,
    fields: { ...resource.fields, [field]: { ...action, targetGroups: { $set: next } } },
  };
}

/**
 * Instances serve both target groups until the traffic has moved. Meanwhile the group looks at EC2's checks only:
 * with ELB checks, an instance that fails in *any* attached target group is replaced, and a successor that turns
 * out not to work would take the whole group down.
 */
function withGroupOnTheWay(
  resource: DesiredResource,
  successions: readonly Succession[],
  now: ObservedResource,
  observed: readonly ObservedResource[],
): DesiredResource {
  const wanted = referencesIn(resource.fields.targetGroups ?? null).map((reference) => reference.key);
  const users = observed.filter((other) => other.kind === "listener" || other.kind === "rule");
  const held = successions
    .filter((succession) => wanted.includes(succession.key))
    .flatMap((succession) => succession.predecessors)
    .filter((predecessor) => now.refersTo.includes(predecessor.id))
    .filter((predecessor) => users.some((user) => user.refersTo.includes(predecessor.id)));
  if (held.length === 0) return resource;
  const entries = ((resource.fields.targetGroups as { $set: Value[] }).$set ?? []) as Value[];
  return {
    ...resource,
    fields: {
      ...resource.fields,
      healthCheckType: "EC2",
      targetGroups: { $set: [...entries, ...held.map((predecessor) => predecessor.id)] },
    },
  };
}
