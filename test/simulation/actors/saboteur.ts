/**
 * Somebody with every right and no care: each of these changes or removes something of ours by an AWS call, the way
 * a console, a script or another tool would. They find their victim by reading, never by asking the daemon.
 */
import { watchesOf } from "../../support/alarm-input.ts";
import type { AccountView } from "../judges/account-view.ts";
import { ruleOn } from "./earlier-team.ts";
import { RARE_DEEDS, type RareDeedName } from "./rare-deeds.ts";

/** One AWS call: service, operation, input. */
export type AwsCall = readonly [
  "elasticloadbalancing" | "autoscaling" | "ec2" | "cloudwatch",
  string,
  object,
];

const isOurs = (item: { tags: Record<string, string> }) =>
  item.tags["holdfast.dev/owner"]?.startsWith("holdfast/") === true;

interface Ours {
  readonly balancers: AccountView["loadBalancers"];
  readonly listeners: AccountView["loadBalancers"][number]["listeners"];
  readonly rules: AccountView["loadBalancers"][number]["listeners"][number]["rules"];
  readonly targetGroups: AccountView["targetGroups"];
  readonly groups: AccountView["groups"];
  readonly templates: AccountView["templates"];
  readonly alarms: AccountView["alarms"];
}

export function oursIn(view: AccountView): Ours {
  const balancers = view.loadBalancers.filter(isOurs);
  const listeners = balancers.flatMap((item) => item.listeners).filter(isOurs);
  return {
    balancers,
    listeners,
    rules: listeners.flatMap((item) => item.rules).filter(isOurs),
    targetGroups: view.targetGroups.filter(isOurs),
    groups: view.groups.filter(isOurs),
    templates: view.templates.filter(isOurs),
    alarms: view.alarms.filter(isOurs),
  };
}

export type Deed = (ours: Ours, pick: <T>(items: readonly T[]) => T | undefined) => (AwsCall | undefined)[];

const elb = (operation: string, input: object): AwsCall => ["elasticloadbalancing", operation, input];
const asg = (operation: string, input: object): AwsCall => ["autoscaling", operation, input];
const fixed = [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "418" } }];

const DEEDS = {
  "deletes the load balancer": ({ balancers }, pick) => {
    const it = pick(balancers);
    return [it && elb("DeleteLoadBalancer", { LoadBalancerArn: it.it.LoadBalancerArn })];
  },
  "deletes a listener": ({ listeners }, pick) => {
    const it = pick(listeners);
    return [it && elb("DeleteListener", { ListenerArn: it.it.ListenerArn })];
  },
  "deletes a rule": ({ rules }, pick) => {
    const it = pick(rules);
    return [it && elb("DeleteRule", { RuleArn: it.it.RuleArn })];
  },
  "deletes the target group": ({ listeners, rules, targetGroups, groups }, pick) => {
    const it = pick(targetGroups);
    if (it === undefined) return [];
    const arn = it.it.TargetGroupArn ?? "";
    const uses = (value: unknown) => JSON.stringify(value).includes(arn);
    return [
      ...rules.filter((rule) => uses(rule.it)).map((rule) => elb("DeleteRule", { RuleArn: rule.it.RuleArn })),
      ...listeners
        .filter((item) => uses(item.it))
        .map((item) => elb("ModifyListener", { ListenerArn: item.it.ListenerArn, DefaultActions: fixed })),
      ...groups
        .filter((group) => uses(group.it))
        .map((group) =>
          asg("DetachLoadBalancerTargetGroups", {
            AutoScalingGroupName: group.it.AutoScalingGroupName,
            TargetGroupARNs: [arn],
          }),
        ),
      elb("DeleteTargetGroup", { TargetGroupArn: arn }),
    ];
  },
  "deletes the group": ({ groups }, pick) => {
    const it = pick(groups);
    return [
      it &&
        asg("DeleteAutoScalingGroup", {
          AutoScalingGroupName: it.it.AutoScalingGroupName,
          ForceDelete: true,
        }),
    ];
  },
  "deletes the launch template": ({ templates }, pick) => {
    const it = pick(templates);
    return [it && ["ec2", "DeleteLaunchTemplate", { LaunchTemplateId: it.it.LaunchTemplateId }]];
  },
  "deletes a policy": ({ groups }, pick) => {
    const it = pick(groups);
    const policy = pick(it?.policies ?? []);
    return [
      policy &&
        asg("DeletePolicy", {
          AutoScalingGroupName: it?.it.AutoScalingGroupName,
          PolicyName: policy.PolicyName,
        }),
    ];
  },
  "deletes an alarm": ({ alarms }, pick) => {
    const it = pick(alarms);
    return [it && ["cloudwatch", "DeleteAlarms", { AlarmNames: [it.it.AlarmName] }]];
  },
  "changes an attribute of the load balancer": ({ balancers }, pick) => {
    const it = pick(balancers);
    const Attributes = [{ Key: "idle_timeout.timeout_seconds", Value: "11" }];
    return [
      it && elb("ModifyLoadBalancerAttributes", { LoadBalancerArn: it.it.LoadBalancerArn, Attributes }),
    ];
  },
  "changes the subnets": ({ balancers }, pick) => {
    const it = pick(balancers);
    return [
      it &&
        elb("SetSubnets", { LoadBalancerArn: it.it.LoadBalancerArn, Subnets: ["subnet-1b", "subnet-1c"] }),
    ];
  },
  "changes the security groups": ({ balancers }, pick) => {
    const it = pick(balancers);
    return [
      it &&
        elb("SetSecurityGroups", { LoadBalancerArn: it.it.LoadBalancerArn, SecurityGroups: ["sg-default"] }),
    ];
  },
  "changes the health check": ({ targetGroups }, pick) => {
    const it = pick(targetGroups);
    return [
      it &&
        elb("ModifyTargetGroup", {
          TargetGroupArn: it.it.TargetGroupArn,
          HealthCheckPath: "/elsewhere",
          HealthyThresholdCount: 7,
        }),
    ];
  },
  "changes an attribute of the target group": ({ targetGroups }, pick) => {
    const it = pick(targetGroups);
    const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: "77" }];
    return [it && elb("ModifyTargetGroupAttributes", { TargetGroupArn: it.it.TargetGroupArn, Attributes })];
  },
  "changes a default action": ({ listeners }, pick) => {
    const it = pick(listeners);
    return [it && elb("ModifyListener", { ListenerArn: it.it.ListenerArn, DefaultActions: fixed })];
  },
  "changes a certificate": ({ listeners }, pick) => {
    const it = pick(listeners.filter((item) => item.it.Protocol === "HTTPS"));
    const Certificates = [{ CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/def-456" }];
    return [it && elb("ModifyListener", { ListenerArn: it.it.ListenerArn, Certificates })];
  },
  "changes a rule": ({ rules }, pick) => {
    const it = pick(rules);
    const Conditions = [{ Field: "path-pattern", PathPatternConfig: { Values: ["/hijacked/*"] } }];
    return [it && elb("ModifyRule", { RuleArn: it.it.RuleArn, Conditions, Actions: fixed })];
  },
  "moves a rule": ({ rules }, pick) => {
    const it = pick(rules);
    return [
      it && elb("SetRulePriorities", { RulePriorities: [{ RuleArn: it.it.RuleArn, Priority: 33_000 }] }),
    ];
  },
  "changes our tags": ({ balancers, targetGroups, listeners }, pick) => {
    const arns = [
      ...balancers.map((item) => item.it.LoadBalancerArn),
      ...targetGroups.map((item) => item.it.TargetGroupArn),
      ...listeners.map((item) => item.it.ListenerArn),
    ];
    const arn = pick(arns);
    return [
      arn === undefined
        ? undefined
        : elb("AddTags", { ResourceArns: [arn], Tags: [{ Key: "Environment", Value: "sabotaged" }] }),
    ];
  },
  "removes our tags": ({ targetGroups }, pick) => {
    const it = pick(targetGroups);
    return [it && elb("RemoveTags", { ResourceArns: [it.it.TargetGroupArn], TagKeys: ["Environment"] })];
  },
  "changes the bounds": ({ groups }, pick) => {
    const it = pick(groups);
    return [
      it &&
        asg("UpdateAutoScalingGroup", {
          AutoScalingGroupName: it.it.AutoScalingGroupName,
          MinSize: 1,
          MaxSize: 9,
        }),
    ];
  },
  "changes the group's settings": ({ groups }, pick) => {
    const it = pick(groups);
    return [
      it &&
        asg("UpdateAutoScalingGroup", {
          AutoScalingGroupName: it.it.AutoScalingGroupName,
          HealthCheckGracePeriod: 7,
          DefaultCooldown: 9,
          VPCZoneIdentifier: "subnet-1a",
        }),
    ];
  },
  "detaches the target group": ({ groups }, pick) => {
    const it = pick(groups);
    const TargetGroupARNs = it?.it.TargetGroupARNs ?? [];
    return [
      TargetGroupARNs.length === 0
        ? undefined
        : asg("DetachLoadBalancerTargetGroups", {
            AutoScalingGroupName: it?.it.AutoScalingGroupName,
            TargetGroupARNs,
          }),
    ];
  },
  "changes the group's tags": ({ groups }, pick) => {
    const name = pick(groups)?.it.AutoScalingGroupName;
    const tag = {
      ResourceId: name,
      ResourceType: "auto-scaling-group",
      Key: "Environment",
      Value: "x",
      PropagateAtLaunch: true,
    };
    return [name === undefined ? undefined : asg("CreateOrUpdateTags", { Tags: [tag] })];
  },
  "makes another version the default": ({ templates }, pick) => {
    const id = pick(templates)?.it.LaunchTemplateId;
    if (id === undefined) return [];
    return [
      [
        "ec2",
        "CreateLaunchTemplateVersion",
        { LaunchTemplateId: id, SourceVersion: "$Default", LaunchTemplateData: { InstanceType: "t3.nano" } },
      ],
      ["ec2", "ModifyLaunchTemplate", { LaunchTemplateId: id, DefaultVersion: "$Latest" }],
    ];
  },
  "changes a policy": ({ groups }, pick) => {
    const it = pick(groups);
    const policy = pick((it?.policies ?? []).filter((item) => item.PolicyType === "TargetTrackingScaling"));
    const { PolicyName, TargetTrackingConfiguration: live } = policy ?? {};
    return [
      live &&
        asg("PutScalingPolicy", {
          AutoScalingGroupName: it?.it.AutoScalingGroupName,
          PolicyName,
          PolicyType: "TargetTrackingScaling",
          TargetTrackingConfiguration: { ...live, TargetValue: 12 },
        }),
    ];
  },
  "changes an alarm": ({ alarms }, pick) => {
    const it = pick(alarms)?.it;
    if (it === undefined) return [];
    return [["cloudwatch", "PutMetricAlarm", { ...watchesOf(it), Threshold: 999 }]];
  },
  "silences an alarm": ({ alarms }, pick) => {
    const it = pick(alarms);
    return [it && ["cloudwatch", "DisableAlarmActions", { AlarmNames: [it.it.AlarmName] }]];
  },
  "terminates an instance": ({ groups }, pick) => {
    const id = pick(groups.flatMap((group) => group.it.Instances ?? []))?.InstanceId;
    return [id === undefined ? undefined : ["ec2", "TerminateInstances", { InstanceIds: [id] }]];
  },
} satisfies Record<string, Deed>;

/** Of scenarios alone: what a seed means must not change with every deed that one needs. */
const SCENARIO_DEEDS = {
  "puts a rule of its own in the place of one": ({ rules, listeners }, pick) => {
    const it = pick(rules)?.it;
    const { ListenerArn } = listeners.find((one) => one.rules.some((rule) => rule.it === it))?.it ?? {};
    if (it === undefined || ListenerArn === undefined) return [];
    return [elb("DeleteRule", { RuleArn: it.RuleArn }), elb("CreateRule", ruleOn(ListenerArn))];
  },
  "makes a version with more in it the default": ({ templates }, pick) => {
    const id = pick(templates)?.it.LaunchTemplateId;
    if (id === undefined) return [];
    const LaunchTemplateData = {
      DisableApiTermination: true,
      InstanceMarketOptions: { MarketType: "spot" },
      CreditSpecification: { CpuCredits: "unlimited" },
    };
    return [
      [
        "ec2",
        "CreateLaunchTemplateVersion",
        { LaunchTemplateId: id, SourceVersion: "$Default", LaunchTemplateData },
      ],
      ["ec2", "ModifyLaunchTemplate", { LaunchTemplateId: id, DefaultVersion: "$Latest" }],
    ];
  },
} satisfies Record<string, Deed>;

export type SabotageName = keyof typeof DEEDS | keyof typeof SCENARIO_DEEDS;
export const SABOTAGE_NAMES = Object.keys(DEEDS) as (keyof typeof DEEDS)[];

/** The calls of a deed; which of several victims it meets follows from `pick`. */
export function callsOf(what: SabotageName | RareDeedName, view: AccountView, pick: number): AwsCall[] {
  const deed: Deed = { ...DEEDS, ...SCENARIO_DEEDS, ...RARE_DEEDS }[what];
  const calls = deed(oursIn(view), (items) => items[pick % Math.max(1, items.length)]);
  return calls.filter((call) => call !== undefined);
}
