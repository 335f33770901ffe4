/** What was forecast, for people to look at. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { groupNamed, invalid, type State } from "../state.ts";

export function forecastOperations(state: State) {
  return {
    GetPredictiveScalingForecast(
      input: asg.GetPredictiveScalingForecastType,
    ): asg.GetPredictiveScalingForecastAnswer {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const { PolicyName: name = "" } = input;
      const policy = [...group.policies.values()].find((one) => one.name === name || one.arn === name);
      const { forecast } = policy ?? {};
      const [specification] = policy?.input.PredictiveScalingConfiguration?.MetricSpecifications ?? [];
      // AWS's words are not known.
      if (forecast?.updatedAtMs === undefined || specification === undefined)
        throw invalid(
          `No forecast is available yet for policy ${name}: a minimum of 24 hours of data is required.`,
        );
      return {
        LoadForecast: [{ ...within(forecast.load, input), MetricSpecification: specification }],
        CapacityForecast: within(forecast.capacity, input),
        UpdateTime: new Date(forecast.updatedAtMs),
      };
    },
  };
}

/** From the start on, and before the end. autoscaling/forecast-range */
function within(
  hours: ReadonlyMap<number, number>,
  { StartTime, EndTime }: asg.GetPredictiveScalingForecastType,
): { Timestamps: Date[]; Values: number[] } {
  const fromMs = StartTime?.getTime() ?? 0;
  const toMs = EndTime?.getTime() ?? 0;
  const asked = [...hours].filter(([atMs]) => atMs >= fromMs && atMs < toMs).sort(([a], [b]) => a - b);
  return { Timestamps: asked.map(([atMs]) => new Date(atMs)), Values: asked.map(([, value]) => value) };
}
