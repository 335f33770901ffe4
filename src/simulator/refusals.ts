/**
 * Everything that the simulated account refuses because a page of AWS's says so. The tables stand beside the code of
 * the services; whoever checks the same elsewhere compares itself with this list.
 */
import type { Refusal } from "./account/refusals.ts";
import { AUTO_SCALING_REFUSALS } from "./autoscaling/refusals/all.ts";
import { CLOUDWATCH_REFUSALS } from "./cloudwatch/refusals.ts";
import { EC2_CALL_REFUSALS, EC2_LAUNCH_REFUSALS } from "./ec2/refusals/all.ts";
import { ELB_REFUSALS } from "./elb/refusals/all.ts";

export const REFUSALS: readonly Refusal[] = [
  ...ELB_REFUSALS,
  ...AUTO_SCALING_REFUSALS,
  ...EC2_CALL_REFUSALS,
  ...EC2_LAUNCH_REFUSALS,
  ...CLOUDWATCH_REFUSALS,
];
