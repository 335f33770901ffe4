/** What the tests of the reconciler need to say about a whole installation: who changed what, and what is there. */

import type { DriftEvent } from "../../src/model/ledger/drift.ts";
import type { Log } from "../../src/ports.ts";
import type { Fault } from "../../src/simulator/faults/interceptors.ts";
import type { ServiceName } from "../../src/simulator/services.ts";
import {
  exampleSpec,
  Installation,
  type InstallationOptions,
  silent,
  WEB_API,
} from "../support/installation.ts";

/** A spec as a user's editor holds it: what the tests change in it, by name. */
export interface Draft {
  tags: Record<string, string>;
  deletionPolicy?: string;
  loadBalancer: {
    name?: string;
    scheme: string;
    ipAddressType?: string;
    subnetIds?: string[];
    securityGroups: string[];
    attributes: Record<string, unknown>;
    listeners: {
      port: number;
      protocol: string;
      sslPolicy?: string;
      certificates?: string[];
      defaultAction: object;
      rules?: { name: string; priority: number; conditions: object[]; action: object }[];
    }[];
  };
  targetGroups: Record<
    "web",
    { name?: string; port: number; healthCheck: Record<string, unknown>; attributes: Record<string, unknown> }
  > &
    Record<string, object>;
  autoScalingGroups: {
    web: Record<string, unknown> & {
      launchTemplate: Record<string, unknown>;
      scalingPolicies: Record<string, { targetTracking?: Record<string, unknown>; stepScaling?: object }>;
    };
  };
  alarms: Record<string, Record<string, unknown>>;
}

/** A pass that throws is a bug of ours, and the installation would only try again: tell it instead. */
export const loudOfBugs: Log = {
  ...silent,
  error: (fields, message) => {
    console.error(message, fields);
    throw new Error(message);
  },
};

/** An installation that has brought up one service, and has been quiet for a minute since. */
export async function converged(
  spec: unknown = exampleSpec(),
  options: InstallationOptions = {},
): Promise<Installation> {
  const installation = new Installation({ log: loudOfBugs, ...options });
  installation.post(spec);
  await installation.untilReady();
  await installation.clock.advance(60_000);
  return installation;
}

/** The example's spec, changed by `change`. */
export function specWith(change: (spec: Draft) => void): Draft {
  const spec = exampleSpec() as unknown as Draft;
  change(spec);
  return spec;
}

/** Changes that need a target group, or a load balancer, in the place of another one. */
export const port = (spec: Draft) => {
  spec.targetGroups.web.port = 9090;
};
export const scheme = (spec: Draft) => {
  spec.loadBalancer.scheme = "internal";
};

/** Healthy targets of the best target group that a load balancer uses. */
export function serving({ account }: Installation): number {
  const { elb } = account.parts;
  const arns = elb.loadBalancers().flatMap(({ targetGroups }) => targetGroups.map(({ arn }) => arn));
  const healthy = (arn: string) => elb.targets(arn).filter(({ health }) => health.state === "healthy").length;
  return Math.max(0, ...arns.map(healthy));
}

interface ForwardAction {
  readonly ForwardConfig: { TargetGroups: { TargetGroupArn: string; Weight: number }[] };
}

interface Item {
  [member: string]: unknown;
  LoadBalancerArn: string;
  LoadBalancerName: string;
  ListenerArn: string;
  RuleArn: string;
  Port: number;
  Protocol: string;
  Priority: string;
  Tags: object[];
  TargetGroupArn: string;
  TargetGroupName: string;
  Actions: ForwardAction[];
  DefaultActions: ForwardAction[];
  LaunchTemplateId: string;
  LaunchTemplateName: string;
  AutoScalingGroupName: string;
  AutoScalingGroupARN: string;
  Instances: {
    InstanceId: string;
    LifecycleState: string;
    LaunchTemplate: { Version: string };
    State: { Name: string };
  }[];
  PolicyName: string;
  PolicyARN: string;
  AlarmName: string;
  AlarmArn: string;
  Status: string;
  DesiredConfiguration: { LaunchTemplate: { Version: string } };
}

/** The lists that AWS answers with, and of their items what the tests look at. */
type Answer = Record<
  | "LoadBalancers"
  | "Attributes"
  | "Listeners"
  | "Rules"
  | "Certificates"
  | "TagDescriptions"
  | "TargetGroups"
  | "LaunchTemplates"
  | "LaunchTemplateVersions"
  | "AutoScalingGroups"
  | "ScalingPolicies"
  | "InstanceRefreshes"
  | "MetricAlarms"
  | "Tags"
  | "Reservations",
  [Item, ...Item[]]
>;

/** What goes wrong with an AWS operation, `service:Name`; `rule` says how often. */
export function addFault(
  installation: Installation,
  operation: string,
  fault: Fault,
  rule: object = {},
  when: "before" | "after" = "before",
) {
  const [service, name] = operation.split(":") as [ServiceName, string];
  installation.account.faults.add({ service, operation: name, when, fault, ...rule });
}

/** An AWS call by somebody else, also of the operations that Holdfast never uses. */
export function somebody(
  { account, clock }: Installation,
  operation: `${ServiceName}:${string}`,
  input: object,
): Promise<Answer> {
  const [service, name] = operation.split(":") as [ServiceName, string];
  return clock.resolve(account.call(service, name, input) as Promise<Answer>);
}

/** Somebody changes the most that the group may have by hand. */
export function resizeGroup(installation: Installation, MaxSize: number): Promise<Answer> {
  return somebody(installation, "autoscaling:UpdateAutoScalingGroup", {
    AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
    MaxSize,
  });
}

/** AWS's identifier of the resource at an address. */
export function arnOf(installation: Installation, key: string): string {
  const row = installation.get().status?.resources.find((resource) => resource.key === key);
  if (row?.arn === undefined) throw new Error(`${key} has no ARN in the status`);
  return row.arn;
}

export function nameOf(installation: Installation, key: string): string {
  const row = installation.get().status?.resources.find((resource) => resource.key === key);
  if (row === undefined) throw new Error(`${key} is not in the status`);
  return row.name;
}

export function driftEvents(installation: Installation): DriftEvent[] {
  return installation.store.driftEvents({ limit: 500 }).items;
}

/** Asks for passes until nothing is left to put right: no open drift, and in sync. */
export async function untilRepaired(installation: Installation, limitMs = 3_600_000): Promise<void> {
  installation.controller.request(WEB_API);
  await installation.until(() => driftEvents(installation).length > 0, limitMs);
  await installation.until(
    () =>
      driftEvents(installation).every((event) => event.state !== "Open") &&
      installation.condition("Ready")?.status === "True",
    limitMs,
  );
}

/** Runs the world in small steps until the service is ready for its generation, looking after each. */
export async function watching(
  installation: Installation,
  look: () => Promise<void> | void,
  limitMs = 4 * 3_600_000,
) {
  for (let passedMs = 0; passedMs < limitMs; passedMs += 2_000) {
    await installation.clock.advance(2_000);
    await look();
    const { metadata, status } = installation.get();
    if (
      status?.observedGeneration === metadata.generation &&
      installation.condition("Ready")?.status === "True"
    )
      return;
  }
  throw new Error("it does not become ready");
}

/** AWS calls of the kind that reads, so far. */
export function readsOf({ account }: Installation): number {
  return account.calls.total() - account.calls.mutating();
}

const VOLATILE = new Set([
  "$metadata",
  "Instances",
  "DesiredCapacity",
  "StateValue",
  "StateReason",
  "StateReasonData",
  "StateUpdatedTimestamp",
  "StateTransitionedTimestamp",
  "AlarmConfigurationUpdatedTimestamp",
  "CreatedTime",
  "CreateTime",
  "State",
  "DNSName",
  "EvaluationState",
  "WarmPoolSize",
  "PredictedCapacity",
  "CreatedBy",
]);

/** Everything that is configured in the account, without what moves by itself. */
export async function census(installation: Installation): Promise<Record<string, unknown>> {
  const ask = (operation: `${ServiceName}:${string}`, input: object = {}) =>
    somebody(installation, operation, input);
  const balancers = (await ask("elasticloadbalancing:DescribeLoadBalancers")).LoadBalancers;
  const groups = (await ask("elasticloadbalancing:DescribeTargetGroups")).TargetGroups;
  const answer: Record<string, unknown> = {};
  // The epoch moves with each generation.
  const tagsOf = async (arn: string) =>
    (await ask("elasticloadbalancing:DescribeTags", { ResourceArns: [arn] })).TagDescriptions[0].Tags.filter(
      (tag: object) => !JSON.stringify(tag).includes("holdfast.dev/epoch"),
    );
  for (const balancer of balancers) {
    const LoadBalancerArn = balancer.LoadBalancerArn;
    const { Attributes } = await ask("elasticloadbalancing:DescribeLoadBalancerAttributes", {
      LoadBalancerArn,
    });
    const { Listeners } = await ask("elasticloadbalancing:DescribeListeners", { LoadBalancerArn });
    answer[balancer.LoadBalancerName] = { balancer, Attributes, tags: await tagsOf(LoadBalancerArn) };
    for (const listener of Listeners) {
      const { ListenerArn } = listener;
      const { Rules } = await ask("elasticloadbalancing:DescribeRules", { ListenerArn });
      const secure = listener.Protocol === "HTTPS";
      const certificates = secure
        ? (await ask("elasticloadbalancing:DescribeListenerCertificates", { ListenerArn })).Certificates
        : [];
      const rules = [];
      for (const rule of Rules) {
        rules.push({ rule, tags: await tagsOf(rule.RuleArn) });
        answer[`arn ${rule.RuleArn}`] = `rule ${balancer.LoadBalancerName} ${listener.Port} ${rule.Priority}`;
      }
      answer[`arn ${ListenerArn}`] = `listener ${balancer.LoadBalancerName} ${listener.Port}`;
      answer[`${balancer.LoadBalancerName}:${listener.Port}`] = {
        listener,
        rules,
        certificates,
        tags: await tagsOf(ListenerArn),
      };
    }
    answer[`arn ${LoadBalancerArn.split("loadbalancer/")[1]}`] = `dimension ${balancer.LoadBalancerName}`;
    answer[`arn ${LoadBalancerArn}`] = `load balancer ${balancer.LoadBalancerName}`;
  }
  for (const group of groups) {
    const TargetGroupArn = group.TargetGroupArn;
    const { Attributes } = await ask("elasticloadbalancing:DescribeTargetGroupAttributes", {
      TargetGroupArn,
    });
    answer[group.TargetGroupName] = { group, Attributes, tags: await tagsOf(TargetGroupArn) };
    answer[`arn ${TargetGroupArn.slice(TargetGroupArn.indexOf("targetgroup/"))}`] =
      `dimension ${group.TargetGroupName}`;
    answer[`arn ${TargetGroupArn}`] = `target group ${group.TargetGroupName}`;
  }
  for (const template of (await ask("ec2:DescribeLaunchTemplates")).LaunchTemplates) {
    const versions = await ask("ec2:DescribeLaunchTemplateVersions", {
      LaunchTemplateId: template.LaunchTemplateId,
    });
    answer[template.LaunchTemplateName] = { template, versions: versions.LaunchTemplateVersions };
    answer[`arn ${template.LaunchTemplateId}`] = `launch template ${template.LaunchTemplateName}`;
  }
  for (const group of (await ask("autoscaling:DescribeAutoScalingGroups")).AutoScalingGroups) {
    const { AutoScalingGroupName } = group;
    const policies = (await ask("autoscaling:DescribePolicies", { AutoScalingGroupName })).ScalingPolicies;
    answer[AutoScalingGroupName] = { group, policies };
    answer[`arn ${group.AutoScalingGroupARN}`] = `group ${AutoScalingGroupName}`;
    for (const policy of policies) answer[`arn ${policy.PolicyARN}`] = `policy ${policy.PolicyName}`;
  }
  for (const alarm of (await ask("cloudwatch:DescribeAlarms")).MetricAlarms) {
    const { Tags } = await ask("cloudwatch:ListTagsForResource", { ResourceARN: alarm.AlarmArn });
    // A target tracking policy gives its alarms new names each time it is made.
    if (!alarm.AlarmName.startsWith("TargetTracking-")) answer[alarm.AlarmName] = { alarm, Tags };
  }
  return comparable(answer);
}

/** Names in place of the identifiers that AWS makes up, so that a resource made again equals the one before. */
function comparable(answer: Record<string, unknown>): Record<string, unknown> {
  const arns = Object.keys(answer)
    .filter((name) => name.startsWith("arn "))
    .map((name) => [name.slice(4), String(answer[name])] as const)
    .sort(([a], [b]) => b.length - a.length);
  const kept = Object.fromEntries(Object.entries(answer).filter(([name]) => !name.startsWith("arn ")));
  let text = JSON.stringify(kept, (name, value) =>
    VOLATILE.has(name) || name === "Alarms" ? undefined : value,
  );
  for (const [arn, name] of arns) text = text.replaceAll(arn, name);
  return inOrder(JSON.parse(text)) as Record<string, unknown>;
}

/** Lists whose order AWS does not keep are put into one. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => JSON.stringify(inOrder(item))).sort();
    return items.map((item) => JSON.parse(item));
  }
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inOrder(member)]));
}
