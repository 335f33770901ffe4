/** What Auto Scaling refuses of instance refreshes. */
import type { RefreshPreferences, StartInstanceRefreshType } from "@aws-sdk/client-auto-scaling";
import { enumeration, isNoneOf, isOutside, type RefusalRule, refusals } from "../../account/refusals.ts";
import type { State } from "../state.ts";

const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";
const STRATEGIES = ["Rolling", "ReplaceRootVolume"];
const PROTECTED_CHOICES = ["Refresh", "Ignore", "Wait"];
const STANDBY_CHOICES = ["Terminate", "Ignore", "Wait"];
const LONGEST_SECONDS = 172_800;

function ofPreferences(
  said: (preferences: RefreshPreferences) => string | boolean | undefined,
): (input: StartInstanceRefreshType) => string | boolean | undefined {
  return ({ Preferences: preferences }) => preferences !== undefined && said(preferences);
}

const between = (name: string, value: unknown, least: number, most: number): string =>
  `${name} must be between ${least} and ${most}, and is ${value}.`;

export const REFRESH_RULES: readonly RefusalRule<State>[] = refusals<StartInstanceRefreshType, State>(
  {
    prefix: "autoscaling",
    operations: ["StartInstanceRefresh"],
    code: "ValidationError",
    page: `${API}/API_RefreshPreferences.html`,
  },
  [
    [
      "refresh-strategy",
      "The strategy of a refresh is Rolling or ReplaceRootVolume.",
      ({ Strategy: strategy }) =>
        isNoneOf(strategy, STRATEGIES) && enumeration("strategy", strategy, STRATEGIES),
    ],
    [
      "refresh-min-healthy",
      "The minimum healthy percentage of a refresh is 0 to 100.",
      ofPreferences(
        ({ MinHealthyPercentage: min }) =>
          isOutside(min, 0, 100) && between("MinHealthyPercentage", min, 0, 100),
      ),
    ],
    [
      "refresh-max-healthy",
      "The maximum healthy percentage of a refresh is 100 to 200.",
      ofPreferences(
        ({ MaxHealthyPercentage: max }) =>
          isOutside(max, 100, 200) && between("MaxHealthyPercentage", max, 100, 200),
      ),
    ],
    [
      "refresh-max-without-min",
      "A maximum healthy percentage is given with a minimum one.",
      ofPreferences(
        ({ MinHealthyPercentage: min, MaxHealthyPercentage: max }) =>
          max !== undefined &&
          min === undefined &&
          "MinHealthyPercentage must be specified when MaxHealthyPercentage is specified.",
      ),
    ],
    [
      "refresh-healthy-apart",
      "The healthy percentages of a refresh are at most 100 apart.",
      ofPreferences(
        ({ MinHealthyPercentage: min, MaxHealthyPercentage: max }) =>
          min !== undefined &&
          max !== undefined &&
          max - min > 100 &&
          "The difference between MaxHealthyPercentage and MinHealthyPercentage cannot be greater than 100.",
      ),
    ],
    [
      "refresh-warmup",
      "The warm-up of a refresh is not negative.",
      ofPreferences(
        ({ InstanceWarmup: seconds }) =>
          isOutside(seconds, 0, 2_147_483_647) && between("InstanceWarmup", seconds, 0, 2_147_483_647),
      ),
    ],
    [
      "refresh-checkpoints",
      "Checkpoints are percentages from 1 to 100, each above the one before.",
      ofPreferences(({ CheckpointPercentages: checkpoints = [] }) => {
        const isAscending = checkpoints.every(
          (value, index) => index === 0 || value > (checkpoints[index - 1] ?? 0),
        );
        return (
          (!isAscending || checkpoints.some((value) => isOutside(value, 1, 100))) &&
          "CheckpointPercentages must be unique, ascending and between 1 and 100."
        );
      }),
    ],
    [
      "refresh-checkpoint-delay",
      "The delay at checkpoints is 0 to 172800 seconds.",
      ofPreferences(
        ({ CheckpointDelay: seconds }) =>
          isOutside(seconds, 0, LONGEST_SECONDS) && between("CheckpointDelay", seconds, 0, LONGEST_SECONDS),
      ),
    ],
    [
      "refresh-delay-without-checkpoints",
      "A delay is given with checkpoints.",
      ofPreferences(
        ({ CheckpointDelay: seconds, CheckpointPercentages: checkpoints = [] }) =>
          seconds !== undefined &&
          checkpoints.length === 0 &&
          "CheckpointDelay requires CheckpointPercentages.",
      ),
    ],
    [
      "refresh-bake-time",
      "The bake time of a refresh is 0 to 172800 seconds.",
      ofPreferences(
        ({ BakeTime: seconds }) =>
          isOutside(seconds, 0, LONGEST_SECONDS) && between("BakeTime", seconds, 0, LONGEST_SECONDS),
      ),
    ],
    [
      "refresh-protected",
      "Instances protected from scale-in are refreshed, ignored or waited for.",
      ofPreferences(
        ({ ScaleInProtectedInstances: choice }) =>
          isNoneOf(choice, PROTECTED_CHOICES) &&
          enumeration("preferences.scaleInProtectedInstances", choice, PROTECTED_CHOICES),
      ),
    ],
    [
      "refresh-standby",
      "Instances in standby are terminated, ignored or waited for.",
      ofPreferences(
        ({ StandbyInstances: choice }) =>
          isNoneOf(choice, STANDBY_CHOICES) &&
          enumeration("preferences.standbyInstances", choice, STANDBY_CHOICES),
      ),
    ],
    [
      "refresh-alarms",
      "A refresh watches at most 10 alarms.",
      ofPreferences(
        ({ AlarmSpecification: alarms }) =>
          (alarms?.Alarms ?? []).length > 10 && "At most 10 alarms can be specified for an instance refresh.",
      ),
    ],
  ],
);
