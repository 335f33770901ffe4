/**
 * What sits on a group without tags of its own: scheduled actions, lifecycle hooks, notifications, the warm pool. In the histories
 * nobody else puts any there, so that whatever a group has is to be in the spec.
 */
import type { GroupView } from "./account-view.ts";
import { type Json, mapOf, sorted, text } from "./oracle-values.ts";

/** What is wanted of a part of a group, beside what AWS holds. */
type Facts = readonly [what: string, wanted: unknown, found: unknown];

export function partFacts(owner: string, wanted: Json, view: GroupView): Facts[] {
  return [
    scheduledActions(owner, wanted, view),
    lifecycleHooks(wanted, view),
    notifications(wanted, view),
    warmPool(wanted, view),
  ];
}

/** What the minimum or the maximum may be: as the spec has it, or as an action of the spec sets it once it is due. */
export function boundsOf(wanted: Json, bound: "minSize" | "maxSize"): unknown[] {
  const set = Object.values(mapOf(wanted.scheduledActions)).map((action) => mapOf(action)[bound]);
  return [wanted[bound], ...set.filter((size) => size !== undefined)];
}

function scheduledActions(owner: string, wanted: Json, { scheduledActions: found }: GroupView): Facts {
  const spec = Object.entries(mapOf(wanted.scheduledActions)).map(([name, value]) => {
    const { recurrence, timeZone, minSize, maxSize, desiredCapacity } = mapOf(value);
    const zone = timeZone ?? "Etc/UTC";
    return text([`${owner}/${name}`, recurrence, zone, minSize, maxSize, desiredCapacity]);
  });
  const live = found.map((action) => {
    const { ScheduledActionName: name, Recurrence, TimeZone = "Etc/UTC", MinSize, MaxSize } = action;
    return text([name, Recurrence, TimeZone, MinSize, MaxSize, action.DesiredCapacity]);
  });
  return ["scheduled actions", sorted(spec), sorted(live)];
}

/** By what they do: AWS allows few characters in their names, so that those are made up. */
function lifecycleHooks(wanted: Json, { lifecycleHooks: found }: GroupView): Facts {
  const spec = Object.values(mapOf(wanted.lifecycleHooks)).map((value) => {
    const { lifecycleTransition, heartbeatTimeout, defaultResult } = mapOf(value);
    return text([lifecycleTransition, heartbeatTimeout, defaultResult]);
  });
  const live = found.map(({ LifecycleTransition, HeartbeatTimeout, DefaultResult }) =>
    text([LifecycleTransition, HeartbeatTimeout, DefaultResult]),
  );
  return ["lifecycle hooks", sorted(spec), sorted(live)];
}

/** Who is told of what: a topic and a type are all that there is of one. */
function notifications(wanted: Json, { notifications: found }: GroupView): Facts {
  const spec = Object.values(mapOf(wanted.notifications)).flatMap((value) => {
    const { topicArn, notificationTypes } = mapOf(value);
    return (notificationTypes as string[]).map((type) => text([topicArn, type]));
  });
  const live = found.map(({ TopicARN, NotificationType }) => text([TopicARN, NotificationType]));
  return ["notifications", sorted(spec), sorted(live)];
}

function warmPool(wanted: Json, { it: { WarmPoolConfiguration: live } }: GroupView): Facts {
  const { minSize, maxGroupPreparedCapacity, poolState, instanceReusePolicy } = mapOf(wanted.warmPool);
  const spec =
    wanted.warmPool === undefined
      ? "none"
      : [minSize, maxGroupPreparedCapacity, poolState, mapOf(instanceReusePolicy).reuseOnScaleIn];
  const found =
    live === undefined
      ? "none"
      : [
          live.MinSize ?? 0,
          live.MaxGroupPreparedCapacity,
          live.PoolState ?? "Stopped",
          live.InstanceReusePolicy?.ReuseOnScaleIn ?? false,
        ];
  return ["warm pool", spec, found];
}
