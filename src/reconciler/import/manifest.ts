/** The manifest of a tier as it runs, before admission has looked at it. Pure. */
import {
  type Address,
  alarmAddress,
  LOAD_BALANCER,
  launchTemplateAddress,
  listenerAddress,
  ruleAddress,
  scalingGroupAddress,
  scalingPolicyAddress,
  targetGroupAddress,
  warmPoolAddress,
} from "../../model/address.ts";
import type { Neighbour, NotCompared } from "../../model/import.ts";
import type { KindName } from "../../model/kind-name.ts";
import type { Value } from "../../model/value.ts";
import { alarmFromAws } from "../kinds/alarm/from-aws.ts";
import type { MetricAlarm } from "../kinds/alarm/kind.ts";
import type { AutoScalingGroup } from "../kinds/auto-scaling-group/fleet.ts";
import { groupFromAws } from "../kinds/auto-scaling-group/from-aws.ts";
import { type Answers, membersOf } from "../kinds/coverage/answer-members.ts";
import type { Part, Places, Written } from "../kinds/from-aws.ts";
import { instanceTagsOf } from "../kinds/launch-template/content.ts";
import { templateFromAws } from "../kinds/launch-template/from-aws.ts";
import { listenerFromAws } from "../kinds/listener/from-aws.ts";
import { ruleFromAws } from "../kinds/listener-rule/from-aws.ts";
import { loadBalancerFromAws } from "../kinds/load-balancer/from-aws.ts";
import { policyFromAws } from "../kinds/scaling-policy/from-aws.ts";
import { type Tags, tagsFromList, textsOf } from "../kinds/tags.ts";
import { targetGroupFromAws } from "../kinds/target-group/from-aws.ts";
import { warmPoolFromAws } from "../kinds/warm-pool/from-aws.ts";
import { childKeys } from "./child-keys.ts";
import { type GroupChild, groupChildrenOf } from "./group-children.ts";
import type { Neighbourhood } from "./neighbourhood.ts";
import { type Keys, type PlacedPolicy, placesOf } from "./places.ts";
import { sharedTags } from "./shared-tags.ts";
import type { Details, ListenerWithRules, Rule, Surroundings, TemplateAnswers } from "./surroundings.ts";
import { identityOf } from "./templates.ts";

export interface Drafted {
  readonly region: string;
  readonly around: Surroundings;
  readonly near: Neighbourhood;
  readonly keys: Keys;
  readonly details: Details;
  readonly alarms: readonly MetricAlarm[];
  readonly alarmTags: ReadonlyMap<string, Tags>;
  /** AWS's id of what cannot be held together with the rest, though its kind could hold it → why. */
  readonly vetoes: ReadonlyMap<string, string>;
  /** When it was read. */
  readonly nowMs: number;
}

export interface Draft {
  readonly spec: Part;
  readonly notCompared: readonly NotCompared[];
  readonly neighbours: readonly Neighbour[];
  /** Path in the spec of what may be left out → AWS's id of it. */
  readonly mayGo: ReadonlyMap<string, string>;
}

/** What a draft is written with, and what it collects. */
interface Writing extends Drafted {
  readonly places: Places;
  readonly policies: readonly PlacedPolicy[];
  readonly tags: Tags;
  readonly subnetIds: readonly string[];
  readonly notCompared: NotCompared[];
  readonly neighbours: Neighbour[];
  readonly mayGo: Map<string, string>;
}

export function draftOf(drafted: Drafted): Draft {
  const { region, around, near, keys, details } = drafted;
  const policies = placedPolicies(near, details);
  const { loadBalancer } = around;
  const subnetIds = (loadBalancer.AvailabilityZones ?? []).flatMap(({ SubnetId }) => SubnetId ?? []).sort();
  const writing: Writing = {
    ...drafted,
    policies,
    places: placesOf(loadBalancer, keys, heldPolicies(policies, drafted)),
    tags: tagsOfAll(drafted),
    subnetIds,
    notCompared: [],
    neighbours: [],
    mayGo: new Map(),
  };
  const spec: Part = {
    region,
    vpcId: loadBalancer.VpcId,
    subnetIds,
    tags: { ...writing.tags },
    deletionPolicy: "Retain",
    management: "Observe",
    defaults: "AWS",
    loadBalancer: loadBalancerPart(writing),
    targetGroups: targetGroupParts(writing),
    autoScalingGroups: groupParts(writing),
    alarms: alarmParts(writing),
  };
  const { notCompared, neighbours, mayGo } = writing;
  return { spec, notCompared, neighbours, mayGo };
}

interface Resource {
  readonly address: Address;
  readonly kind: KindName;
  /** As AWS calls it. */
  readonly name: string;
  readonly id: string;
  readonly answers: Answers;
}

/** The part; `undefined` of what cannot be held, which is told as a neighbour. */
function partOf(writing: Writing, resource: Resource, written: Written): Part | undefined {
  const { notCompared, neighbours, vetoes } = writing;
  const { address, kind, name, id, answers } = resource;
  const why = written.is === "not held" ? written.why : vetoes.get(id);
  if (written.is === "not held" || why !== undefined) {
    neighbours.push({ kind, name, id, is: "left out", reason: `it cannot be held: ${why}` });
    return undefined;
  }
  const tell = (member: string, value: Value, reason: string) =>
    notCompared.push({ resource: address, member, value, reason });
  for (const { path, value, is, isDefault, why: reason = "not supported yet" } of membersOf(kind, answers)) {
    if (is === "notRead" || (is === "notSupported" && isDefault !== true)) tell(path, value, reason);
  }
  for (const { path, value, why: reason } of written.lost) tell(path, value, reason);
  return written.part;
}

function tagsOf({ details }: Drafted, arn: string | undefined): Tags {
  return details.tags.get(arn ?? "") ?? {};
}

/** What carries tags, and what its tags are: only what all of them have is of the whole spec. */
function tagsOfAll(drafted: Drafted): Tags {
  const { around, near, details, alarms, alarmTags } = drafted;
  const templates = [...details.groups.values()].map(({ template }) => template);
  return sharedTags([
    tagsOf(drafted, around.loadBalancer.LoadBalancerArn),
    ...near.listeners.flatMap(({ item, rules }) =>
      [item.ListenerArn, ...rules.map(({ RuleArn }) => RuleArn)].map((arn) => tagsOf(drafted, arn)),
    ),
    ...near.targetGroups.map(({ TargetGroupArn }) => tagsOf(drafted, TargetGroupArn)),
    ...near.groups.map(({ Tags: list }) => tagsFromList(list)),
    ...templates.flatMap(({ tags, version }) => [
      tags,
      textsOf(instanceTagsOf(version.LaunchTemplateData ?? {})),
    ]),
    ...alarms.map(({ AlarmArn = "" }) => alarmTags.get(AlarmArn) ?? {}),
  ]);
}

function loadBalancerPart(writing: Writing): Part {
  const { around, details, tags } = writing;
  const { loadBalancer: item } = around;
  const answers = {
    item,
    attributes: details.loadBalancerAttributes,
    tags: tagsOf(writing, item.LoadBalancerArn),
  };
  const resource = {
    address: LOAD_BALANCER,
    kind: "loadBalancer" as const,
    name: item.LoadBalancerName ?? "",
    id: item.LoadBalancerArn ?? "",
    answers: {
      "elasticloadbalancing:DescribeLoadBalancers": item,
      "elasticloadbalancing:DescribeLoadBalancerAttributes": details.loadBalancerAttributes,
    },
  };
  const part = partOf(writing, resource, loadBalancerFromAws(answers, tags));
  const listeners: Part[] = [];
  for (const listener of writing.near.listeners) {
    const held = listenerPart(writing, listener, listeners.length);
    if (held !== undefined) listeners.push(held);
  }
  return { ...part, listeners };
}

function listenerPart(writing: Writing, listener: ListenerWithRules, index: number): Part | undefined {
  const { item, certificates } = listener;
  const { places, tags } = writing;
  const resource = {
    address: listenerAddress(item.Port ?? 0),
    kind: "listener" as const,
    name: String(item.Port),
    id: item.ListenerArn ?? "",
    answers: {
      "elasticloadbalancing:DescribeListeners": item,
      "elasticloadbalancing:DescribeListenerCertificates": certificates,
    },
  };
  const answers = { item, certificates, tags: tagsOf(writing, item.ListenerArn) };
  const part = partOf(writing, resource, listenerFromAws(answers, places, tags));
  const rules =
    part === undefined ? [] : ruleParts(writing, listener, `spec.loadBalancer.listeners[${index}]`);
  return rules.length === 0 ? part : { ...part, rules };
}

function ruleParts(writing: Writing, { item: listener, rules }: ListenerWithRules, path: string): Part[] {
  const { places, tags, mayGo } = writing;
  const names = ruleNames(rules, (arn) => tagsOf(writing, arn).Name);
  const parts: Part[] = [];
  for (const rule of rules) {
    const { RuleArn: id = "", Priority: priority } = rule;
    const name = names.get(id) ?? "";
    const resource = {
      address: ruleAddress(listenerAddress(listener.Port ?? 0), name),
      kind: "rule" as const,
      name: `${listener.Port}, priority ${priority}`,
      id,
      answers: { "elasticloadbalancing:DescribeRules": rule },
    };
    const part = partOf(
      writing,
      resource,
      ruleFromAws({ item: rule, tags: tagsOf(writing, id) }, name, places, tags),
    );
    if (part === undefined) continue;
    mayGo.set(`${path}.rules[${parts.length}]`, id);
    parts.push(part);
  }
  return parts;
}

/** AWS gives rules no names: what their `Name` tag says, where each says something else, and their priority. */
function ruleNames(
  rules: readonly Rule[],
  tagOf: (arn: string | undefined) => string | undefined,
): ReadonlyMap<string, string> {
  const tags = rules.map(({ RuleArn }) => tagOf(RuleArn));
  const called = rules.map(({ RuleArn = "", Priority }, index) => {
    const tag = tags[index];
    const isOnly = tag !== undefined && tags.filter((other) => other === tag).length === 1;
    return [RuleArn, isOnly ? tag : `priority-${Priority}`] as const;
  });
  const keys = childKeys(called.map(([, name]) => name));
  return new Map(called.map(([arn, name]) => [arn, keys.get(name) ?? name]));
}

function targetGroupParts(writing: Writing): Part {
  const { near, keys, details, tags } = writing;
  return byKey(
    near.targetGroups.map((item) => {
      const { TargetGroupArn: arn = "", TargetGroupName: name = "" } = item;
      const key = keys.targetGroups.get(arn) ?? name;
      const answers = {
        item,
        attributes: details.targetGroupAttributes.get(arn) ?? [],
        tags: tagsOf(writing, arn),
      };
      const resource = {
        address: targetGroupAddress(key),
        kind: "targetGroup" as const,
        name,
        id: arn,
        answers: {
          "elasticloadbalancing:DescribeTargetGroups": item,
          "elasticloadbalancing:DescribeTargetGroupAttributes": answers.attributes,
        },
      };
      return [key, partOf(writing, resource, targetGroupFromAws(answers, tags))];
    }),
  );
}

function groupParts(writing: Writing): Part {
  const { near, keys, details, places, tags, subnetIds } = writing;
  return byKey(
    near.groups.map((group) => {
      const { AutoScalingGroupName: name = "" } = group;
      const key = keys.groups.get(name) ?? name;
      const address = scalingGroupAddress(key);
      const own = details.groups.get(name);
      const answers = { "autoscaling:DescribeAutoScalingGroups": group };
      const resource = { address, kind: "autoScalingGroup" as const, name, id: name, answers };
      const part = partOf(writing, resource, groupFromAws(group, { places, sharedTags: tags, subnetIds }));
      const template = own && templatePart(writing, address, group, own.template);
      if (part === undefined || own === undefined || template === undefined) return [key, undefined];
      const sitting = groupChildrenOf(address, name, own, writing.nowMs);
      const children = {
        scalingPolicies: policyParts(writing, name),
        scheduledActions: childParts(writing, sitting.scheduledActions),
        lifecycleHooks: childParts(writing, sitting.lifecycleHooks),
        notifications: childParts(writing, sitting.notifications),
        ...poolPart(writing, address, group),
      };
      return [key, { ...part, launchTemplate: template, ...children }];
    }),
  );
}

function templatePart(
  writing: Writing,
  address: Address,
  group: AutoScalingGroup,
  template: TemplateAnswers,
): Part | undefined {
  const { AutoScalingGroupName: name = "" } = group;
  const { identity, told } = identityOf(template, group, writing.around.groups);
  const resource = {
    address: launchTemplateAddress(address),
    kind: "launchTemplate" as const,
    name: template.name,
    id: template.id,
    answers: { "ec2:DescribeLaunchTemplateVersions": template.version },
  };
  const written = templateFromAws(template, identity, writing.tags);
  const part = partOf(writing, resource, written);
  if (part !== undefined) writing.neighbours.push(told);
  else
    writing.neighbours.push({
      kind: "autoScalingGroup",
      name,
      id: name,
      is: "left out",
      reason: "its launch template cannot be held",
    });
  return part;
}

function policyParts(writing: Writing, group: string): Part {
  const { policies, places, keys } = writing;
  const parent = scalingGroupAddress(keys.groups.get(group) ?? group);
  return byKey(
    policies
      .filter((placed) => placed.group === group)
      .map(({ policy, key }) => {
        const address = scalingPolicyAddress(parent, key);
        const { PolicyName: name = "", PolicyARN: id = "" } = policy;
        const answers = { "autoscaling:DescribePolicies": policy };
        const part = partOf(
          writing,
          { address, kind: "scalingPolicy", name, id, answers },
          policyFromAws(policy, places),
        );
        writing.mayGo.set(`spec.${address}`, id);
        return [key, part];
      }),
  );
}

function poolPart(writing: Writing, parent: Address, group: AutoScalingGroup): Part {
  const { AutoScalingGroupName: name = "", WarmPoolConfiguration: pool } = group;
  if (pool === undefined) return {};
  const answers = { "autoscaling:DescribeWarmPool": pool };
  const resource = { address: warmPoolAddress(parent), kind: "warmPool" as const, name, id: name, answers };
  const part = partOf(writing, resource, warmPoolFromAws(pool));
  return part === undefined ? {} : { warmPool: part };
}

function childParts(writing: Writing, children: readonly GroupChild[]): Part {
  return byKey(
    children.map(({ key, resource, written }) => {
      writing.mayGo.set(`spec.${resource.address}`, resource.id);
      return [key, partOf(writing, resource, written)];
    }),
  );
}

function alarmParts(writing: Writing): Part {
  const { alarms, alarmTags, places, tags } = writing;
  const keys = childKeys(alarms.map(({ AlarmName: name = "" }) => name));
  return byKey(
    alarms.map((item) => {
      const { AlarmName: name = "", AlarmArn: id = "" } = item;
      const key = keys.get(name) ?? name;
      const answers = { item, tags: alarmTags.get(id) ?? {} };
      const address = alarmAddress(key);
      const resource = {
        address,
        kind: "alarm" as const,
        name,
        id,
        answers: { "cloudwatch:DescribeAlarms": item },
      };
      writing.mayGo.set(`spec.${address}`, id);
      return [key, partOf(writing, resource, alarmFromAws(answers, places, tags))];
    }),
  );
}

function placedPolicies({ groups }: Neighbourhood, details: Details): PlacedPolicy[] {
  return groups.flatMap(({ AutoScalingGroupName: group = "" }) => {
    const policies = details.groups.get(group)?.policies ?? [];
    const keys = childKeys(policies.map(({ PolicyName: name = "" }) => name));
    return policies.map((policy) => ({ policy, group, key: keys.get(policy.PolicyName ?? "") ?? "" }));
  });
}

/** Those that others can refer to: to stand in the manifest a policy must be held itself. */
function heldPolicies(policies: readonly PlacedPolicy[], { around, keys, vetoes }: Drafted): PlacedPolicy[] {
  const places = placesOf(around.loadBalancer, keys, []);
  return policies.filter(
    ({ policy }) => !vetoes.has(policy.PolicyARN ?? "") && policyFromAws(policy, places).is === "held",
  );
}

/** By key, in the order of the keys, without what cannot be held. */
function byKey(entries: readonly (readonly [key: string, part: Part | undefined])[]): Part {
  const held = entries.filter(([, part]) => part !== undefined);
  return Object.fromEntries([...held].sort(([one], [other]) => (one < other ? -1 : 1)));
}
