/**
 * EC2 Auto Scaling of the simulated account: groups that keep their size, replace what is unhealthy and scale.
 * What it promises to do as AWS does stands in `behaviours.ts`.
 */
import type * as asg from "@aws-sdk/client-auto-scaling";
import type { AccountContext } from "../account/context.ts";
import type { Quotas } from "../account/quotas.ts";
import { refusing } from "../account/refusals.ts";
import type { AutoScalingPart, Parts, Service } from "../services.ts";
import { activityOperations } from "./activities.ts";
import { onInstanceChange, touch } from "./converge.ts";
import { forecastOperations } from "./forecasts/operations.ts";
import { TERMINATION_POLICIES } from "./group-input.ts";
import { groupOperations } from "./groups.ts";
import { hookOperations } from "./hooks/operations.ts";
import { countedInstances, instanceOperations } from "./instance-operations.ts";
import { metricsCollectionOperations } from "./metrics-collection.ts";
import { onSpotSignal } from "./mixed/interruptions.ts";
import { notificationOperations } from "./notifications/operations.ts";
import { policyOperations } from "./policies.ts";
import { executeByAlarm } from "./policy-execution.ts";
import { processOperations } from "./processes.ts";
import { refreshOperations } from "./refresh-operations.ts";
import { AUTO_SCALING_REFUSALS } from "./refusals/all.ts";
import { scheduleOperations } from "./schedule.ts";
import type { Group, Policy, State } from "./state.ts";
import { tagOperations } from "./tags.ts";
import { targetGroupOperations } from "./target-groups.ts";
import { warmPoolOperations } from "./warm-pool/operations.ts";

export function buildAutoScaling(context: AccountContext, parts: Parts, quotas: Quotas) {
  let listens = false;
  const state: State = {
    context,
    parts,
    quotas,
    groups: new Map(),
    groupOf: new Map(),
    deletedActivities: [],
    touch(group) {
      // EC2 can be listened to only once the account is complete, and before there is a group nothing matters.
      if (!listens) {
        parts.ec2.onInstanceChange((instance) => onInstanceChange(state, instance));
        parts.ec2.onSpotSignal((instanceId, signal) => onSpotSignal(state, instanceId, signal));
      }
      listens = true;
      touch(state, group);
    },
  };
  const handlers = {
    ...groupOperations(state),
    ...instanceOperations(state),
    ...targetGroupOperations(state),
    ...tagOperations(state),
    ...processOperations(state),
    ...metricsCollectionOperations(state),
    ...accountOperations(state),
    ...activityOperations(state),
    ...refreshOperations(state),
    ...policyOperations(state),
    ...forecastOperations(state),
    ...scheduleOperations(state),
    ...hookOperations(state),
    ...warmPoolOperations(state),
    ...notificationOperations(state),
  };
  const operations = refusing(handlers, AUTO_SCALING_REFUSALS, state);
  return { operations, part: partOf(state) } satisfies Service<AutoScalingPart>;
}

/** What the account may do, and which words the other operations take. */
function accountOperations(state: State) {
  return {
    DescribeAccountLimits(): asg.DescribeAccountLimitsAnswer {
      return {
        MaxNumberOfAutoScalingGroups: state.quotas.autoScalingGroups,
        MaxNumberOfLaunchConfigurations: 200,
        NumberOfAutoScalingGroups: state.groups.size,
        NumberOfLaunchConfigurations: 0,
      };
    },
    DescribeTerminationPolicyTypes(): asg.DescribeTerminationPolicyTypesAnswer {
      return { TerminationPolicyTypes: [...TERMINATION_POLICIES] };
    },
    DescribeAdjustmentTypes(): asg.DescribeAdjustmentTypesAnswer {
      const types = ["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"];
      return { AdjustmentTypes: types.map((AdjustmentType) => ({ AdjustmentType })) };
    },
  };
}

function partOf(state: State): AutoScalingPart {
  return {
    executePolicy(policyArn, alarm) {
      const found = policyOf(state, policyArn);
      if (found !== undefined) executeByAlarm(state, found.group, found.policy, alarm);
    },
    policyExists: (policyArn) => policyOf(state, policyArn) !== undefined,
    groups: () =>
      [...state.groups.values()].map((group) => ({
        name: group.name,
        minSize: group.minSize,
        maxSize: group.maxSize,
        desiredCapacity: group.desired,
        instances: countedInstances(group),
        targetGroupArns: [...group.attachments.keys()],
        enabledMetrics: [...group.enabledMetrics],
      })),
  };
}

function policyOf(state: State, arn: string): { group: Group; policy: Policy } | undefined {
  for (const group of state.groups.values()) {
    for (const policy of group.policies.values()) if (policy.arn === arn) return { group, policy };
  }
  return undefined;
}
