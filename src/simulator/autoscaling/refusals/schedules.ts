/** What Auto Scaling refuses of scheduled actions. */
import type { PutScheduledUpdateGroupActionType } from "@aws-sdk/client-auto-scaling";
import { constraint, type RefusalRule, refusals } from "../../account/refusals.ts";
import { isTimeZone, nextTime, parseCron } from "../cron.ts";
import { firstTime } from "../schedule.ts";
import type { State } from "../state.ts";

const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";
const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";

type Put = PutScheduledUpdateGroupActionType;

const startOf = ({ StartTime, Time }: Put): number | undefined => (StartTime ?? Time)?.getTime();
const isKnownZone = ({ TimeZone: zone }: Put): boolean => zone === undefined || isTimeZone(zone);

/** Judged in a zone that there is: of another one its own rule tells. */
function recurs(text: string): boolean {
  try {
    return nextTime(parseCron(text), "Etc/UTC", 0) !== undefined;
  } catch {
    return false;
  }
}

const PUT = { prefix: "autoscaling", operations: ["PutScheduledUpdateGroupAction"], code: "ValidationError" };

const OF_THE_REFERENCE = refusals<Put, State>(
  { ...PUT, page: `${API}/API_PutScheduledUpdateGroupAction.html` },
  [
    [
      "scheduled-name",
      "The name of a scheduled action has 1 to 255 characters.",
      ({ ScheduledActionName: name = "" }) =>
        (name === "" || name.length > 255) &&
        constraint("scheduledActionName", name, "Member must have length between 1 and 255"),
    ],
    [
      "scheduled-name-characters",
      "The name of a scheduled action has no control characters but tabs and ends of lines.",
      ({ ScheduledActionName: name = "" }) =>
        !/^[\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}\r\n\t]*$/u.test(name) &&
        constraint(
          "scheduledActionName",
          name,
          "Member must satisfy regular expression pattern: [\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*",
        ),
    ],
    [
      "scheduled-sizes-missing",
      "A scheduled action sets one of the three sizes at least.",
      ({ MinSize: min, MaxSize: max, DesiredCapacity: desired }) =>
        min === undefined &&
        max === undefined &&
        desired === undefined &&
        "At least one of MinSize, MaxSize or DesiredCapacity must be specified.",
    ],
    [
      "scheduled-min-above-max",
      "The minimum that a scheduled action sets is not above the maximum that it sets.",
      ({ MinSize: min, MaxSize: max }) =>
        min !== undefined &&
        max !== undefined &&
        min > max &&
        `Min bound, ${min}, must be less than or equal to max bound, ${max}`,
    ],
    [
      "scheduled-desired-outside",
      "The desired capacity that a scheduled action sets is within the sizes that it sets.",
      ({ MinSize: min = 0, MaxSize: max = Number.POSITIVE_INFINITY, DesiredCapacity: desired }) =>
        desired !== undefined &&
        min <= max &&
        (desired < min || desired > max) &&
        "DesiredCapacity must be between MinSize and MaxSize.",
    ],
    [
      "scheduled-recurrence-length",
      "A recurrence has 1 to 255 characters.",
      ({ Recurrence: text }) =>
        text !== undefined &&
        (text === "" || text.length > 255) &&
        constraint("recurrence", text, "Member must have length between 1 and 255"),
    ],
    [
      "scheduled-recurrence",
      "A recurrence has the five fields of cron, and comes.",
      ({ Recurrence: text }) =>
        text !== undefined && !recurs(text) && `Given recurrence string: ${text} is invalid`,
    ],
    [
      "scheduled-time-zone",
      "The time zone of a recurrence is one of IANA's.",
      (input) => !isKnownZone(input) && `The time zone ${input.TimeZone} is not valid.`,
    ],
    [
      "scheduled-start-past",
      "A scheduled action does not start in the past.",
      (input, { context }) =>
        (startOf(input) ?? Number.POSITIVE_INFINITY) <= context.clock.nowMs() &&
        "Given start time is in the past",
    ],
    [
      "scheduled-end-order",
      "A scheduled action ends after it starts, and not in the past.",
      (input, { context }) =>
        (input.EndTime?.getTime() ?? Number.POSITIVE_INFINITY) <= (startOf(input) ?? context.clock.nowMs()) &&
        "Given end time is not after the start time",
    ],
  ],
);

const OF_THE_GUIDE = refusals<Put, State>(
  { ...PUT, page: `${GUIDE}/ec2-auto-scaling-scheduled-scaling.html` },
  [
    [
      "scheduled-time-missing",
      "A scheduled action recurs, or is due at a time.",
      (input) =>
        startOf(input) === undefined &&
        input.Recurrence === undefined &&
        "Either StartTime or Recurrence must be specified.",
    ],
    [
      "scheduled-unique-time",
      "No two scheduled actions of a group are due at one time.",
      (input, state) => {
        const others = [...(state.groups.get(input.AutoScalingGroupName ?? "")?.scheduled.values() ?? [])];
        const atMs = firstTime(input, state.context.clock.nowMs());
        return others.some(({ name, nextAtMs }) => name !== input.ScheduledActionName && nextAtMs === atMs);
      },
      "AlreadyExists",
    ],
  ],
);

export const SCHEDULE_RULES: readonly RefusalRule<State>[] = [...OF_THE_REFERENCE, ...OF_THE_GUIDE];
