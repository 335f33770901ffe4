/** What CloudWatch of the simulated account promises to do as AWS does, and where AWS says so. */
import { type Behaviour, documented } from "../account/documented.ts";

const GUIDE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring";
const API = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference";
const ELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application";
const AUTO_SCALING = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";
const EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide";

export const CLOUDWATCH_BEHAVIOURS: readonly Behaviour[] = documented("cloudwatch", "cloudwatch", [
  [
    "statistics",
    "Besides the plain statistics there are percentiles, trimmed and winsorized means, trimmed counts and sums, and percentile ranks.",
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html",
  ],
  [
    "alarm-periods",
    "A period is 10, 20, 30 or a multiple of 60 seconds, at least 60 for AWS's own metrics, and all periods together last a day, or a week from an hour on.",
    `${API}/API_PutMetricAlarm.html`,
  ],
  [
    "put-keeps-state",
    "PutMetricAlarm replaces the whole configuration, keeps the state, and ignores tags of an alarm that exists.",
    `${API}/API_PutMetricAlarm.html`,
  ],
  [
    "delete-known",
    "DeleteAlarms deletes the alarms that it finds, whatever else is named.",
    `${API}/API_DeleteAlarms.html`,
  ],
  [
    "set-state-is-temporary",
    "A state that a user sets lasts until the next evaluation.",
    `${API}/API_SetAlarmState.html`,
  ],
  [
    "evaluated-each-minute",
    "An alarm is evaluated each minute over sliding windows, and each ten seconds when its period is below a minute.",
    `${GUIDE}/AlarmThatSendsEmail.html`,
  ],
  [
    "evaluation-range",
    "An evaluation looks at more periods than it needs, and fills in missing ones as few times as possible.",
    `${GUIDE}/AlarmThatSendsEmail.html`,
  ],
  [
    "m-of-n",
    "An alarm goes off when at least M of the last N data points breach.",
    `${GUIDE}/AlarmThatSendsEmail.html`,
  ],
  [
    "missing-data",
    "Missing data is breaching, not breaching, keeps the state, or makes it INSUFFICIENT_DATA, as the alarm says.",
    `${GUIDE}/AlarmThatSendsEmail.html`,
  ],
  [
    "premature-alarm",
    "With too few data points that all breach, an alarm goes off only once the oldest is as old as the data points needed.",
    `${GUIDE}/AlarmThatSendsEmail.html`,
  ],
  [
    "scaling-repeats",
    "A scaling action is repeated each minute while the alarm lasts; others run on a change of state only.",
    `${GUIDE}/AlarmThatSendsEmail.html`,
  ],
  [
    "most-datapoints",
    "GetMetricStatistics gives at most 1,440 data points.",
    `${API}/API_GetMetricStatistics.html`,
  ],
  [
    "sparse-counts",
    "A load balancer reports requests and answers only when there are any, and host counts when there are targets.",
    `${ELB}/load-balancer-cloudwatch-metrics.html`,
  ],
  [
    "request-count-per-target",
    "RequestCountPerTarget is reported as zero when there are no requests.",
    `${AUTO_SCALING}/as-scaling-target-tracking.html`,
  ],
  [
    "fail-open",
    "When no target is healthy, requests go to all registered targets.",
    `${ELB}/target-group-health-checks.html`,
  ],
  [
    "ec2-only-running",
    "EC2 reports metrics of running instances only.",
    `${EC2}/viewing_metrics_with_cloudwatch.html`,
  ],
  [
    "group-metrics-when-enabled",
    "Group metrics are reported only while their collection is enabled.",
    `${AUTO_SCALING}/ec2-auto-scaling-metrics.html`,
  ],
]);
