/** Of a scaling policy what the spec says of it, beside what AWS holds. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { type Json, listOf, mapOf, stepsOf } from "./oracle-values.ts";

/** The form of a policy in the spec, and the word that stands for it in the names that Holdfast gives. */
const WORDS = {
  targetTracking: "target",
  stepScaling: "step",
  simpleScaling: "simple",
  predictiveScaling: "predictive",
} as const;

export function typeWord(policy: Json): string {
  return Object.entries(WORDS).find(([form]) => policy[form] !== undefined)?.[1] ?? "none";
}

export function policyFacts(
  policy: Json,
  live: asg.ScalingPolicy,
): readonly [what: string, wanted: unknown[], found: unknown[]] {
  switch (typeWord(policy)) {
    case "target": {
      const { targetValue, predefinedMetricType, disableScaleIn } = mapOf(policy.targetTracking);
      const tracking = live.TargetTrackingConfiguration;
      return [
        "target",
        [targetValue, predefinedMetricType, disableScaleIn],
        [
          tracking?.TargetValue,
          tracking?.PredefinedMetricSpecification?.PredefinedMetricType,
          tracking?.DisableScaleIn ?? false,
        ],
      ];
    }
    case "simple": {
      const { adjustmentType, scalingAdjustment, cooldown } = mapOf(policy.simpleScaling);
      return [
        "adjustment",
        [adjustmentType, scalingAdjustment, cooldown],
        [live.AdjustmentType, live.ScalingAdjustment, live.Cooldown],
      ];
    }
    case "predictive": {
      const { mode, metricSpecifications } = mapOf(policy.predictiveScaling);
      const forecast = live.PredictiveScalingConfiguration;
      return [
        "forecast",
        [mode ?? "ForecastOnly", mapOf(listOf(metricSpecifications)[0]).targetValue],
        [forecast?.Mode ?? "ForecastOnly", forecast?.MetricSpecifications?.[0]?.TargetValue],
      ];
    }
    default: {
      const step = mapOf(policy.stepScaling);
      return [
        "steps",
        [step.adjustmentType, stepsOf(step.stepAdjustments)],
        [
          live.AdjustmentType,
          (live.StepAdjustments ?? []).map((item) => [
            item.MetricIntervalLowerBound,
            item.MetricIntervalUpperBound,
            item.ScalingAdjustment,
          ]),
        ],
      ];
    }
  }
}
