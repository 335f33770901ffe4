/** Deeds that scenarios ask for, and that the seeds do not draw: what a seed tells would else be another history. */
import type { AwsCall, Deed } from "./saboteur.ts";

const asg = (operation: string, input: object): AwsCall => ["autoscaling", operation, input];

export const RARE_DEEDS = {
  "suspends Terminate": ({ groups }, pick) => {
    const name = pick(groups)?.it.AutoScalingGroupName;
    return [
      name === undefined
        ? undefined
        : asg("SuspendProcesses", { AutoScalingGroupName: name, ScalingProcesses: ["Terminate"] }),
    ];
  },
  "puts an instance on standby": ({ groups }, pick) => {
    const it = pick(groups)?.it;
    const id = pick(it?.Instances ?? [])?.InstanceId;
    return [
      id === undefined
        ? undefined
        : asg("EnterStandby", {
            AutoScalingGroupName: it?.AutoScalingGroupName,
            InstanceIds: [id],
            ShouldDecrementDesiredCapacity: false,
          }),
    ];
  },
} satisfies Record<string, Deed>;

export type RareDeedName = keyof typeof RARE_DEEDS;
