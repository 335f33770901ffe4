/**
 * An Auto Scaling group while traffic moves: its instances stay with whoever still sends them requests, and no rollout
 * takes instances away while nobody can say whether those that are left serve.
 */
import type { Address } from "../../model/address.ts";
import type { Value } from "../../model/value.ts";
import { addressesIn } from "../core/references.ts";
import type { DesiredResource, Fields, ObservedResource } from "../core/resource.ts";
import { placelessIn } from "./direct-registration.ts";
import { type CutoverState, isChecked, type UnreadyTargetGroup } from "./target-group-readiness.ts";

/**
 * Where a group stands. Each phase says what the group is attached to, which health check it goes by, and whether a
 * rollout may begin.
 *
 * - `steady`: as the spec says in all three. Entered when nothing moves.
 * - `waiting for a target group`: one that it is to fill is still to be made. Attached to the others, its own check; no
 *   rollout, because the new one may need the present instances as soon as it is there. Left when AWS has made it.
 * - `leaving`: somebody still forwards to a target group that it is to leave. Attached to that one as well, its own check,
 *   rollouts go on. Left when nobody forwards to it any more.
 * - `warming up`: it fills a target group that is not ready, beside others. Attached to both; EC2's check, because with
 *   ELB's an instance that fails in *any* attached target group is replaced, and a new target group that turns out not
 *   to work would take the whole group down. A rollout begins only when it is known how the present instances fare in
 *   the new one. Left when the target group is ready, or is given up.
 * - `draining`: a target group that is being replaced, or that it has warmed up beside, still gets requests. Attached to
 *   it as well; EC2's check and the same condition for a rollout as in `warming up`. Left when the requests have left the
 *   old one, which is detached before the group looks at ELB's checks again.
 * - `refreshing`: a refresh is under way in one of these two, and AWS takes no target group meanwhile. Everything
 *   stays; a refresh that counts on ELB's checks is stopped, and begun anew afterwards.
 */
export type ScalingGroupPhase =
  | "steady"
  | "waiting for a target group"
  | "leaving"
  | "warming up"
  | "draining"
  | "refreshing";

/** The target groups that are not ready, and the ids of those for which requests are held. */
export interface Unready {
  readonly unready: readonly UnreadyTargetGroup[];
  readonly awaited: ReadonlySet<string>;
}

/** What the phase of a group follows from. */
interface Surroundings {
  readonly now: ObservedResource | undefined;
  /** Ids (or addresses, of those still to be made) of the target groups that it is to fill. */
  readonly wanted: readonly string[];
  /** Ids of attached target groups that it is to leave, and that still get requests. */
  readonly leaving: readonly string[];
  readonly phase: ScalingGroupPhase;
}

/** Each group as it has to be at this point, and its phase. */
export function scalingGroupsDuringCutover(
  state: CutoverState,
  unready: Unready,
): ReadonlyMap<Address, { readonly desired: DesiredResource; readonly phase: ScalingGroupPhase }> {
  return new Map(
    state.desired
      .filter(({ kind }) => state.kindNamed(kind).traits.registersIn !== undefined)
      .map((resource) => {
        const surroundings = surroundingsOf(resource, state, unready);
        const desired = inPhase(resource, surroundings, state, unready);
        return [resource.address, { desired, phase: surroundings.phase }];
      }),
  );
}

function inPhase(
  resource: DesiredResource,
  { now, wanted, leaving, phase }: Surroundings,
  state: CutoverState,
  unready: Unready,
): DesiredResource {
  const field = registrationOf(state, resource);
  const { rolledAlong } = state.kindNamed(resource.kind);
  const applied = state.applied.get(resource.address) ?? {};
  const entries = (resource.fields[field] as { readonly $set?: readonly Value[] } | undefined)?.$set ?? [];
  const placeless = placelessIn(state, resource, entries, leaving.length);
  const staying = entries.filter((entry) => !placeless.includes(entry));
  const fields = { ...resource.fields, [field]: { $set: [...staying, ...leaving] } };
  switch (phase) {
    case "steady":
      return resource;
    case "leaving":
      return { ...resource, fields };
    case "waiting for a target group":
      return { ...resource, fields: withoutRollout(rolledAlong?.isOne, fields, now, applied) };
    case "refreshing":
      return { ...resource, fields: { ...fields, ...refreshEnds(field, now, applied) } };
    case "warming up":
    case "draining": {
      const own = unready.unready.filter(({ id }) => wanted.includes(id));
      // A group that has yet to be made has no rollout to wait with.
      const mayRoll = now === undefined || !rolloutMustWait(state, own, leaving);
      return {
        ...resource,
        settings: patientSettings(resource),
        fields: {
          ...(mayRoll ? fields : withoutRollout(rolledAlong?.isOne, fields, now, applied)),
          healthCheckType: withoutTargetChecks(fields.healthCheckType),
        },
      };
    }
  }
}

/** Whether the checks of the target groups count, among those that the group looks at: `EBS,ELB`. */
function heedsTargetChecks(types: Value | undefined): boolean {
  return typesIn(types).includes("ELB");
}

/** What else it looks at counts on. */
function withoutTargetChecks(types: Value | undefined): string {
  return (
    typesIn(types)
      .filter((type) => type !== "ELB")
      .join(",") || "EC2"
  );
}

function typesIn(types: Value | undefined): readonly string[] {
  return typeof types === "string" ? types.split(",") : [];
}

function registrationOf({ kindNamed }: CutoverState, { kind }: DesiredResource): string {
  const { registersIn } = kindNamed(kind).traits;
  if (registersIn === undefined) throw new Error(`a ${kind} registers its instances in nothing`);
  return registersIn;
}

function surroundingsOf(resource: DesiredResource, state: CutoverState, { awaited }: Unready): Surroundings {
  const { current, observation, replacements } = state;
  const now = current.get(resource.address);
  const addresses = addressesIn(resource.fields[registrationOf(state, resource)]);
  const wanted = addresses.map((address) => current.get(address)?.id ?? address);
  const predecessors = replacements.flatMap((replacement) => replacement.predecessors.map(({ id }) => id));
  const attached = observation.resources.filter(
    ({ targetSet, id }) => targetSet !== undefined && now?.refersTo.includes(id) === true,
  );
  const leaving = attached.filter((item) => isBeingLeft(state, item, predecessors.includes(item.id)));
  const ids = leaving.map(({ id }) => id);
  const isTrying = wanted.some((id) => awaited.has(id));
  const servesOthers = [...wanted, ...attached.map(({ id }) => id)].some((id) => !awaited.has(id));
  const isWarmingUp = isTrying && servesOthers;
  const isDraining =
    ids.some((id) => predecessors.includes(id)) ||
    (ids.length > 0 && now !== undefined && !heedsTargetChecks(now.fields.healthCheckType));
  const isIncomplete = attached.length > 0 && addresses.some((address) => !current.has(address));
  const phase = phaseOf({
    isWarmingUp,
    isDraining,
    isIncomplete,
    isLeaving: ids.length > 0,
    isThere: now !== undefined,
    isRefreshing: now?.lifecycle === "provisioning",
  });
  return { now, wanted, leaving: ids, phase };
}

function phaseOf(facts: {
  readonly isWarmingUp: boolean;
  readonly isDraining: boolean;
  readonly isIncomplete: boolean;
  readonly isLeaving: boolean;
  readonly isThere: boolean;
  readonly isRefreshing: boolean;
}): ScalingGroupPhase {
  const { isWarmingUp, isDraining, isIncomplete, isLeaving, isThere, isRefreshing } = facts;
  if (isWarmingUp || isDraining) return isRefreshing ? "refreshing" : isWarmingUp ? "warming up" : "draining";
  if (isIncomplete && isThere && !isRefreshing) return "waiting for a target group";
  return isLeaving ? "leaving" : "steady";
}

/** What was applied, so that a change by hand is drift; of a group whose instances are of several versions, nothing. */
function withoutRollout(
  isAlong: ((field: string) => boolean) | undefined,
  { launchTemplate: _wanted, ...all }: Fields,
  now: ObservedResource | undefined,
  applied: Fields,
): Fields {
  const fields = Object.fromEntries(
    Object.entries(all).flatMap(([field, wanted]): [string, Value][] => {
      if (isAlong?.(field) !== true) return [[field, wanted]];
      const before = applied[field] ?? now?.fields[field];
      return before === undefined ? [] : [[field, before]];
    }),
  );
  const live = now?.fields.launchTemplate as { readonly version?: Value } | undefined;
  const isOfOne = live !== undefined && live.version === now?.fleet?.template?.version;
  const launchTemplate = applied.launchTemplate ?? (isOfOne ? now?.fields.launchTemplate : undefined);
  return { ...fields, ...(launchTemplate === undefined ? {} : { launchTemplate }) };
}

const UNDER_WAY: readonly string[] = ["Pending", "InProgress"];

/**
 * While AWS refreshes the instances it takes no other target groups
 * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html, InstanceRefreshInProgress).
 * A refresh that counts on the load balancer's checks must not go on without them either: it is stopped, by wanting the
 * version that the group still names, and begun anew when the target group is ready.
 */
function refreshEnds(field: string, now: ObservedResource | undefined, applied: Fields): Fields {
  const asItIs = { ...now?.fields, ...applied };
  const { healthCheckType = "EC2" } = asItIs;
  const named = now?.fleet?.template;
  const isStoppable =
    heedsTargetChecks(healthCheckType) &&
    UNDER_WAY.includes(now?.fleet?.refresh?.status ?? "") &&
    named !== undefined;
  const launchTemplate = isStoppable ? { ...named } : now?.fields.launchTemplate;
  return {
    [field]: { $set: asItIs[field] ?? [] },
    healthCheckType,
    ...(launchTemplate === undefined ? {} : { launchTemplate }),
  };
}

/**
 * A rollout begins when it is known how the present instances fare in the target group that is not ready: they may be
 * what it needs, and a rollout that takes one away then waits for nothing. Where they fail there, the new version is
 * the way on. What nobody forwards to is never checked. With nothing left to wait for, the traffic is about to move, and
 * the rollout comes after it.
 */
function rolloutMustWait(
  { kindNamed, desired, observation }: CutoverState,
  unready: readonly UnreadyTargetGroup[],
  leaving: readonly string[],
): boolean {
  const used = new Set(
    desired.flatMap(({ kind, fields }) => {
      const { forwardField } = kindNamed(kind).traits;
      return forwardField === undefined ? [] : addressesIn(fields[forwardField]);
    }),
  );
  const judged = unready.filter(({ address }) => used.has(address));
  if (judged.length === 0) {
    const users = observation.resources.filter(
      ({ kind, owned }) => owned && kindNamed(kind).traits.forwardField !== undefined,
    );
    return leaving.some((id) => users.some((user) => user.refersTo.includes(id)));
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

/**
 * Whether something of ours still forwards to it, and is not meant to; what a predecessor serves, it serves for anybody.
 * A load balancer that is to go has the word of AWS, too: one of its listeners may be missing from a list.
 */
function isBeingLeft(
  { kindNamed, desired, current, observation }: CutoverState,
  targetGroup: ObservedResource,
  isPredecessor: boolean,
): boolean {
  const { resources } = observation;
  const staying = new Set([...current.values()].map(({ id }) => id));
  const isServedByLeaver = resources.some(
    ({ kind, id }) =>
      kindNamed(kind).traits.isEntrance === true &&
      !staying.has(id) &&
      targetGroup.targetSet?.loadBalancers.includes(id) === true,
  );
  if (isPredecessor && isServedByLeaver) return true;
  return resources.some((user) => {
    const { forwardField } = kindNamed(user.kind).traits;
    if (forwardField === undefined || !user.refersTo.includes(targetGroup.id)) return false;
    const wanted = desired.find((resource) => current.get(resource.address)?.id === user.id);
    const goal = addressesIn(wanted?.fields[forwardField]).map((address) => current.get(address)?.id);
    return (user.owned || isPredecessor) && !goal.includes(targetGroup.id);
  });
}
