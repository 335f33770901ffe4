/** The resources that the history finds a call by, out of what it was given and what it answered. */

export interface NamedResource {
  readonly ResourceType: string;
  readonly ResourceName: string;
}

/** By the member that names them. */
const TYPES: Readonly<Record<string, string>> = {
  AutoScalingGroupName: "AWS::AutoScaling::AutoScalingGroup",
  AutoScalingGroupNames: "AWS::AutoScaling::AutoScalingGroup",
  LoadBalancerArn: "AWS::ElasticLoadBalancingV2::LoadBalancer",
  LoadBalancerArns: "AWS::ElasticLoadBalancingV2::LoadBalancer",
  TargetGroupArn: "AWS::ElasticLoadBalancingV2::TargetGroup",
  TargetGroupArns: "AWS::ElasticLoadBalancingV2::TargetGroup",
  TargetGroupARNs: "AWS::ElasticLoadBalancingV2::TargetGroup",
  ListenerArn: "AWS::ElasticLoadBalancingV2::Listener",
  ListenerArns: "AWS::ElasticLoadBalancingV2::Listener",
  RuleArn: "AWS::ElasticLoadBalancingV2::ListenerRule",
  LaunchTemplateId: "AWS::EC2::LaunchTemplate",
  LaunchTemplateName: "AWS::EC2::LaunchTemplate",
  InstanceId: "AWS::EC2::Instance",
  InstanceIds: "AWS::EC2::Instance",
  GroupId: "AWS::EC2::SecurityGroup",
  SubnetId: "AWS::EC2::Subnet",
  VpcId: "AWS::EC2::VPC",
  ImageId: "AWS::EC2::Ami",
  AlarmName: "AWS::CloudWatch::Alarm",
  AlarmNames: "AWS::CloudWatch::Alarm",
  QueueUrl: "AWS::SQS::Queue",
};
/** Lists of ARNs of several kinds. */
const MIXED = ["ResourceArns", "ResourceARN", "ResourceIds", "Resources"];

/** cloudtrail/resource-names */
export function resourcesOf(...trees: readonly unknown[]): NamedResource[] {
  const found = new Map<string, NamedResource>();
  for (const tree of trees) collect(tree, found);
  return [...found.values()];
}

function collect(tree: unknown, found: Map<string, NamedResource>): void {
  if (typeof tree !== "object" || tree === null) return;
  if (Array.isArray(tree)) {
    for (const one of tree) collect(one, found);
    return;
  }
  for (const [name, value] of Object.entries(tree)) {
    for (const text of textsOf(value)) {
      const type = Object.hasOwn(TYPES, name)
        ? TYPES[name]
        : MIXED.includes(name)
          ? typeOfArn(text)
          : undefined;
      if (type !== undefined) found.set(text, { ResourceType: type, ResourceName: text });
    }
    collect(value, found);
  }
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function typeOfArn(name: string): string | undefined {
  const [, , service, , , resource = ""] = name.split(":");
  if (service === "cloudwatch") return TYPES.AlarmName;
  if (/^i-/.test(name)) return TYPES.InstanceId;
  if (/^lt-/.test(name)) return TYPES.LaunchTemplateId;
  if (service !== "elasticloadbalancing") return undefined;
  const kinds: Readonly<Record<string, string | undefined>> = {
    loadbalancer: TYPES.LoadBalancerArn,
    targetgroup: TYPES.TargetGroupArn,
    listener: TYPES.ListenerArn,
    "listener-rule": TYPES.RuleArn,
  };
  return kinds[resource.split("/")[0] ?? ""];
}
