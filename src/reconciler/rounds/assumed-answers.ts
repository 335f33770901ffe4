/**
 * What AWS would answer to a call that nobody sends: so much of it as the next round of a plan needs. Ids are placeholders
 * that say so. A call without an entry answers with nothing that anybody reads. Pure.
 */
import type { Input, Output, TierOperation } from "../../ports.ts";
import type { Call } from "../core/actions.ts";
import type { DesiredResource, ObservedResource } from "../core/resource.ts";

/** What a call is about. */
export interface Asked {
  readonly desired: DesiredResource | undefined;
  readonly observed: ObservedResource | undefined;
}

type Answers = {
  readonly [O in TierOperation]?: (input: Input<O>, asked: Asked) => Partial<Output<O>>;
};

/** Stands in an id for what AWS alone knows. */
export const TO_BE_MADE = "to-be-made";

const ELB = "arn:aws:elasticloadbalancing";

const ANSWERS: Answers = {
  "elasticloadbalancing:CreateLoadBalancer": (
    { Name, Scheme, IpAddressType, Subnets, SecurityGroups },
    asked,
  ) => ({
    LoadBalancers: [
      {
        LoadBalancerArn: `${ELB}:::loadbalancer/app/${Name}/${TO_BE_MADE}`,
        LoadBalancerName: Name,
        VpcId: textIn(asked.desired?.immutable?.vpcId),
        Scheme,
        IpAddressType,
        AvailabilityZones: (Subnets ?? []).map((SubnetId) => ({ SubnetId })),
        SecurityGroups,
        State: { Code: "provisioning" },
      },
    ],
  }),
  "elasticloadbalancing:CreateTargetGroup": ({ Name, ...settings }) => ({
    TargetGroups: [
      {
        ...settings,
        TargetGroupName: Name,
        TargetGroupArn: `${ELB}:::targetgroup/${Name}/${TO_BE_MADE}`,
      },
    ],
  }),
  "elasticloadbalancing:CreateListener": ({ LoadBalancerArn, Port, ...settings }) => ({
    Listeners: [
      { ...settings, LoadBalancerArn, Port, ListenerArn: `${LoadBalancerArn}/${Port}/${TO_BE_MADE}` },
    ],
  }),
  "elasticloadbalancing:CreateRule": ({ ListenerArn, Priority, Conditions, Actions }, { desired }) => ({
    Rules: [
      {
        RuleArn: `${ListenerArn}/${desired?.name}/${TO_BE_MADE}`,
        Priority: String(Priority),
        Conditions,
        Actions,
      },
    ],
  }),
  "ec2:CreateLaunchTemplate": ({ LaunchTemplateName }) => ({
    LaunchTemplate: { LaunchTemplateId: `lt-${LaunchTemplateName}-${TO_BE_MADE}` },
  }),
  "ec2:CreateLaunchTemplateVersion": (_input, { observed }) => {
    const numbers = (observed?.templateVersions?.versions ?? []).map(({ number }) => number);
    return { LaunchTemplateVersion: { VersionNumber: Math.max(0, ...numbers) + 1 } };
  },
  "autoscaling:PutScalingPolicy": ({ AutoScalingGroupName, PolicyName }) => ({
    PolicyARN: `arn:aws:autoscaling:::scalingPolicy:${TO_BE_MADE}:autoScalingGroupName/${AutoScalingGroupName}:policyName/${PolicyName}`,
  }),
};

export function assumedAnswer<O extends TierOperation>(call: Call<O>, asked: Asked): unknown {
  const answer: ((input: Input<O>, asked: Asked) => Partial<Output<O>>) | undefined = ANSWERS[call.operation];
  return answer?.(call.input, asked) ?? {};
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
