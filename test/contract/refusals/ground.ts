import type { AwsError } from "../../../src/simulator/account/aws-error.ts";
import { buildLab, buildWeb, type Lab, WEB } from "../../simulator/support.ts";

/** An account with one resource of each kind, in which every call of the cases is taken until it is broken. */
export interface Ground {
  readonly lab: Lab;
  readonly loadBalancer: string;
  /** Of port 80. */
  readonly listener: string;
  /** Of port 443. */
  readonly secure: string;
  readonly rule: string;
  /** In use, and attached to the group. */
  readonly group: string;
  readonly second: string;
  readonly sticky: string;
  readonly http2: string;
  readonly grpc: string;
  readonly label: string;
  readonly template: string;
}

/** A call that AWS refuses, of the operation that the id's rule names. */
export type Case = readonly [operation: string, input: (ground: Ground) => object];
export type Cases = Readonly<Record<string, Case>>;

type Created = Record<string, Record<string, string>[]>;

export async function buildGround(): Promise<Ground> {
  const lab = buildLab();
  const { loadBalancer, listener, group } = await buildWeb(lab);
  const made = async (operation: string, list: string, id: string, input: object): Promise<string> =>
    (await lab.call<Created>(`elasticloadbalancing:${operation}`, input))[list]![0]![id]!;
  const targets = (Name: string, more: object = {}): Promise<string> =>
    made("CreateTargetGroup", "TargetGroups", "TargetGroupArn", {
      Name,
      Protocol: "HTTP",
      Port: 80,
      VpcId: WEB.vpc,
      ...more,
    });
  const [second, sticky] = [await targets("second"), await targets("sticky")];
  await lab.call("elasticloadbalancing:ModifyTargetGroupAttributes", {
    TargetGroupArn: sticky,
    Attributes: [{ Key: "stickiness.enabled", Value: "true" }],
  });
  const secure = await made("CreateListener", "Listeners", "ListenerArn", {
    LoadBalancerArn: loadBalancer,
    Protocol: "HTTPS",
    Port: 443,
    Certificates: [{ CertificateArn: WEB.certificate }],
    DefaultActions: [{ Type: "forward", TargetGroupArn: group }],
  });
  const rule = await made("CreateRule", "Rules", "RuleArn", {
    ListenerArn: listener,
    Priority: 1,
    Conditions: [{ Field: "path-pattern", Values: ["/first"] }],
    Actions: [
      {
        Type: "forward",
        ForwardConfig: { TargetGroups: [{ TargetGroupArn: group }, { TargetGroupArn: second }] },
      },
    ],
  });
  const { LaunchTemplate } = await lab.call<{ LaunchTemplate: { LaunchTemplateId: string } }>(
    "ec2:CreateLaunchTemplate",
    { LaunchTemplateName: "web", LaunchTemplateData: { ImageId: "ami-12345678", InstanceType: "t3.micro" } },
  );
  await lab.call("autoscaling:CreateAutoScalingGroup", {
    AutoScalingGroupName: "web",
    LaunchTemplate: { LaunchTemplateId: LaunchTemplate.LaunchTemplateId, Version: "1" },
    MinSize: 0,
    MaxSize: 4,
    VPCZoneIdentifier: "subnet-1a",
    TargetGroupARNs: [group],
  });
  await lab.call("autoscaling:PutScheduledUpdateGroupAction", {
    AutoScalingGroupName: "web",
    ScheduledActionName: "morning",
    Recurrence: "0 7 * * *",
    MinSize: 1,
  });
  await lab.call("autoscaling:PutScalingPolicy", {
    AutoScalingGroupName: "web",
    PolicyName: "cpu",
    PolicyType: "TargetTrackingScaling",
    TargetTrackingConfiguration: {
      PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
      TargetValue: 50,
    },
  });
  await lab.call("ec2:CreateLaunchTemplate", {
    LaunchTemplateName: "spot",
    LaunchTemplateData: {
      ImageId: "ami-12345678",
      InstanceType: "t3.micro",
      InstanceMarketOptions: { MarketType: "spot" },
    },
  });
  await lab.call("autoscaling:CreateAutoScalingGroup", {
    AutoScalingGroupName: "spot",
    LaunchTemplate: { LaunchTemplateName: "spot", Version: "1" },
    MinSize: 0,
    MaxSize: 4,
    VPCZoneIdentifier: "subnet-1a",
  });
  await lab.call("autoscaling:CreateAutoScalingGroup", {
    AutoScalingGroupName: "mixed",
    MixedInstancesPolicy: {
      LaunchTemplate: {
        LaunchTemplateSpecification: { LaunchTemplateName: "web", Version: "1" },
        Overrides: [{ InstanceType: "t3.micro" }],
      },
    },
    MinSize: 1,
    MaxSize: 4,
    VPCZoneIdentifier: "subnet-1a",
  });
  await lab.clock.advance(300_000);
  const partOf = (arn: string, type: string): string => arn.slice(arn.indexOf(`:${type}/`) + 1);
  return {
    lab,
    loadBalancer,
    listener,
    secure,
    rule,
    group,
    second,
    sticky,
    http2: await targets("http2", { ProtocolVersion: "HTTP2" }),
    grpc: await targets("grpc", { ProtocolVersion: "GRPC" }),
    label: `${partOf(loadBalancer, "loadbalancer").replace("loadbalancer/", "")}/${partOf(group, "targetgroup")}`,
    template: LaunchTemplate.LaunchTemplateId,
  };
}

/** How the account refuses a call; nothing when it takes it. */
export async function refusalOf(
  lab: Lab,
  operation: string,
  input: object,
): Promise<Pick<AwsError, "rule" | "code" | "message"> | undefined> {
  try {
    await lab.call(operation, input);
    return undefined;
  } catch (error) {
    return error as AwsError;
  }
}

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

export const long = (length: number): string => "x".repeat(length);
