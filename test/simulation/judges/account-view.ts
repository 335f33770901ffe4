/** The whole account as a plain person with the AWS CLI would read it. */

import type * as asg from "@aws-sdk/client-auto-scaling";
import type * as cw from "@aws-sdk/client-cloudwatch";
import type * as ec2 from "@aws-sdk/client-ec2";
import type * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../../../src/simulator/account.ts";
import type { ServiceName } from "../../../src/simulator/services.ts";

export type Tags = Record<string, string>;

export interface RuleView {
  it: elb.Rule;
  tags: Tags;
}
export interface ListenerView {
  it: elb.Listener;
  tags: Tags;
  moreCertificates: string[];
  rules: RuleView[];
}
export interface LoadBalancerView {
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
}
export interface TemplateView {
  it: ec2.LaunchTemplate;
  tags: Tags;
  /** Of the default version. */
  data: ec2.ResponseLaunchTemplateData;
  versions: ec2.LaunchTemplateVersion[];
}
export interface AlarmView {
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

/** Reads everything. Takes some virtual time, like every reading. */
export async function readAccount(account: Account): Promise<AccountView> {
  const ask = async <T>(service: ServiceName, operation: string, input: object): Promise<T> =>
    (await account.call(service, operation, input, { accessKeyId: "oracle" })) as T;
  const loadBalancers = async () => {
    const { LoadBalancers = [] } = await ask<elb.DescribeLoadBalancersCommandOutput>(
      "elasticloadbalancing",
      "DescribeLoadBalancers",
      {},
    );
    return Promise.all(LoadBalancers.map(loadBalancer));
  };
  const loadBalancer = async (it: elb.LoadBalancer): Promise<LoadBalancerView> => {
    const LoadBalancerArn = it.LoadBalancerArn ?? "";
    const [tags, attributes, listeners] = await Promise.all([
      elbTags(LoadBalancerArn),
      ask<elb.DescribeLoadBalancerAttributesCommandOutput>(
        "elasticloadbalancing",
        "DescribeLoadBalancerAttributes",
        { LoadBalancerArn },
      ),
      ask<elb.DescribeListenersCommandOutput>("elasticloadbalancing", "DescribeListeners", {
        LoadBalancerArn,
      }),
    ]);
    return {
      it,
      tags,
      attributes: pairs(attributes.Attributes),
      listeners: await Promise.all((listeners.Listeners ?? []).map(listener)),
    };
  };
  const listener = async (it: elb.Listener): Promise<ListenerView> => {
    const ListenerArn = it.ListenerArn ?? "";
    const [tags, certificates, rules] = await Promise.all([
      elbTags(ListenerArn),
      it.Protocol === "HTTPS"
        ? ask<elb.DescribeListenerCertificatesCommandOutput>(
            "elasticloadbalancing",
            "DescribeListenerCertificates",
            { ListenerArn },
          )
        : { Certificates: [] },
      ask<elb.DescribeRulesCommandOutput>("elasticloadbalancing", "DescribeRules", { ListenerArn }),
    ]);
    const own = (rules.Rules ?? []).filter((rule) => rule.IsDefault !== true);
    return {
      it,
      tags,
      moreCertificates: (certificates.Certificates ?? [])
        .filter((entry) => entry.IsDefault !== true)
        .map((entry) => entry.CertificateArn ?? ""),
      rules: await Promise.all(
        own.map(async (rule) => ({ it: rule, tags: await elbTags(rule.RuleArn ?? "") })),
      ),
    };
  };
  const elbTags = async (arn: string): Promise<Tags> => {
    const { TagDescriptions = [] } = await ask<elb.DescribeTagsCommandOutput>(
      "elasticloadbalancing",
      "DescribeTags",
      { ResourceArns: [arn] },
    );
    return pairs(TagDescriptions[0]?.Tags);
  };
  const targetGroups = async () => {
    const { TargetGroups = [] } = await ask<elb.DescribeTargetGroupsCommandOutput>(
      "elasticloadbalancing",
      "DescribeTargetGroups",
      {},
    );
    return Promise.all(
      TargetGroups.map(async (it): Promise<TargetGroupView> => {
        const TargetGroupArn = it.TargetGroupArn ?? "";
        const [tags, attributes, health] = await Promise.all([
          elbTags(TargetGroupArn),
          ask<elb.DescribeTargetGroupAttributesCommandOutput>(
            "elasticloadbalancing",
            "DescribeTargetGroupAttributes",
            { TargetGroupArn },
          ),
          ask<elb.DescribeTargetHealthCommandOutput>("elasticloadbalancing", "DescribeTargetHealth", {
            TargetGroupArn,
          }),
        ]);
        return {
          it,
          tags,
          attributes: pairs(attributes.Attributes),
          health: health.TargetHealthDescriptions ?? [],
        };
      }),
    );
  };
  const groups = async () => {
    const { AutoScalingGroups = [] } = await ask<asg.DescribeAutoScalingGroupsCommandOutput>(
      "autoscaling",
      "DescribeAutoScalingGroups",
      {},
    );
    return Promise.all(
      AutoScalingGroups.map(async (it): Promise<GroupView> => {
        const AutoScalingGroupName = it.AutoScalingGroupName ?? "";
        const { ScalingPolicies = [] } = await ask<asg.DescribePoliciesCommandOutput>(
          "autoscaling",
          "DescribePolicies",
          { AutoScalingGroupName },
        );
        return { it, tags: pairs(it.Tags), policies: ScalingPolicies };
      }),
    );
  };
  const templates = async () => {
    const { LaunchTemplates = [] } = await ask<ec2.DescribeLaunchTemplatesCommandOutput>(
      "ec2",
      "DescribeLaunchTemplates",
      {},
    );
    return Promise.all(
      LaunchTemplates.map(async (it): Promise<TemplateView> => {
        const input = { LaunchTemplateId: it.LaunchTemplateId };
        const { LaunchTemplateVersions = [] } = await ask<ec2.DescribeLaunchTemplateVersionsCommandOutput>(
          "ec2",
          "DescribeLaunchTemplateVersions",
          input,
        );
        const normal = LaunchTemplateVersions.find((version) => version.DefaultVersion === true);
        return {
          it,
          tags: pairs(it.Tags),
          data: normal?.LaunchTemplateData ?? {},
          versions: LaunchTemplateVersions,
        };
      }),
    );
  };
  const alarms = async () => {
    const { MetricAlarms = [] } = await ask<cw.DescribeAlarmsCommandOutput>(
      "cloudwatch",
      "DescribeAlarms",
      {},
    );
    return Promise.all(
      MetricAlarms.map(async (it): Promise<AlarmView> => {
        const { Tags } = await ask<cw.ListTagsForResourceCommandOutput>("cloudwatch", "ListTagsForResource", {
          ResourceARN: it.AlarmArn,
        });
        return { it, tags: pairs(Tags) };
      }),
    );
  };
  const [a, b, c, d, e] = await Promise.all([
    loadBalancers(),
    targetGroups(),
    groups(),
    templates(),
    alarms(),
  ]);
  return { loadBalancers: a, targetGroups: b, groups: c, templates: d, alarms: e };
}

function pairs(list: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): Tags {
  return Object.fromEntries((list ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}
