/** What the simulated account promises to do with the calls of every service as AWS does, and where AWS says so. */
import { type Behaviour, documented } from "./documented.ts";

const ELB_API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference";

export const ACCOUNT_BEHAVIOURS: readonly Behaviour[] = documented("account", "account", [
  [
    "throttle-elb",
    "All of ELB's calls share a bucket of 40 tokens refilled by 10 per second; reads, writes, registrations and resource-intensive calls have buckets of their own beside it.",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html",
  ],
  [
    "throttle-ec2",
    "Each EC2 operation has a bucket of its own, and a refused call is RequestLimitExceeded.",
    "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html",
  ],
  [
    "throttle-cloudwatch",
    "Each CloudWatch operation has a rate of its own.",
    "https://docs.aws.amazon.com/general/latest/gr/cw_region.html",
  ],
  [
    "throttle-autoscaling",
    "Auto Scaling's calls share one bucket; its size is not documented and is taken to be ELB's.",
    "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/Welcome.html",
  ],
  [
    "throttle-ssm",
    "Systems Manager's reads of parameters share 40 calls per second.",
    "https://docs.aws.amazon.com/general/latest/gr/ssm.html",
  ],
  [
    "throttle-acm",
    "Each operation of Certificate Manager has a rate of its own; certificates are listed once a second.",
    "https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html",
  ],
  [
    "throttle-events",
    "Each operation of EventBridge has 50 calls per second.",
    "https://docs.aws.amazon.com/general/latest/gr/ev.html",
  ],
  [
    "throttle-cloudtrail",
    "The history of calls is looked into twice a second; trails are read ten times and changed once a second.",
    "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html",
  ],
  [
    "invalid-action",
    "An operation that the account does not have is InvalidAction.",
    `${ELB_API}/CommonErrors.html`,
  ],
]);
