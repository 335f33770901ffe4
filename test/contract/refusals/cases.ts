import { AUTO_SCALING_CASES, AUTO_SCALING_TAKEN } from "./autoscaling.ts";
import { CLOUDWATCH_CASES, CLOUDWATCH_TAKEN } from "./cloudwatch.ts";
import { EC2_CASES, EC2_TAKEN } from "./ec2.ts";
import { ELB_CASES, ELB_TAKEN } from "./elb.ts";
import { MIXED_INSTANCES_CASES, MIXED_INSTANCES_TAKEN } from "./mixed-instances.ts";
import { SCALING_POLICIES_TAKEN, SCALING_POLICY_CASES } from "./scaling-policies.ts";

/** Calls that break one documented demand each, by the name of its rule. */
export const CASES = {
  ...ELB_CASES,
  ...AUTO_SCALING_CASES,
  ...MIXED_INSTANCES_CASES,
  ...SCALING_POLICY_CASES,
  ...EC2_CASES,
  ...CLOUDWATCH_CASES,
};
/** Calls just inside of what is demanded. */
export const TAKEN = [
  ...ELB_TAKEN,
  ...AUTO_SCALING_TAKEN,
  ...MIXED_INSTANCES_TAKEN,
  ...SCALING_POLICIES_TAKEN,
  ...EC2_TAKEN,
  ...CLOUDWATCH_TAKEN,
];
