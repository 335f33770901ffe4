/** A resource as it stands in AWS, read by its id, as its part of a spec: what an import would write of it. */
import { type Address, LOAD_BALANCER } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import type { ObservedResource } from "../core/resource.ts";
import { alarmFromAws } from "../kinds/alarm/from-aws.ts";
import { groupFromAws } from "../kinds/auto-scaling-group/from-aws.ts";
import { texts } from "../kinds/field-values.ts";
import { held, type Places, type Written } from "../kinds/from-aws.ts";
import type { Reader } from "../kinds/kind.ts";
import { templateFromAws } from "../kinds/launch-template/from-aws.ts";
import { lifecycleHookFromAws } from "../kinds/lifecycle-hook/from-aws.ts";
import { listenerFromAws } from "../kinds/listener/from-aws.ts";
import { ruleFromAws } from "../kinds/listener-rule/from-aws.ts";
import { loadBalancerFromAws } from "../kinds/load-balancer/from-aws.ts";
import { notificationFromAws } from "../kinds/notification/from-aws.ts";
import { present, required } from "../kinds/required.ts";
import { policyFromAws } from "../kinds/scaling-policy/from-aws.ts";
import { scheduledActionFromAws } from "../kinds/scheduled-action/from-aws.ts";
import type { Tags } from "../kinds/tags.ts";
import { targetGroupFromAws } from "../kinds/target-group/from-aws.ts";
import { warmPoolFromAws } from "../kinds/warm-pool/from-aws.ts";

export interface PartInput {
  readonly reader: Reader;
  readonly observed: ObservedResource;
  readonly places: Places;
  /** `spec.tags`, and `spec.subnetIds` with what they stand for. */
  readonly sharedTags: Tags;
  readonly subnetIds: readonly string[];
}

/** Those of one resource alone are looked at by their fields. */
const NO_TAGS: Tags = {};

const PARTS: Readonly<Record<KindName, (input: PartInput) => Promise<Written>>> = {
  async loadBalancer({ reader, observed: { id, fields }, subnetIds }) {
    const [balancers, attributes] = await Promise.all([
      reader.call("elasticloadbalancing:DescribeLoadBalancers", { LoadBalancerArns: [id] }),
      reader.call("elasticloadbalancing:DescribeLoadBalancerAttributes", { LoadBalancerArn: id }),
    ]);
    const answers = {
      item: required(balancers.LoadBalancers?.[0], "LoadBalancers"),
      attributes: required(attributes.Attributes, "Attributes"),
      tags: NO_TAGS,
    };
    const written = loadBalancerFromAws(answers, NO_TAGS);
    const subnets = texts(fields, "subnets");
    const isOfAll = JSON.stringify(subnets) === JSON.stringify([...subnetIds].sort());
    return written.is === "held" && !isOfAll ? held({ ...written.part, subnetIds: subnets }) : written;
  },
  async targetGroup({ reader, observed: { id } }) {
    const [groups, attributes] = await Promise.all([
      reader.call("elasticloadbalancing:DescribeTargetGroups", { TargetGroupArns: [id] }),
      reader.call("elasticloadbalancing:DescribeTargetGroupAttributes", { TargetGroupArn: id }),
    ]);
    const answers = {
      item: required(groups.TargetGroups?.[0], "TargetGroups"),
      attributes: required(attributes.Attributes, "Attributes"),
      tags: NO_TAGS,
    };
    return targetGroupFromAws(answers, NO_TAGS);
  },
  async listener({ reader, observed: { id }, places }) {
    const { Listeners } = await reader.call("elasticloadbalancing:DescribeListeners", { ListenerArns: [id] });
    const item = required(Listeners?.[0], "Listeners");
    const certificates =
      item.Protocol === "HTTPS"
        ? await reader.list(
            "elasticloadbalancing:DescribeListenerCertificates",
            { ListenerArn: id, PageSize: 400 },
            (page) => page.Certificates,
          )
        : [];
    return listenerFromAws({ item, certificates, tags: NO_TAGS }, places, NO_TAGS);
  },
  async rule({ reader, observed: { id, name }, places }) {
    const { Rules } = await reader.call("elasticloadbalancing:DescribeRules", { RuleArns: [id] });
    return ruleFromAws({ item: required(Rules?.[0], "Rules"), tags: NO_TAGS }, name, places, NO_TAGS);
  },
  async launchTemplate({ reader, observed: { id, name }, sharedTags }) {
    const { LaunchTemplateVersions } = await reader.call("ec2:DescribeLaunchTemplateVersions", {
      LaunchTemplateId: id,
      Versions: ["$Default"],
    });
    const version = required(LaunchTemplateVersions?.[0], "LaunchTemplateVersions");
    return templateFromAws({ version, tags: NO_TAGS }, { name }, sharedTags);
  },
  async autoScalingGroup({ reader, observed: { id }, ...around }) {
    const { AutoScalingGroups } = await reader.call("autoscaling:DescribeAutoScalingGroups", {
      AutoScalingGroupNames: [id],
    });
    return groupFromAws(required(AutoScalingGroups?.[0], "AutoScalingGroups"), around);
  },
  async scalingPolicy({ reader, observed: { parent, attributes }, places }) {
    const { ScalingPolicies } = await reader.call("autoscaling:DescribePolicies", {
      AutoScalingGroupName: present(parent, "its group"),
      PolicyNames: [present(attributes.name, "its PolicyName")],
    });
    return policyFromAws(required(ScalingPolicies?.[0], "ScalingPolicies"), places);
  },
  async scheduledAction({ reader, observed: { parent, attributes } }) {
    const { ScheduledUpdateGroupActions } = await reader.call("autoscaling:DescribeScheduledActions", {
      AutoScalingGroupName: present(parent, "its group"),
      ScheduledActionNames: [present(attributes.name, "its ScheduledActionName")],
    });
    const action = required(ScheduledUpdateGroupActions?.[0], "ScheduledUpdateGroupActions");
    return scheduledActionFromAws(action, reader.nowMs());
  },
  async lifecycleHook({ reader, observed: { parent, attributes } }) {
    const { LifecycleHooks } = await reader.call("autoscaling:DescribeLifecycleHooks", {
      AutoScalingGroupName: present(parent, "its group"),
      LifecycleHookNames: [present(attributes.name, "its LifecycleHookName")],
    });
    return lifecycleHookFromAws(required(LifecycleHooks?.[0], "LifecycleHooks"));
  },
  async notification({ reader, observed: { parent, attributes } }) {
    const items = await reader.list(
      "autoscaling:DescribeNotificationConfigurations",
      { AutoScalingGroupNames: [present(parent, "its group")], MaxRecords: 100 },
      (page) => page.NotificationConfigurations,
    );
    return notificationFromAws(items.filter(({ TopicARN }) => TopicARN === attributes.topic));
  },
  async warmPool({ reader, observed: { parent } }) {
    const { WarmPoolConfiguration } = await reader.call("autoscaling:DescribeWarmPool", {
      AutoScalingGroupName: present(parent, "its group"),
      MaxRecords: 1,
    });
    return warmPoolFromAws(required(WarmPoolConfiguration, "WarmPoolConfiguration"));
  },
  async alarm({ reader, observed: { name }, places }) {
    const { MetricAlarms } = await reader.call("cloudwatch:DescribeAlarms", {
      AlarmNames: [name],
      AlarmTypes: ["MetricAlarm"],
    });
    return alarmFromAws(
      { item: required(MetricAlarms?.[0], "MetricAlarms"), tags: NO_TAGS },
      places,
      NO_TAGS,
    );
  },
};

/** @throws CloudError */
export function partOf(input: PartInput): Promise<Written> {
  return PARTS[input.observed.kind](input);
}

/** Where in the spec stands what is there. */
export function placesIn(current: ReadonlyMap<Address, ObservedResource>): Places {
  const found = (kind: KindName, isIt: (resource: ObservedResource) => boolean) =>
    [...current].find(([, resource]) => resource.kind === kind && isIt(resource))?.[0];
  const dimension = (kind: KindName, value: string) =>
    found(kind, ({ attributes }) => attributes.dimension === value);
  return {
    targetGroup: (arn) => found("targetGroup", ({ id }) => id === arn),
    autoScalingGroup: (name) => found("autoScalingGroup", ({ id }) => id === name),
    scalingPolicy: (arn) => found("scalingPolicy", ({ id }) => id === arn),
    dimension(name, value) {
      if (name === "LoadBalancer") return dimension("loadBalancer", value);
      if (name === "TargetGroup") return dimension("targetGroup", value);
      return name === "AutoScalingGroupName"
        ? found("autoScalingGroup", ({ id }) => id === value)
        : undefined;
    },
    resourceLabel(label) {
      const own = current.get(LOAD_BALANCER)?.attributes.dimension;
      if (own === undefined || !label.startsWith(`${own}/`)) return undefined;
      return dimension("targetGroup", label.slice(own.length + 1));
    },
  };
}
