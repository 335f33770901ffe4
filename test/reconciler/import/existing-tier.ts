/** A tier as a team's own tool makes it, in plain calls of AWS: names of its own, `$Latest`, nothing of ours. */
import type { Input } from "../../../src/ports.ts";
import type { Installation } from "../../support/installation.ts";

export const VPC = "vpc-12345678";
export const SUBNETS = ["subnet-1a", "subnet-1b", "subnet-1c"];
export const USER_DATA = "#!/bin/sh\nexec /opt/app/start\n";

/** AWS has finished with what was just made. */
export const SERVES_AFTER_MS = 600_000;

export interface Tier {
  readonly loadBalancerArn: string;
  readonly targetGroupArn: string;
  readonly listenerArn: string;
  readonly templateId: string;
  readonly group: string;
}

type Template = NonNullable<Input<"ec2:CreateLaunchTemplate">["LaunchTemplateData"]>;
type Group = Partial<Input<"autoscaling:CreateAutoScalingGroup">>;

export const TEMPLATE: Template = {
  ImageId: "ami-12345678",
  InstanceType: "t3.medium",
  SecurityGroupIds: ["sg-12345678"],
  MetadataOptions: { HttpTokens: "required" },
  UserData: Buffer.from(USER_DATA).toString("base64"),
};

export async function makeLoadBalancer(here: Installation, name: string): Promise<string> {
  const made = await here.aws("elasticloadbalancing:CreateLoadBalancer", {
    Name: name,
    Subnets: SUBNETS,
    SecurityGroups: ["sg-alb-12345678"],
    Tags: [{ Key: "Team", Value: "web" }],
  });
  return made.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
}

export async function makeTargetGroup(
  here: Installation,
  name: string,
  more: Partial<Input<"elasticloadbalancing:CreateTargetGroup">> = {},
): Promise<string> {
  const made = await here.aws("elasticloadbalancing:CreateTargetGroup", {
    Name: name,
    Protocol: "HTTP",
    Port: 8080,
    VpcId: VPC,
    HealthCheckPath: "/health",
    ...more,
  });
  return made.TargetGroups?.[0]?.TargetGroupArn ?? "";
}

export async function makeListener(
  here: Installation,
  loadBalancerArn: string,
  targetGroupArn: string,
  port = 80,
) {
  const made = await here.aws("elasticloadbalancing:CreateListener", {
    LoadBalancerArn: loadBalancerArn,
    Protocol: "HTTP",
    Port: port,
    DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
  });
  return made.Listeners?.[0]?.ListenerArn ?? "";
}

export async function makeTemplate(
  here: Installation,
  name: string,
  data: Template = TEMPLATE,
): Promise<string> {
  const made = await here.aws("ec2:CreateLaunchTemplate", {
    LaunchTemplateName: name,
    LaunchTemplateData: data,
  });
  return made.LaunchTemplate?.LaunchTemplateId ?? "";
}

export async function makeGroup(
  here: Installation,
  name: string,
  templateId: string,
  targetGroups: readonly string[],
  more: Group = {},
) {
  await here.aws("autoscaling:CreateAutoScalingGroup", {
    AutoScalingGroupName: name,
    MinSize: 2,
    MaxSize: 6,
    DesiredCapacity: 2,
    VPCZoneIdentifier: SUBNETS.join(","),
    TargetGroupARNs: [...targetGroups],
    HealthCheckType: "ELB",
    HealthCheckGracePeriod: 300,
    LaunchTemplate: { LaunchTemplateId: templateId, Version: "$Latest" },
    Tags: [{ Key: "Name", Value: name, PropagateAtLaunch: true }],
    ...more,
  });
}

/** Load balancer, listener, target group, template, group, a policy and an alarm, all called `<prefix>-…`. */
export async function makeTier(here: Installation, prefix = "prod-web"): Promise<Tier> {
  const group = `${prefix}-asg`;
  const loadBalancerArn = await makeLoadBalancer(here, `${prefix}-alb`);
  const targetGroupArn = await makeTargetGroup(here, `${prefix}-tg`);
  const listenerArn = await makeListener(here, loadBalancerArn, targetGroupArn);
  const templateId = await makeTemplate(here, `${prefix}-lt`);
  await makeGroup(here, group, templateId, [targetGroupArn]);
  await here.aws("autoscaling:PutScalingPolicy", {
    AutoScalingGroupName: group,
    PolicyName: `${prefix}-cpu`,
    PolicyType: "TargetTrackingScaling",
    TargetTrackingConfiguration: {
      PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
      TargetValue: 60,
    },
  });
  await here.aws("cloudwatch:PutMetricAlarm", {
    AlarmName: `${prefix}-5xx`,
    Namespace: "AWS/ApplicationELB",
    MetricName: "HTTPCode_Target_5XX_Count",
    Dimensions: [{ Name: "LoadBalancer", Value: dimensionOf(loadBalancerArn) }],
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 2,
    Threshold: 10,
    ComparisonOperator: "GreaterThanThreshold",
    AlarmActions: ["arn:aws:sns:us-east-1:123456789012:alerts"],
  });
  return { loadBalancerArn, targetGroupArn, listenerArn, templateId, group };
}

/** What CloudWatch calls a load balancer or a target group. */
export function dimensionOf(arn: string): string {
  return arn
    .slice(arn.indexOf(arn.includes("loadbalancer/") ? "loadbalancer/" : "targetgroup/"))
    .replace("loadbalancer/", "");
}
