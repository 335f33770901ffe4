/** What the situations are made of. */
export const at = (text: string) => new Date(text);

/** An action as AWS lists it. */
export const action = (ScheduledActionName: string, more: object) => ({ ScheduledActionName, ...more });
export const MORNING = action("morning", { Recurrence: "0 8 * * *", MinSize: 4, MaxSize: 12 });
export const EVENING = action("evening", { Recurrence: "0 20 * * *", MinSize: 1 });
export const NIGHT = action("night", { Recurrence: "0 6 * * *", MinSize: 0, MaxSize: 1, DesiredCapacity: 0 });
export const PEAK = action("peak", { Recurrence: "0 9 * * *", DesiredCapacity: 7 });
export const RUSH = action("rush", { Recurrence: "0 9 * * *", MinSize: 12 });

export const predictive = (more: object, policy: object = {}) => ({
  PolicyName: "ahead",
  PredictiveScalingConfiguration: {
    ...{
      MetricSpecifications: [],
      Mode: "ForecastAndScale",
      MaxCapacityBreachBehavior: "IncreaseMaxCapacity",
    },
    ...more,
  },
  ...policy,
});

/** What changed the desired capacity, in AWS's words. */
export const activity = (time: string, who: string, min: number, max: number) => ({
  StartTime: at(time),
  Cause:
    `At ${time} a ${who} update of AutoScalingGroup constraints to min: ${min}, max: ${max}, desired: 4 changing ` +
    `the desired capacity from 2 to 4.  At ${time} an instance was started in response to a difference between ` +
    "desired and actual capacity, increasing the capacity from 2 to 4.",
});

export const FIXED = { desiredCapacity: 3, desiredCapacityPolicy: "Fixed" };
export const S = "Spec =";
export const FREE = "Scaling free";
export const BY_ACTION = "ScheduledAction kept";
