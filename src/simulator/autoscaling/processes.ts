/** The processes of a group: suspended and resumed. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { groupNamed, invalid, PROCESSES, type State } from "./state.ts";

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
