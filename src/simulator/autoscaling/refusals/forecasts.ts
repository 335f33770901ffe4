/** What Auto Scaling refuses of questions for forecasts. */
import type { GetPredictiveScalingForecastType } from "@aws-sdk/client-auto-scaling";
import { constraint, type RefusalRule, refusals } from "../../account/refusals.ts";
import type { State } from "../state.ts";

const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";
const DAY_MS = 86_400_000;
const LONGEST_MS = 30 * DAY_MS;
const OLDEST_MS = 365 * DAY_MS;

type Get = GetPredictiveScalingForecastType;

export const FORECAST_RULES: readonly RefusalRule<State>[] = refusals<Get, State>(
  {
    prefix: "autoscaling",
    operations: ["GetPredictiveScalingForecast"],
    code: "ValidationError",
    page: `${API}/API_GetPredictiveScalingForecast.html`,
  },
  [
    [
      "forecast-range-missing",
      "A forecast is asked for with a start and an end.",
      ({ StartTime, EndTime }) =>
        (StartTime === undefined || EndTime === undefined) &&
        constraint(StartTime === undefined ? "startTime" : "endTime", undefined, "Member must not be null"),
    ],
    [
      "forecast-range-order",
      "The start of a range of forecasts is before its end.",
      ({ StartTime, EndTime }) =>
        isKnown(StartTime, EndTime) && StartTime! >= EndTime! && "StartTime must be before EndTime.",
    ],
    [
      "forecast-range-length",
      "A range of forecasts is of 30 days at most.",
      ({ StartTime, EndTime }) =>
        isKnown(StartTime, EndTime) &&
        EndTime!.getTime() - StartTime!.getTime() > LONGEST_MS &&
        "The maximum time duration between StartTime and EndTime is 30 days.",
    ],
    [
      "forecast-range-age",
      "A range of forecasts begins a year ago at most.",
      ({ StartTime }, { context }) =>
        StartTime !== undefined &&
        StartTime.getTime() < context.clock.nowMs() - OLDEST_MS &&
        "StartTime can be at most one year before the current date and time.",
    ],
    [
      "forecast-policy",
      "Forecasts are a predictive policy's of the group.",
      ({ AutoScalingGroupName = "", PolicyName: name = "" }, { groups }) => {
        const group = groups.get(AutoScalingGroupName);
        if (group === undefined) return false;
        const policy = [...group.policies.values()].find((one) => one.name === name || one.arn === name);
        if (policy === undefined) return `Policy ${name} not found.`;
        return (
          policy.type !== "PredictiveScaling" &&
          `GetPredictiveScalingForecast is not supported for policies of type ${policy.type}.`
        );
      },
    ],
  ],
);

function isKnown(...times: readonly (Date | undefined)[]): boolean {
  return times.every((time) => time !== undefined);
}
