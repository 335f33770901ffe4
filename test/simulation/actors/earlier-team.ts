/**
 * A team that had a tier before there was any Holdfast: plain calls of AWS, names of its own, tags of other tools, a group
 * on `$Latest` whose template has another default, members that no spec can hold, and two certificates.
 */
import type { Account } from "../../../src/simulator/account.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";
import { CANARY } from "../specs.ts";
import type { AwsCall } from "./saboteur.ts";

/** A plain one, or one that a controller of a cluster says it manages. */
export type TierName = "plain" | "of a cluster";

export const LOAD_BALANCER = "shop-alb";
const GROUP = "shop-asg";
/** What each team knows to belong to its tier: a manifest without one of them is not posted. */
export const OWN_NAMES = [LOAD_BALANCER, "shop-tg", GROUP, "shop-lt", "shop-cpu", "shop-5xx", "/admin/*"];
/** Members of its launch template that a spec cannot hold. */
export const CARRIED = ["Placement"];
/** Until then its instances are in service. */
const SERVES_AFTER_MS = 400_000;

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/";
const tags = [
  { Key: "Team", Value: "shop" },
  { Key: "ManagedBy", Value: "terraform" },
];
const DATA = {
  ImageId: "ami-12345678",
  InstanceType: "t3.medium",
  SecurityGroupIds: ["sg-12345678"],
  MetadataOptions: { HttpTokens: "required" },
  UserData: Buffer.from(`#!/bin/sh\n# ${CANARY}\nexec /opt/shop/start\n`).toString("base64"),
};

/** Makes it, and waits until it serves. */
export async function makeTier(account: Account, clock: VirtualClock, tier: TierName): Promise<void> {
  const aws = async (...[service, operation, input]: AwsCall): Promise<Record<string, never>> =>
    (await clock.resolve(account.call(service, operation, input, { accessKeyId: "earlier team" }))) as Record<
      string,
      never
    >;
  const arnIn = (answer: object, member: string): string =>
    new RegExp(`"${member}":"([^"]+)"`).exec(JSON.stringify(answer))?.[1] ?? "";
  const Tags = tier === "plain" ? tags : [...tags, { Key: "elbv2.k8s.aws/cluster", Value: "shop" }];
  const balancer = arnIn(
    await aws("elasticloadbalancing", "CreateLoadBalancer", {
      Name: LOAD_BALANCER,
      Subnets: ["subnet-1a", "subnet-1b", "subnet-1c"],
      SecurityGroups: ["sg-alb-12345678"],
      Tags,
    }),
    "LoadBalancerArn",
  );
  const targetGroup = arnIn(
    await aws("elasticloadbalancing", "CreateTargetGroup", {
      Name: "shop-tg",
      Protocol: "HTTP",
      Port: 8080,
      VpcId: "vpc-12345678",
      HealthCheckPath: "/health",
      Tags,
    }),
    "TargetGroupArn",
  );
  const forward = [{ Type: "forward", TargetGroupArn: targetGroup }];
  const listener = arnIn(
    await aws("elasticloadbalancing", "CreateListener", {
      LoadBalancerArn: balancer,
      Protocol: "HTTPS",
      Port: 443,
      Certificates: [{ CertificateArn: `${CERTIFICATE}abc-123` }],
      DefaultActions: forward,
      Tags: tags,
    }),
    "ListenerArn",
  );
  await aws("elasticloadbalancing", "AddListenerCertificates", {
    ListenerArn: listener,
    Certificates: [{ CertificateArn: `${CERTIFICATE}def-456` }],
  });
  await aws("elasticloadbalancing", "CreateRule", ruleOn(listener));
  const template = arnIn(
    await aws("ec2", "CreateLaunchTemplate", {
      LaunchTemplateName: "shop-lt",
      LaunchTemplateData: { ...DATA, InstanceType: "t3.small" },
      TagSpecifications: [{ ResourceType: "launch-template", Tags: tags }],
    }),
    "LaunchTemplateId",
  );
  await aws("ec2", "CreateLaunchTemplateVersion", {
    LaunchTemplateId: template,
    LaunchTemplateData: { ...DATA, Placement: { SpreadDomain: "others" } },
  });
  await aws("autoscaling", "CreateAutoScalingGroup", {
    AutoScalingGroupName: GROUP,
    MinSize: 2,
    MaxSize: 4,
    DesiredCapacity: 2,
    VPCZoneIdentifier: "subnet-1a,subnet-1b,subnet-1c",
    TargetGroupARNs: [targetGroup],
    HealthCheckType: "ELB",
    HealthCheckGracePeriod: 300,
    LaunchTemplate: { LaunchTemplateId: template, Version: "$Latest" },
    Tags: tags.map((tag) => ({ ...tag, PropagateAtLaunch: true })),
  });
  await aws("autoscaling", "PutScalingPolicy", {
    AutoScalingGroupName: GROUP,
    PolicyName: "shop-cpu",
    PolicyType: "TargetTrackingScaling",
    TargetTrackingConfiguration: {
      PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
      TargetValue: 60,
    },
  });
  await aws("cloudwatch", "PutMetricAlarm", {
    AlarmName: "shop-5xx",
    Namespace: "AWS/ApplicationELB",
    MetricName: "HTTPCode_Target_5XX_Count",
    Dimensions: [{ Name: "LoadBalancer", Value: balancer.split("loadbalancer/")[1] }],
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 2,
    Threshold: 10,
    ComparisonOperator: "GreaterThanThreshold",
    AlarmActions: ["arn:aws:sns:us-east-1:123456789012:alerts"],
    Tags: tags,
  });
  await clock.advance(SERVES_AFTER_MS);
}

/** The one rule of the tier. */
export function ruleOn(ListenerArn: string): object {
  return {
    ListenerArn,
    Priority: 10,
    Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/admin/*"] } }],
    Actions: [
      { Type: "fixed-response", FixedResponseConfig: { StatusCode: "403", ContentType: "text/plain" } },
    ],
    Tags: tags,
  };
}
