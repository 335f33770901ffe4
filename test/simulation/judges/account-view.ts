/** The whole account as a plain person with the AWS CLI would read it. */

import type * as asg from "@aws-sdk/client-auto-scaling";
import type * as cw from "@aws-sdk/client-cloudwatch";
import type * as ec2 from "@aws-sdk/client-ec2";
import type * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../../../src/simulator/account.ts";
import type { ServiceName } from "../../../src/simulator/services.ts";

export type Tags = Record<string, string>;

interface RuleView {
  it: elb.Rule;
  tags: Tags;
}
export interface ListenerView {
  it: elb.Listener;
  tags: Tags;
  moreCertificates: string[];
  rules: RuleView[];
}
interface LoadBalancerView {
  it: elb.LoadBalancer;
  tags: Tags;
  attributes: Tags;
  listeners: ListenerView[];
}
export interface TargetGroupView {
  it: elb.TargetGroup;
  tags: Tags;
  attributes: Tags;
  health: elb.TargetHealthDescription[];
}
export interface GroupView {
  it: asg.AutoScalingGroup;
  tags: Tags;
  policies: asg.ScalingPolicy[];
  scheduledActions: asg.ScheduledUpdateGroupAction[];
  lifecycleHooks: asg.LifecycleHook[];
  notifications: asg.NotificationConfiguration[];
}
interface TemplateView {
  it: ec2.LaunchTemplate;
  tags: Tags;
  /** Of the default version. */
  data: ec2.ResponseLaunchTemplateData;
  versions: ec2.LaunchTemplateVersion[];
}
interface AlarmView {
  it: cw.MetricAlarm;
  tags: Tags;
}
export interface AccountView {
  loadBalancers: LoadBalancerView[];
  targetGroups: TargetGroupView[];
  groups: GroupView[];
  templates: TemplateView[];
  alarms: AlarmView[];
}

/** Everything that stands in the account at this moment: no virtual time passes, and nothing is moved by the reading. */
export function readAccount(account: Account): AccountView {
  const ask = <T>(service: ServiceName, operation: string, input: object): T =>
    account.look(service, operation, input) as T;
  const loadBalancer = (it: elb.LoadBalancer): LoadBalancerView => {
    const LoadBalancerArn = it.LoadBalancerArn ?? "";
    const { Attributes } = ask<elb.DescribeLoadBalancerAttributesCommandOutput>(
      "elasticloadbalancing",
      "DescribeLoadBalancerAttributes",
      { LoadBalancerArn },
    );
    const { Listeners = [] } = ask<elb.DescribeListenersCommandOutput>(
      "elasticloadbalancing",
      "DescribeListeners",
      { LoadBalancerArn },
    );
    return {
      it,
      tags: elbTags(LoadBalancerArn),
      attributes: pairs(Attributes),
      listeners: Listeners.map(listener),
    };
  };
  const listener = (it: elb.Listener): ListenerView => {
    const ListenerArn = it.ListenerArn ?? "";
    const { Certificates = [] } =
      it.Protocol === "HTTPS"
        ? ask<elb.DescribeListenerCertificatesCommandOutput>(
            "elasticloadbalancing",
            "DescribeListenerCertificates",
            { ListenerArn },
          )
        : {};
    const { Rules = [] } = ask<elb.DescribeRulesCommandOutput>("elasticloadbalancing", "DescribeRules", {
      ListenerArn,
    });
    return {
      it,
      tags: elbTags(ListenerArn),
      moreCertificates: Certificates.filter((entry) => entry.IsDefault !== true).map(
        (entry) => entry.CertificateArn ?? "",
      ),
      rules: Rules.filter((rule) => rule.IsDefault !== true).map((rule) => ({
        it: rule,
        tags: elbTags(rule.RuleArn ?? ""),
      })),
    };
  };
  const elbTags = (arn: string): Tags => {
    const { TagDescriptions = [] } = ask<elb.DescribeTagsCommandOutput>(
      "elasticloadbalancing",
      "DescribeTags",
      { ResourceArns: [arn] },
    );
    return pairs(TagDescriptions[0]?.Tags);
  };
  const targetGroup = (it: elb.TargetGroup): TargetGroupView => {
    const TargetGroupArn = it.TargetGroupArn ?? "";
    const { Attributes } = ask<elb.DescribeTargetGroupAttributesCommandOutput>(
      "elasticloadbalancing",
      "DescribeTargetGroupAttributes",
      { TargetGroupArn },
    );
    const { TargetHealthDescriptions = [] } = ask<elb.DescribeTargetHealthCommandOutput>(
      "elasticloadbalancing",
      "DescribeTargetHealth",
      { TargetGroupArn },
    );
    return {
      it,
      tags: elbTags(TargetGroupArn),
      attributes: pairs(Attributes),
      health: TargetHealthDescriptions,
    };
  };
  const group = (it: asg.AutoScalingGroup): GroupView => {
    const { AutoScalingGroupName } = it;
    const { ScalingPolicies = [] } = ask<asg.DescribePoliciesCommandOutput>(
      "autoscaling",
      "DescribePolicies",
      { AutoScalingGroupName },
    );
    const { ScheduledUpdateGroupActions = [] } = ask<asg.DescribeScheduledActionsCommandOutput>(
      "autoscaling",
      "DescribeScheduledActions",
      { AutoScalingGroupName },
    );
    const { LifecycleHooks = [] } = ask<asg.DescribeLifecycleHooksCommandOutput>(
      "autoscaling",
      "DescribeLifecycleHooks",
      { AutoScalingGroupName },
    );
    const { NotificationConfigurations = [] } = ask<asg.DescribeNotificationConfigurationsCommandOutput>(
      "autoscaling",
      "DescribeNotificationConfigurations",
      { AutoScalingGroupNames: [AutoScalingGroupName] },
    );
    return {
      it,
      tags: pairs(it.Tags),
      policies: ScalingPolicies,
      scheduledActions: ScheduledUpdateGroupActions,
      lifecycleHooks: LifecycleHooks,
      notifications: NotificationConfigurations,
    };
  };
  const template = (it: ec2.LaunchTemplate): TemplateView => {
    const { LaunchTemplateVersions: versions = [] } = ask<ec2.DescribeLaunchTemplateVersionsCommandOutput>(
      "ec2",
      "DescribeLaunchTemplateVersions",
      { LaunchTemplateId: it.LaunchTemplateId },
    );
    const normal = versions.find((version) => version.DefaultVersion === true);
    return { it, tags: pairs(it.Tags), data: normal?.LaunchTemplateData ?? {}, versions };
  };
  const alarm = (it: cw.MetricAlarm): AlarmView => {
    const { Tags } = ask<cw.ListTagsForResourceCommandOutput>("cloudwatch", "ListTagsForResource", {
      ResourceARN: it.AlarmArn,
    });
    return { it, tags: pairs(Tags) };
  };
  const { LoadBalancers = [] } = ask<elb.DescribeLoadBalancersCommandOutput>(
    "elasticloadbalancing",
    "DescribeLoadBalancers",
    {},
  );
  const { TargetGroups = [] } = ask<elb.DescribeTargetGroupsCommandOutput>(
    "elasticloadbalancing",
    "DescribeTargetGroups",
    {},
  );
  const { AutoScalingGroups = [] } = ask<asg.DescribeAutoScalingGroupsCommandOutput>(
    "autoscaling",
    "DescribeAutoScalingGroups",
    {},
  );
  const { LaunchTemplates = [] } = ask<ec2.DescribeLaunchTemplatesCommandOutput>(
    "ec2",
    "DescribeLaunchTemplates",
    {},
  );
  const { MetricAlarms = [] } = ask<cw.DescribeAlarmsCommandOutput>("cloudwatch", "DescribeAlarms", {});
  return {
    loadBalancers: LoadBalancers.map(loadBalancer),
    targetGroups: TargetGroups.map(targetGroup),
    groups: AutoScalingGroups.map(group),
    templates: LaunchTemplates.map(template),
    alarms: MetricAlarms.map(alarm),
  };
}

function pairs(list: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): Tags {
  return Object.fromEntries((list ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}
