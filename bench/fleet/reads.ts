/** Which answers of AWS's tell what of which service, as seen from the account. */
import type { ReadClass } from "../../src/model/fleet/freshness.ts";
import type { WebService } from "../../src/model/object.ts";
import type { PartsOf } from "./arithmetic.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What AWS was asked and has answered, as ids of resources. An operation that is not here tells nothing that is measured. */
const TOLD: Readonly<Record<string, (input: Fields, output: Fields) => readonly unknown[]>> = {
  DescribeLoadBalancers: (_, output) => each(output.LoadBalancers, "LoadBalancerArn"),
  DescribeTargetGroups: (_, output) => each(output.TargetGroups, "TargetGroupArn"),
  DescribeListeners: (_, output) => each(output.Listeners, "ListenerArn"),
  DescribeRules: (input) => [input.ListenerArn],
  DescribeTags: (_, output) => each(output.TagDescriptions, "ResourceArn"),
  DescribeListenerCertificates: (input) => [input.ListenerArn],
  DescribeLoadBalancerAttributes: (input) => [input.LoadBalancerArn],
  DescribeTargetGroupAttributes: (input) => [input.TargetGroupArn],
  DescribeTargetHealth: (input) => [dimensionOf(String(input.TargetGroupArn))],
  DescribeAutoScalingGroups: (_, output) => each(output.AutoScalingGroups, "AutoScalingGroupName"),
  DescribePolicies: (_, output) => each(output.ScalingPolicies, "PolicyARN"),
  DescribeLaunchTemplates: (_, output) => each(output.LaunchTemplates, "LaunchTemplateName"),
  DescribeLaunchTemplateVersions: (_, output) => each(output.LaunchTemplateVersions, "LaunchTemplateName"),
  DescribeAlarms: (_, output) => each(output.MetricAlarms, "AlarmName"),
};

/** Parts that an answer has told, as {@link partsOf} names them. */
export function partsTold(operation: string, input: object, output: object): string[] {
  if (operation === "GetMetricData") return healthTold(input as Fields);
  const told = TOLD[operation];
  return told === undefined ? [] : told(input as Fields, output as Fields).map((id) => `${operation} ${id}`);
}

/** CloudWatch's counts of hosts stand for the health of a target group. */
function healthTold({ MetricDataQueries }: Fields): string[] {
  const dimensions = listOf(MetricDataQueries).flatMap(({ MetricStat }) =>
    listOf(((MetricStat as Fields | undefined)?.Metric as Fields | undefined)?.Dimensions),
  );
  return dimensions
    .filter(({ Name }) => Name === "TargetGroup")
    .map(({ Value }) => `DescribeTargetHealth ${Value}`);
}

type Resource = NonNullable<NonNullable<WebService["status"]>["resources"]>[number];

const KNOWN_BY = {
  arn: ({ arn = "" }: Resource) => arn,
  name: ({ name }: Resource) => name,
  dimension: ({ arn = "" }: Resource) => dimensionOf(arn),
};

/** As CloudWatch knows a target group: `targetgroup/name/id`. */
function dimensionOf(arn: string): string {
  return arn.split(":").at(-1) ?? "";
}

/** What is to be read of a resource of each kind: operation, class, and by what it is known, if not by its ARN. */
const TO_READ: Readonly<
  Record<string, readonly (readonly [operation: string, readClass: ReadClass, by?: keyof typeof KNOWN_BY])[]>
> = {
  loadBalancer: [
    ["DescribeLoadBalancers", "structure"],
    ["DescribeTags", "structure"],
    ["DescribeLoadBalancerAttributes", "attributes"],
  ],
  targetGroup: [
    ["DescribeTargetGroups", "structure"],
    ["DescribeTags", "structure"],
    ["DescribeTargetGroupAttributes", "attributes"],
    ["DescribeTargetHealth", "health", "dimension"],
  ],
  listener: [
    ["DescribeListeners", "structure"],
    ["DescribeRules", "structure"],
    ["DescribeTags", "structure"],
  ],
  rule: [["DescribeTags", "structure"]],
  autoScalingGroup: [["DescribeAutoScalingGroups", "structure", "name"]],
  scalingPolicy: [["DescribePolicies", "structure"]],
  launchTemplate: [
    ["DescribeLaunchTemplates", "structure", "name"],
    ["DescribeLaunchTemplateVersions", "structure", "name"],
  ],
  alarm: [["DescribeAlarms", "structure", "name"]],
};

/** What has to be read of a service that stands, by the resources that its status names. */
export function partsOf({ status }: WebService): PartsOf {
  const parts: Record<ReadClass, string[]> = { health: [], structure: [], attributes: [] };
  for (const resource of status?.resources ?? []) {
    for (const [operation, readClass, by] of toRead(resource))
      parts[readClass].push(`${operation} ${KNOWN_BY[by ?? "arn"](resource)}`);
  }
  return parts;
}

/** Certificates are read of what speaks HTTPS alone. */
function toRead({ key, kind }: Resource) {
  const usual = TO_READ[kind] ?? [];
  if (!key.endsWith("listeners.443")) return usual;
  return [...usual, ["DescribeListenerCertificates", "attributes"] as const];
}

function each(list: unknown, member: string): unknown[] {
  return listOf(list).map((item) => item[member]);
}

function listOf(list: unknown): readonly Fields[] {
  return Array.isArray(list) ? list : [];
}
