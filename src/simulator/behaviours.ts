/**
 * Everything that the simulated account promises to do as AWS does, each with AWS's page. The tables stand beside
 * the code of the service; code that implements a row that is not obvious carries its id in a comment.
 */

import { ACCOUNT_BEHAVIOURS } from "./account/behaviours.ts";
import type { Behaviour } from "./account/documented.ts";
import { ACM_BEHAVIOURS } from "./acm/behaviours.ts";
import { AUTO_SCALING_BEHAVIOURS } from "./autoscaling/behaviours.ts";
import { CLOUDTRAIL_BEHAVIOURS } from "./cloudtrail/behaviours.ts";
import { CLOUDWATCH_BEHAVIOURS } from "./cloudwatch/behaviours.ts";
import { EC2_BEHAVIOURS } from "./ec2/behaviours.ts";
import { ELB_BEHAVIOURS } from "./elb/behaviours.ts";
import { EVENTS_BEHAVIOURS } from "./events/behaviours.ts";
import { IAM_BEHAVIOURS } from "./iam/behaviours.ts";
import { SNS_BEHAVIOURS } from "./sns/behaviours.ts";
import { SQS_BEHAVIOURS } from "./sqs/behaviours.ts";
import { SSM_BEHAVIOURS } from "./ssm/behaviours.ts";

export const BEHAVIOURS: readonly Behaviour[] = [
  ...EC2_BEHAVIOURS,
  ...ELB_BEHAVIOURS,
  ...ACCOUNT_BEHAVIOURS,
  ...AUTO_SCALING_BEHAVIOURS,
  ...CLOUDWATCH_BEHAVIOURS,
  ...SSM_BEHAVIOURS,
  ...ACM_BEHAVIOURS,
  ...SNS_BEHAVIOURS,
  ...IAM_BEHAVIOURS,
  ...SQS_BEHAVIOURS,
  ...EVENTS_BEHAVIOURS,
  ...CLOUDTRAIL_BEHAVIOURS,
];
