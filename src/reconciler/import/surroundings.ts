/** AWS's answers that an import is made of, as they came. */

import type { MetricAlarm } from "../kinds/alarm/kind.ts";
import type { AutoScalingGroup } from "../kinds/auto-scaling-group/fleet.ts";
import type { Item } from "../kinds/kind.ts";
import type { Version } from "../kinds/launch-template/content.ts";
import type { LifecycleHook } from "../kinds/lifecycle-hook/kind.ts";
import type { Notification } from "../kinds/notification/kind.ts";
import type { ScalingPolicy } from "../kinds/scaling-policy/type.ts";
import type { ScheduledAction } from "../kinds/scheduled-action/kind.ts";
import type { Tags } from "../kinds/tags.ts";

export type LoadBalancer = Item<"elasticloadbalancing:DescribeLoadBalancers", "LoadBalancers">;
export type Listener = Item<"elasticloadbalancing:DescribeListeners", "Listeners">;
export type Rule = Item<"elasticloadbalancing:DescribeRules", "Rules">;
type Certificate = Item<"elasticloadbalancing:DescribeListenerCertificates", "Certificates">;
export type TargetGroup = Item<"elasticloadbalancing:DescribeTargetGroups", "TargetGroups">;
type Attribute = Item<"elasticloadbalancing:DescribeTargetGroupAttributes", "Attributes">;
type Target = Item<"elasticloadbalancing:DescribeTargetHealth", "TargetHealthDescriptions">;

export interface ListenerWithRules {
  readonly item: Listener;
  readonly certificates: readonly Certificate[];
  /** Without the default one. */
  readonly rules: readonly Rule[];
}

/** What is read before anybody knows what belongs to the tier. */
export interface Surroundings {
  readonly loadBalancer: LoadBalancer;
  readonly listeners: readonly ListenerWithRules[];
  /** Of the whole Region. */
  readonly targetGroups: readonly TargetGroup[];
  readonly groups: readonly AutoScalingGroup[];
  readonly alarms: readonly MetricAlarm[];
}

export interface TemplateAnswers {
  readonly id: string;
  readonly name: string;
  readonly defaultVersion: number | undefined;
  readonly tags: Tags;
  /** The one that the group names: `$Latest` and `$Default` stand for a number. */
  readonly version: Version;
}

export interface GroupDetails {
  readonly policies: readonly ScalingPolicy[];
  readonly scheduledActions: readonly ScheduledAction[];
  readonly lifecycleHooks: readonly LifecycleHook[];
  readonly notifications: Notification;
  readonly template: TemplateAnswers;
}

/** What is read of the members of the tier. */
export interface Details {
  readonly loadBalancerAttributes: readonly Attribute[];
  /** By ARN: of the load balancer, its listeners, rules and target groups, and of alarms. */
  readonly tags: ReadonlyMap<string, Tags>;
  readonly targetGroupAttributes: ReadonlyMap<string, readonly Attribute[]>;
  readonly targets: ReadonlyMap<string, readonly Target[]>;
  readonly groups: ReadonlyMap<string, GroupDetails>;
  readonly unread: readonly { readonly operation: string; readonly reason: string }[];
}
