/** The scaling activities of a group: what a person reads to learn what Auto Scaling did, and why. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { uuidFrom } from "../account/ids.ts";
import { pageOf } from "../account/paging.ts";
import { notify } from "./notifications/publish.ts";
import {
  ACTIVITIES_PER_GROUP,
  ACTIVITY_RETENTION_MS,
  anyGroupNamed,
  type Group,
  invalid,
  type State,
  stamp,
} from "./state.ts";

/** A new activity, in progress. */
export function beginActivity(
  state: State,
  group: Group,
  activity: {
    description: string;
    cause: string;
    status?: asg.ScalingActivityStatusCode;
    progress?: number;
    details?: object;
  },
): asg.Activity {
  const nowMs = state.context.clock.nowMs();
  const begun: asg.Activity = {
    ActivityId: uuidFrom(state.context),
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    Description: activity.description,
    Cause: activity.cause,
    StartTime: new Date(nowMs),
    StatusCode: activity.status ?? "InProgress",
    Progress: activity.progress ?? 0,
    Details: JSON.stringify(activity.details ?? {}),
  };
  group.activities.push(begun);
  forget(group, nowMs);
  return begun;
}

export function endActivity(
  state: State,
  activity: asg.Activity,
  status: "Successful" | "Failed" | "Cancelled",
  message?: string,
): void {
  activity.EndTime = new Date(state.context.clock.nowMs());
  activity.StatusCode = status;
  activity.Progress = 100;
  if (message !== undefined) activity.StatusMessage = message;
}

/**
 * A launch that EC2 refused, in its words, as Auto Scaling passes them on: autoscaling/failed-launch,
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-instancelaunchfailure.html
 */
export function failedLaunch(
  state: State,
  group: Group,
  cause: string,
  reason: string,
  details: object,
): void {
  const activity = beginActivity(state, group, {
    description: `Launching a new EC2 instance.  Status Reason: ${reason} Launching EC2 instance failed.`,
    cause,
    details,
  });
  endActivity(state, activity, "Failed", `${reason} Launching EC2 instance failed.`);
  notify(state, group, "autoscaling:EC2_INSTANCE_LAUNCH_ERROR", activity);
}

/** `At <now> <what>.` */
export function causeAt(state: State, what: string): string {
  return `At ${stamp(state.context.clock.nowMs())} ${what}.`;
}

function forget(group: Group, nowMs: number): void {
  const oldest = nowMs - ACTIVITY_RETENTION_MS;
  const first = group.activities[0];
  const isTooOld = first !== undefined && first.StartTime!.getTime() < oldest;
  if (isTooOld) group.activities = group.activities.filter((one) => one.StartTime!.getTime() >= oldest);
  if (group.activities.length > ACTIVITIES_PER_GROUP) group.activities.splice(0, 1);
}

/** Keeps what a deleted group has done. autoscaling/activities-of-deleted-groups */
export function keepActivities(state: State, group: Group): void {
  for (const activity of group.activities) activity.AutoScalingGroupState = "Deleted";
  state.deletedActivities = [...state.deletedActivities, ...group.activities].slice(-ACTIVITIES_PER_GROUP);
}

export function activityOperations(state: State) {
  return {
    DescribeScalingActivities(input: asg.DescribeScalingActivitiesType): asg.ActivitiesType {
      const page = pageOf(
        wanted(state, input),
        (activity) => activity.ActivityId ?? "",
        { token: input.NextToken, size: pageSize(input.MaxRecords, 100) },
        "InvalidNextToken",
      );
      return { Activities: [...page.items], NextToken: page.next };
    },
  };
}

function wanted(state: State, input: asg.DescribeScalingActivitiesType): asg.Activity[] {
  const name = input.AutoScalingGroupName;
  const filters = (input.Filters ?? []).map((filter) => activityFilter(filter, name !== undefined));
  const isKnown = name === undefined || state.groups.has(name);
  if (!isKnown && input.IncludeDeletedGroups !== true) anyGroupNamed(state, name);
  const alive = [...state.groups.values()].flatMap((group) => group.activities);
  const all = input.IncludeDeletedGroups === true ? [...alive, ...state.deletedActivities] : alive;
  const oldest = state.context.clock.nowMs() - ACTIVITY_RETENTION_MS;
  return all
    .filter((activity) => name === undefined || activity.AutoScalingGroupName === name)
    .filter((activity) => input.ActivityIds?.includes(activity.ActivityId ?? "") ?? true)
    .filter((activity) => activity.StartTime!.getTime() >= oldest)
    .filter((activity) => filters.every((passes) => passes(activity)))
    .map((activity, index) => ({ activity, index }))
    .sort(
      (a, b) =>
        Number(a.activity.EndTime !== undefined) - Number(b.activity.EndTime !== undefined) ||
        b.activity.StartTime!.getTime() - a.activity.StartTime!.getTime() ||
        b.index - a.index,
    )
    .map(({ activity }) => activity);
}

/** autoscaling/activity-filters @throws AwsError for a filter that AWS does not have, or not so */
function activityFilter(filter: asg.Filter, ofGroup: boolean): (activity: asg.Activity) => boolean {
  const values = filter.Values ?? [];
  switch (filter.Name) {
    case "Status":
      if (!ofGroup) throw invalid("The Status filter requires AutoScalingGroupName.");
      return (activity) => values.includes(activity.StatusCode ?? "");
    case "StartTimeLowerBound":
      return (activity) => activity.StartTime!.getTime() >= timeOf(values[0]);
    case "StartTimeUpperBound":
      return (activity) => activity.StartTime!.getTime() <= timeOf(values[0]);
    default:
      throw invalid(
        `Filter name ${filter.Name} is not valid. The valid names are: StartTimeLowerBound, StartTimeUpperBound, and Status.`,
      );
  }
}

/** ISO 8601; without an offset it is UTC. */
function timeOf(text = ""): number {
  const ms = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(ms)) throw invalid(`The timestamp ${text} is not in ISO 8601 format.`);
  return ms;
}

/** @throws AwsError when more is asked for than a page holds */
export function pageSize(asked: number | undefined, most: number, usual = most): number {
  if (asked === undefined) return usual;
  if (asked < 1 || asked > most) throw invalid(`MaxRecords must be between 1 and ${most}, and is ${asked}.`);
  return asked;
}
