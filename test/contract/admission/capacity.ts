import { type Row, row } from "./row.ts";

const ASG = "autoScalingGroups.web";
const ACTION = `${ASG}.scheduledActions.peak`;
const PEAK = { recurrence: "0 9 * * *", desiredCapacity: 4 };

/** Nothing scales it. */
const FIXED = {
  [`${ASG}.scalingPolicies`]: {},
  [`${ASG}.desiredCapacity`]: 3,
  [`${ASG}.desiredCapacityPolicy`]: "Fixed",
};
const onFixed = { beside: FIXED };
const CPU = { targetTracking: { predefinedMetricType: "ASGAverageCPUUtilization", targetValue: 70 } };

/** Whose the sizes of a group are must not be said twice. */
export const CAPACITY_ROWS: readonly Row[] = [
  row(`${ASG}.desiredCapacityPolicy`, "ours", "Sometimes", "Initial"),
  row(`${ASG}.desiredCapacity`, "ours", undefined, 3, onFixed),
  row(
    `${ACTION}.desiredCapacity`,
    "ours",
    PEAK,
    { recurrence: "0 9 * * *", minSize: 3 },
    {
      set: ACTION,
      ...onFixed,
    },
  ),
  row(`${ACTION}.minSize`, "ours", 4, 3, { beside: { ...FIXED, [ACTION]: { recurrence: "0 9 * * *" } } }),
  row(`${ACTION}.maxSize`, "ours", 2, 3, { beside: { ...FIXED, [ACTION]: { recurrence: "0 9 * * *" } } }),
  row(
    `${ASG}.scalingPolicies.cpu`,
    "ours",
    CPU,
    { ...CPU, enabled: false },
    {
      beside: { ...FIXED, [`${ASG}.scalingPolicies`]: { cpu: {} } },
    },
  ),
  row(`${ACTION}.desiredCapacity`, "ours", 11, 10, { beside: { [ACTION]: PEAK } }),
  row(`${ACTION}.desiredCapacity`, "ours", 1, 2, { beside: { [ACTION]: PEAK } }),
];
