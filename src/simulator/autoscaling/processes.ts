/** Suspending processes, collecting group metrics, and what the account may do. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { terminationPolicyTypes } from "./group-input.ts";
import { groupNamed, invalid, PROCESSES, QUOTAS, type State } from "./state.ts";

const GROUP_METRICS = [
  "GroupMinSize",
  "GroupMaxSize",
  "GroupDesiredCapacity",
  "GroupInServiceInstances",
  "GroupPendingInstances",
  "GroupStandbyInstances",
  "GroupTerminatingInstances",
  "GroupTotalInstances",
];

export function processOperations(state: State) {
  return {
    SuspendProcesses(input: asg.ScalingProcessQuery): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const now = new Date(state.context.clock.nowMs()).toISOString();
      for (const process of processesOf(input)) {
        if (!group.suspended.has(process)) group.suspended.set(process, `User suspended at ${now}`);
      }
      return {};
    },
    ResumeProcesses(input: asg.ScalingProcessQuery): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      for (const process of processesOf(input)) group.suspended.delete(process);
      group.retryAtMs = 0;
      state.touch(group);
      return {};
    },
    EnableMetricsCollection(input: asg.EnableMetricsCollectionQuery): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      if (input.Granularity !== "1Minute") throw invalid("The only valid value of Granularity is 1Minute.");
      for (const metric of metricsOf(input.Metrics)) group.enabledMetrics.add(metric);
      return {};
    },
    DisableMetricsCollection(input: asg.DisableMetricsCollectionQuery): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      for (const metric of metricsOf(input.Metrics)) group.enabledMetrics.delete(metric);
      return {};
    },
    DescribeAccountLimits(): asg.DescribeAccountLimitsAnswer {
      return {
        MaxNumberOfAutoScalingGroups: QUOTAS.groups,
        MaxNumberOfLaunchConfigurations: 200,
        NumberOfAutoScalingGroups: state.groups.size,
        NumberOfLaunchConfigurations: 0,
      };
    },
    DescribeTerminationPolicyTypes(): asg.DescribeTerminationPolicyTypesAnswer {
      return { TerminationPolicyTypes: terminationPolicyTypes() };
    },
    DescribeAdjustmentTypes(): asg.DescribeAdjustmentTypesAnswer {
      const types = ["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"];
      return { AdjustmentTypes: types.map((AdjustmentType) => ({ AdjustmentType })) };
    },
    DescribeScalingProcessTypes(): asg.ProcessesType {
      return { Processes: PROCESSES.map((ProcessName) => ({ ProcessName })) };
    },
  };
}

/** All of them when none is named. autoscaling/suspend-all */
function processesOf(input: asg.ScalingProcessQuery): readonly string[] {
  const named = input.ScalingProcesses ?? [];
  const unknown = named.find((process) => !PROCESSES.some((known) => known === process));
  if (unknown !== undefined)
    throw invalid(`The process ${unknown} is not valid: use ${PROCESSES.join(", ")}.`);
  return named.length === 0 ? PROCESSES : named;
}

function metricsOf(named: readonly string[] | undefined): readonly string[] {
  const unknown = (named ?? []).find((metric) => !GROUP_METRICS.includes(metric));
  if (unknown !== undefined)
    throw invalid(`The metric ${unknown} is not valid: use ${GROUP_METRICS.join(", ")}.`);
  return named === undefined || named.length === 0 ? GROUP_METRICS : named;
}
