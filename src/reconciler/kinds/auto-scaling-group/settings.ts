/** Settings of a group that are changed as wholes, or by calls of their own. Pure. */
import type { Value } from "../../../model/value.ts";
import { type Call, callOf } from "../../core/actions.ts";
import { setOf, sortedSet } from "../../core/references.ts";
import type { Difference, Fields } from "../../core/resource.ts";
import { absentFields, type FieldInfo, fieldsOf, inputFrom } from "../field.ts";
import { texts } from "../field-values.ts";
import type { AutoScalingGroup } from "./fleet.ts";
import type { AutoScalingGroupSpec } from "./schema.ts";
import { groupSettingsSchema } from "./settings-schema.ts";

/** What clears a setting (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html). */
export const SETTING_DEFAULTS: Readonly<Record<string, Value>> = {
  ...absentFields(fieldsOf({ properties: groupSettingsSchema })),
  placementGroup: "",
  "instanceMaintenancePolicy.minHealthyPercentage": -1,
  "instanceMaintenancePolicy.maxHealthyPercentage": -1,
  "capacityReservationSpecification.capacityReservationTarget.capacityReservationIds": [],
  "capacityReservationSpecification.capacityReservationTarget.capacityReservationResourceGroupArns": [],
  enabledMetrics: [],
  suspendedProcesses: [],
};

/** Those that are compared as sets, and have calls of their own. */
const BY_OWN_CALLS = {
  suspendedProcesses: { add: "autoscaling:SuspendProcesses", remove: "autoscaling:ResumeProcesses" },
  enabledMetrics: {
    add: "autoscaling:EnableMetricsCollection",
    remove: "autoscaling:DisableMetricsCollection",
  },
} as const;

/** What is suspended without a word of the spec is the business of people on call. */
export function desiredSettings({ suspendedProcesses, metricsCollection }: AutoScalingGroupSpec): Fields {
  return {
    ...(suspendedProcesses === undefined ? {} : { suspendedProcesses: setOf(suspendedProcesses) }),
    ...(metricsCollection === undefined ? {} : { enabledMetrics: setOf(metricsCollection.metrics) }),
  };
}

export function observedSettings({ SuspendedProcesses = [], EnabledMetrics = [] }: AutoScalingGroup): Fields {
  return {
    suspendedProcesses: sortedSet(SuspendedProcesses.flatMap(({ ProcessName }) => ProcessName ?? [])),
    enabledMetrics: sortedSet(EnabledMetrics.flatMap(({ Metric }) => Metric ?? [])),
  };
}

/** A member that AWS takes as a whole goes with all its parts, changed or not. */
export function withWholeMembers(
  all: readonly FieldInfo[],
  changed: readonly FieldInfo[],
): readonly FieldInfo[] {
  const members = new Set(changed.map(memberOf));
  return all.filter(
    (info) => changed.includes(info) || (info.aws.includes(".") && members.has(memberOf(info))),
  );
}

function memberOf({ aws }: FieldInfo): string {
  return aws.split(".")[0] ?? aws;
}

/** The settings under AWS's names, for a call that makes or changes the group. */
export function settingsInput(infos: readonly FieldInfo[], fields: Fields): Record<string, unknown> {
  return inputFrom(infos, withoutEmptySets(fields));
}

/** To have none of a list, AWS takes it left out: it takes none that is empty. */
function withoutEmptySets(fields: Fields): Fields {
  const isEmptyTarget = ([field, value]: [string, Value]) =>
    field.includes("capacityReservationTarget.") && Array.isArray(value) && value.length === 0;
  return Object.fromEntries(Object.entries(fields).filter((entry) => !isEmptyTarget(entry)));
}

/** What suspends and resumes, starts and stops to collect. */
export function settingsCalls(group: string, differences: readonly Difference[], now: Fields): Call[] {
  return Object.entries(BY_OWN_CALLS).flatMap(([field, { add, remove }]) => {
    const difference = differences.find((one) => one.field === field);
    if (difference === undefined) return [];
    const wanted = texts({ [field]: difference.desired ?? [] }, field);
    const live = now[field] === undefined ? [] : texts(now, field);
    const missing = wanted.filter((one) => !live.includes(one));
    const extra = live.filter((one) => !wanted.includes(one));
    const last = extra.length > 0 ? remove : add;
    return [
      ...(missing.length === 0 ? [] : [ownCall(group, add, missing, last === add ? [field] : [])]),
      ...(extra.length === 0 ? [] : [ownCall(group, remove, extra, [field])]),
    ];
  });
}

type OwnCall = (typeof BY_OWN_CALLS)[keyof typeof BY_OWN_CALLS]["add" | "remove"];

function ownCall(group: string, operation: OwnCall, items: readonly string[], settles: string[]): Call {
  switch (operation) {
    case "autoscaling:SuspendProcesses":
    case "autoscaling:ResumeProcesses":
      return callOf(operation, { AutoScalingGroupName: group, ScalingProcesses: [...items] }, settles);
    case "autoscaling:EnableMetricsCollection":
      return callOf(
        operation,
        { AutoScalingGroupName: group, Granularity: "1Minute", Metrics: [...items] },
        settles,
      );
    case "autoscaling:DisableMetricsCollection":
      return callOf(operation, { AutoScalingGroupName: group, Metrics: [...items] }, settles);
  }
}
