/** Step and simple scaling: adjustments that an alarm sets off. */
import { sortedSet } from "../../core/references.ts";
import type { Fields } from "../../core/resource.ts";
import { number, optionalNumber, records, text } from "../field-values.ts";
import type { ScalingPolicySpec } from "./schema.ts";
import type { ScalingPolicy } from "./type.ts";

type StepScalingSpec = NonNullable<ScalingPolicySpec["stepScaling"]>;
type SimpleScalingSpec = NonNullable<ScalingPolicySpec["simpleScaling"]>;

export function stepFields(step: StepScalingSpec): Fields {
  return {
    adjustmentType: step.adjustmentType,
    metricAggregationType: step.metricAggregationType,
    ...given({ minAdjustmentMagnitude: step.minAdjustmentMagnitude }),
    stepAdjustments: sortedSet(step.stepAdjustments.map((adjustment) => ({ ...adjustment }))),
  };
}

export function simpleFields(simple: SimpleScalingSpec): Fields {
  return {
    adjustmentType: simple.adjustmentType,
    scalingAdjustment: simple.scalingAdjustment,
    ...given({
      cooldown: simple.cooldown,
      minAdjustmentMagnitude: simple.minAdjustmentMagnitude,
    }),
  };
}

export function stepInput(fields: Fields) {
  return {
    PolicyType: "StepScaling",
    AdjustmentType: text(fields, "adjustmentType"),
    MetricAggregationType: text(fields, "metricAggregationType"),
    ...magnitudeInput(fields),
    StepAdjustments: records(fields, "stepAdjustments").map((step) => ({
      MetricIntervalLowerBound: optionalNumber(step, "metricIntervalLowerBound"),
      MetricIntervalUpperBound: optionalNumber(step, "metricIntervalUpperBound"),
      ScalingAdjustment: number(step, "scalingAdjustment"),
    })),
  };
}

export function simpleInput(fields: Fields) {
  const cooldown = optionalNumber(fields, "cooldown");
  return {
    PolicyType: "SimpleScaling",
    AdjustmentType: text(fields, "adjustmentType"),
    ScalingAdjustment: number(fields, "scalingAdjustment"),
    ...(cooldown === undefined ? {} : { Cooldown: cooldown }),
    ...magnitudeInput(fields),
  };
}

function magnitudeInput(fields: Fields): { MinAdjustmentMagnitude?: number } {
  const magnitude = optionalNumber(fields, "minAdjustmentMagnitude");
  return magnitude === undefined ? {} : { MinAdjustmentMagnitude: magnitude };
}

export function observedSteps(item: ScalingPolicy): Fields {
  return {
    ...given({ adjustmentType: item.AdjustmentType }),
    metricAggregationType: item.MetricAggregationType ?? "Average",
    ...given({ minAdjustmentMagnitude: item.MinAdjustmentMagnitude }),
    stepAdjustments: sortedSet(
      (item.StepAdjustments ?? []).map((step) => ({
        ...given({
          metricIntervalLowerBound: step.MetricIntervalLowerBound,
          metricIntervalUpperBound: step.MetricIntervalUpperBound,
        }),
        scalingAdjustment: step.ScalingAdjustment ?? 0,
      })),
    ),
  };
}

export function observedSimple(item: ScalingPolicy): Fields {
  return given({
    adjustmentType: item.AdjustmentType,
    scalingAdjustment: item.ScalingAdjustment,
    cooldown: item.Cooldown,
    minAdjustmentMagnitude: item.MinAdjustmentMagnitude,
  });
}

/** Without what is not given. */
export function given<T extends string | number | boolean>(
  members: Readonly<Record<string, T | undefined>>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, T] => entry[1] !== undefined),
  );
}
