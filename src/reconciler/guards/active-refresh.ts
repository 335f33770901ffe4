/**
 * While AWS refreshes the instances of a group it takes no target groups, no other sources of traffic, and no warm pool
 * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutWarmPool.html and …/API_AttachTrafficSources.html,
 * InstanceRefreshInProgress). So what of it can be done before a refresh is done before, and what comes later waits. A
 * refresh waits for the alarms that are to stop it, too: AWS knows them by name, and looks at them from the beginning. Pure.
 */
import { type Action, type Call, callsOf, type Doable, verbOf } from "../core/actions.ts";
import type { HoldReason } from "../core/holds.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import type { ObservedResource } from "../core/resource.ts";
import { refreshPhase } from "../core/rollout/phase.ts";
import type { Guard } from "./guard.ts";

const START = "autoscaling:StartInstanceRefresh";
const UPDATE = "autoscaling:UpdateAutoScalingGroup";
/** Refused while one is active; AWS's names, for not all of them are calls of ours. */
const REFUSED: ReadonlySet<string> = new Set([
  "autoscaling:AttachLoadBalancers",
  "autoscaling:AttachLoadBalancerTargetGroups",
  "autoscaling:AttachTrafficSources",
  "autoscaling:PutWarmPool",
]);

/** Refused as well; a group that is seen to be refreshed is told to stop that first. */
const LOOKED_AT: ReadonlySet<string> = new Set([...REFUSED, START]);

/** The part of a call that is looked at. */
interface Asked {
  readonly AutoScalingGroupName?: string;
  readonly LaunchTemplate?: unknown;
  readonly MixedInstancesPolicy?: unknown;
  readonly Preferences?: { readonly AlarmSpecification?: { readonly Alarms?: readonly string[] } };
}

/** @param actions the whole plan that it guards */
export function activeRefresh(
  kindNamed: KindNamed,
  resources: readonly ObservedResource[],
  actions: readonly Action[],
): Guard {
  const busy = new Map(
    resources
      .filter(({ fleet }) => ["active", "ending"].includes(refreshPhase(fleet?.refresh)))
      .map((group) => [group.id, group.address] as const),
  );
  const reasonFor = (action: Doable, call: Call): HoldReason | undefined => {
    const group = groupOf(call);
    if (group === undefined) return undefined;
    if (isRefused(call) && busy.has(group)) return { because: "refresh active", group };
    return call.operation === START ? earlier(kindNamed, actions, action, call, group) : undefined;
  };
  return {
    stops: (action) => first(action.calls.map((call) => reasonFor(action, call))),
    lets: (action) => {
      const held = action.calls.filter((call) => reasonFor(action, call) !== undefined);
      const fields = new Set(held.flatMap(({ settles = [] }) => settles));
      return action.differences.filter(({ field }) => !fields.has(field));
    },
  };
}

/**
 * The group whose refreshes have to be asked for before this call is sent: where all instances run what the group names,
 * a pass does not ask for them, and somebody may replace them by the same version.
 */
export function groupToLookAt(
  resources: readonly ObservedResource[],
  call: Call,
): ObservedResource | undefined {
  const name = LOOKED_AT.has(call.operation) ? groupOf(call) : undefined;
  const group = resources.find(({ id, fleet }) => id === name && fleet !== undefined);
  return group?.fleet?.refresh === undefined && (group?.fleet?.instances.length ?? 0) > 0 ? group : undefined;
}

function first(reasons: readonly (HoldReason | undefined)[]): HoldReason | undefined {
  return reasons.find((reason) => reason !== undefined);
}

/** What has to be done before a refresh begins. */
function earlier(
  kindNamed: KindNamed,
  actions: readonly Action[],
  own: Doable,
  call: Call,
  group: string,
): HoldReason | undefined {
  const { Preferences } = call.input as Asked;
  const alarms = Preferences?.AlarmSpecification?.Alarms ?? [];
  const before = actions.find(
    (action) =>
      action.address !== own.address &&
      ((verbOf(action) === "create" &&
        kindNamed(action.kind).family === "alarms" &&
        alarms.includes(action.name)) ||
        (action.verb !== "wait" &&
          callsOf(action).some((other) => REFUSED.has(other.operation) && groupOf(other) === group))),
  );
  return before && { because: "comes later", than: before.address };
}

/** What a group launches is the refresh's meanwhile (…/ec2/userguide/instance-refresh-overview.html, Update restriction). */
function isRefused({ operation, input }: Call): boolean {
  const { LaunchTemplate, MixedInstancesPolicy } = input as Asked;
  const isLaunched = LaunchTemplate !== undefined || MixedInstancesPolicy !== undefined;
  return REFUSED.has(operation) || (operation === UPDATE && isLaunched);
}

function groupOf({ input }: Call): string | undefined {
  const { AutoScalingGroupName: group } = input as Asked;
  return group;
}
