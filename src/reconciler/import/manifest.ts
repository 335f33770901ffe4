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
} from "../../model/address.ts";
import type { Neighbour, NotCompared } from "../../model/import.ts";
import type { MetricAlarm } from "../kinds/alarm/kind.ts";
import { alarmFromAws } from "../kinds/alarm/from-aws.ts";
import { groupFromAws } from "../kinds/auto-scaling-group/from-aws.ts";
import type { Part, Places, Written } from "../kinds/from-aws.ts";
import { templateFromAws } from "../kinds/launch-template/from-aws.ts";
import { instanceTagsOf } from "../kinds/launch-template/content.ts";
import { listenerFromAws } from "../kinds/listener/from-aws.ts";
import { ruleFromAws } from "../kinds/listener-rule/from-aws.ts";
import { loadBalancerFromAws } from "../kinds/load-balancer/from-aws.ts";
import { policyFromAws } from "../kinds/scaling-policy/from-aws.ts";
import { targetGroupFromAws } from "../kinds/target-group/from-aws.ts";
import { type Tags, tagsFromList, textsOf } from "../kinds/tags.ts";
import { childKeys } from "./child-keys.ts";
import type { Neighbourhood } from "./neighbourhood.ts";
import { type Keys, type PlacedPolicy, placesOf } from "./places.ts";
import { sharedTags } from "./shared-tags.ts";
import type { Details, ListenerWithRules, Surroundings } from "./surroundings.ts";
import { identityOf } from "./templates.ts";

export interface Drafted {
  readonly region: string;
  readonly around: Surroundings;
  readonly near: Neighbourhood;
  readonly keys: Keys;
  readonly details: Details;
  readonly alarms: readonly MetricAlarm[];
  readonly alarmTags: ReadonlyMap<string, Tags>;
}

export interface Draft {
  readonly spec: Part;
  readonly notCompared: readonly NotCompared[];
  readonly neighbours: readonly Neighbour[];
}

/** What a draft is written with, and what it collects. */
interface Writing extends Drafted {
  readonly places: Places;
  readonly policies: readonly PlacedPolicy[];
  readonly tags: Tags;
  readonly subnetIds: readonly string[];
  readonly notCompared: NotCompared[];
  readonly neighbours: Neighbour[];
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
  return { spec, notCompared: writing.notCompared, neighbours: writing.neighbours };
}

/** The part; `undefined` of what cannot be held, which is told as a neighbour. */
function partOf({ notCompared, neighbours }: Writing, resource: Address, row: Omit<Neighbour, "is" | "reason">, written: Written): Part | undefined {
  if (written.is === "not held") {
    neighbours.push({ ...row, is: "left out", reason: `it cannot be held: ${written.why}` });
    return undefined;
  }
  for (const { path, value, why } of written.lost) notCompared.push({ resource, member: path, value, reason: why });
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
    ...near.listeners.flatMap(({ item, rules }) => [item.ListenerArn, ...rules.map(({ RuleArn }) => RuleArn)].map((arn) => tagsOf(drafted, arn))),
    ...near.targetGroups.map(({ TargetGroupArn }) => tagsOf(drafted, TargetGroupArn)),
    ...near.groups.map(({ Tags: list }) => tagsFromList(list)),
    ...templates.flatMap(({ tags, version }) => [tags, textsOf(instanceTagsOf(version.LaunchTemplateData ?? {}))]),
    ...alarms.map(({ AlarmArn = "" }) => alarmTags.get(AlarmArn) ?? {}),
  ]);
}

function loadBalancerPart(writing: Writing): Part {
  const { around, details, tags } = writing;
  const { loadBalancer: item } = around;
  const answers = { item, attributes: details.loadBalancerAttributes, tags: tagsOf(writing, item.LoadBalancerArn) };
  const row = { kind: "loadBalancer", name: item.LoadBalancerName ?? "", id: item.LoadBalancerArn ?? "" };
  const part = partOf(writing, LOAD_BALANCER, row, loadBalancerFromAws(answers, tags));
  const listeners = writing.near.listeners.flatMap((listener) => listenerPart(writing, listener) ?? []);
  return { ...part, listeners };
}

function listenerPart(writing: Writing, { item, certificates, rules }: ListenerWithRules): Part | undefined {
  const { places, tags } = writing;
  const address = listenerAddress(item.Port ?? 0);
  const row = { kind: "listener", name: String(item.Port), id: item.ListenerArn ?? "" };
  const answers = { item, certificates, tags: tagsOf(writing, item.ListenerArn) };
  const part = partOf(writing, address, row, listenerFromAws(answers, places, tags));
  if (part === undefined) return undefined;
  const nameOf = (arn: string | undefined, priority: string | undefined) => tagsOf(writing, arn).Name ?? `priority-${priority}`;
  const names = childKeys(rules.map(({ RuleArn, Priority }) => nameOf(RuleArn, Priority)));
  const called = new Set<string>();
  const parts = rules.flatMap((rule) => {
    const { RuleArn: id = "", Priority: priority } = rule;
    const plain = names.get(nameOf(id, priority)) ?? "";
    // Two rules may carry one tag.
    const name = called.has(plain) ? `${plain.slice(0, 50)}-${priority}` : plain;
    called.add(name);
    const ruleRow = { kind: "rule", name: `${item.Port}, priority ${priority}`, id };
    const written = ruleFromAws({ item: rule, tags: tagsOf(writing, id) }, name, places, tags);
    return partOf(writing, ruleAddress(address, name), ruleRow, written) ?? [];
  });
  return parts.length === 0 ? part : { ...part, rules: parts };
}

function targetGroupParts(writing: Writing): Part {
  const { near, keys, details, tags } = writing;
  return byKey(
    near.targetGroups.map((item) => {
      const { TargetGroupArn: arn = "", TargetGroupName: name = "" } = item;
      const key = keys.targetGroups.get(arn) ?? name;
      const answers = { item, attributes: details.targetGroupAttributes.get(arn) ?? [], tags: tagsOf(writing, arn) };
      const row = { kind: "targetGroup", name, id: arn };
      return [key, partOf(writing, targetGroupAddress(key), row, targetGroupFromAws(answers, tags))];
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
      const row = { kind: "autoScalingGroup", name, id: name };
      const own = details.groups.get(name);
      const part = partOf(writing, address, row, groupFromAws(group, { places, sharedTags: tags, subnetIds }));
      const template = own && templatePart(writing, address, group, own.template);
      if (part === undefined || own === undefined || template === undefined) return [key, undefined];
      for (const { member, name: what, value } of own.extras) {
        const path = what === "" ? member : `${member}[${what}]`;
        writing.notCompared.push({ resource: address, member: path, value: plain(value), reason: "not supported yet" });
      }
      return [key, { ...part, launchTemplate: template, scalingPolicies: policyParts(writing, name) }];
    }),
  );
}

function templatePart(writing: Writing, group: Address, item: Neighbourhood["groups"][number], template: NonNullable<ReturnType<Details["groups"]["get"]>>["template"]): Part | undefined {
  const { identity, told } = identityOf(template, item, writing.around.groups);
  const written = templateFromAws(template.version.LaunchTemplateData ?? {}, identity, writing.tags);
  const row = { kind: "autoScalingGroup", name: item.AutoScalingGroupName ?? "", id: item.AutoScalingGroupName ?? "" };
  const part = partOf(writing, launchTemplateAddress(group), row, written);
  if (part !== undefined) writing.neighbours.push(...told);
  return part;
}

function policyParts(writing: Writing, group: string): Part {
  const { policies, places, keys } = writing;
  const parent = scalingGroupAddress(keys.groups.get(group) ?? group);
  return byKey(
    policies
      .filter((placed) => placed.group === group)
      .map(({ policy, key }) => {
        const row = { kind: "scalingPolicy", name: policy.PolicyName ?? "", id: policy.PolicyARN ?? "" };
        return [key, partOf(writing, scalingPolicyAddress(parent, key), row, policyFromAws(policy, places))];
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
      return [key, partOf(writing, alarmAddress(key), { kind: "alarm", name, id }, alarmFromAws(answers, places, tags))];
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
function heldPolicies(policies: readonly PlacedPolicy[], { around, keys }: Drafted): PlacedPolicy[] {
  const places = placesOf(around.loadBalancer, keys, []);
  return policies.filter(({ policy }) => policyFromAws(policy, places).is === "held");
}

/** By key, in the order of the keys, without what cannot be held. */
function byKey(entries: readonly (readonly [key: string, part: Part | undefined])[]): Part {
  const held = entries.filter(([, part]) => part !== undefined);
  return Object.fromEntries([...held].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function plain(value: object): NotCompared["value"] {
  return JSON.parse(JSON.stringify(value)) as NotCompared["value"];
}
