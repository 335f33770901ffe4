/**
 * Scheduled actions, be they of the spec or of others, set the sizes of a group when their time comes
 * (docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html). What the last of them has set
 * is no drift. They are read only where a size is not what the spec says.
 */
import { type Address, scalingGroupAddress } from "../../../model/address.ts";
import type { Item, Reader } from "../kind.ts";
import type { WebServiceSpec } from "../web-service.ts";
import { keptByForecast } from "./forecast.ts";
import { lastTimeOf } from "./recurrence.ts";

type ScheduledAction = Item<"autoscaling:DescribeScheduledActions", "ScheduledUpdateGroupActions">;
type GroupSpec = WebServiceSpec["autoScalingGroups"][string];
type Sizes = { readonly minSize?: number | undefined; readonly maxSize?: number | undefined };

const SIZES = { minSize: "MinSize", maxSize: "MaxSize" } as const;

/**
 * Which sizes a scheduled action has set, or a forecast raised, and which one. @throws CloudError when the actions or
 * policies cannot be read
 */
export async function keptBySchedule(
  reader: Reader,
  group: { readonly AutoScalingGroupName?: string | undefined; readonly MinSize?: number | undefined } & {
    readonly MaxSize?: number | undefined;
  },
  spec: WebServiceSpec,
  address: Address | undefined,
): Promise<{ keptBy?: Record<string, string> }> {
  const wanted = Object.entries(spec.autoScalingGroups).find(
    ([child]) => scalingGroupAddress(child) === address,
  )?.[1];
  const live: Sizes = { minSize: group.MinSize, maxSize: group.MaxSize };
  if (wanted === undefined || group.AutoScalingGroupName === undefined) return {};
  if (wanted.minSize === live.minSize && wanted.maxSize === live.maxSize) return {};
  const { AutoScalingGroupName } = group;
  const actions = await reader.list(
    "autoscaling:DescribeScheduledActions",
    { AutoScalingGroupName, MaxRecords: 100 },
    (page) => page.ScheduledUpdateGroupActions,
  );
  const scheduled = keptBy([...actions, ...declaredOf(wanted.scheduledActions)], live, reader.nowMs());
  if (scheduled.keptBy?.maxSize !== undefined) return scheduled;
  const sizes = { wanted: wanted.maxSize, live: live.maxSize };
  const kept = { ...scheduled.keptBy, ...(await keptByForecast(reader, AutoScalingGroupName, sizes)) };
  return Object.keys(kept).length === 0 ? {} : { keptBy: kept };
}

/** Those of the spec as AWS shows them: what was due once it has dropped, and somebody may have taken one away. */
function declaredOf(declared: GroupSpec["scheduledActions"] = {}): ScheduledAction[] {
  return Object.entries(declared).map(
    ([name, { recurrence, timeZone, startTime, endTime, minSize, maxSize }]) => ({
      ScheduledActionName: name,
      Recurrence: recurrence,
      TimeZone: timeZone,
      ...(startTime === undefined ? {} : { StartTime: new Date(startTime) }),
      ...(endTime === undefined ? {} : { EndTime: new Date(endTime) }),
      MinSize: minSize,
      MaxSize: maxSize,
    }),
  );
}

/** Of each size the action that set it last, where it still has the value of that action. Pure. */
export function keptBy(
  actions: readonly ScheduledAction[],
  live: Sizes,
  nowMs: number,
): { keptBy?: Record<string, string> } {
  const fired = actions
    .flatMap((action) => {
      const atMs = firedAtMs(action, nowMs);
      return atMs === undefined ? [] : [{ action, atMs }];
    })
    .sort((a, b) => b.atMs - a.atMs);
  const kept = (["minSize", "maxSize"] as const).flatMap((field) => {
    const last = fired.find(({ action }) => action[SIZES[field]] !== undefined)?.action;
    const isIts = last !== undefined && last[SIZES[field]] === live[field];
    return isIts ? [[field, `the scheduled action ${last.ScheduledActionName ?? "?"}`] as const] : [];
  });
  return kept.length === 0 ? {} : { keptBy: Object.fromEntries(kept) };
}

/**
 * When it last set the sizes. AWS shows the next time of one that recurs as its StartTime; where that lies behind the next
 * time of its recurrence, it has not begun yet.
 */
function firedAtMs(
  { Recurrence, TimeZone = "Etc/UTC", StartTime, EndTime }: ScheduledAction,
  nowMs: number,
): number | undefined {
  const startMs = StartTime?.getTime();
  if (Recurrence === undefined) return startMs !== undefined && startMs <= nowMs ? startMs : undefined;
  const skipped = startMs === undefined ? undefined : lastTimeOf(Recurrence, TimeZone, startMs - 1);
  if (skipped !== undefined && skipped > nowMs) return undefined;
  const lastMs = lastTimeOf(Recurrence, TimeZone, Math.min(nowMs, EndTime?.getTime() ?? nowMs));
  // It is due at its start, too, be that a time of its recurrence or not.
  return startMs === undefined || startMs > nowMs ? lastMs : Math.max(startMs, lastMs ?? startMs);
}
