/**
 * What belongs to a tier, and what stands beside it. What belongs to others as well is decided by the request's `include`
 * and `exclude`; without a word, what can be left out without a difference is left out, and what cannot is asked for.
 */
import type { Fault } from "../../model/errors.ts";
import type { ImportRequest, Neighbour } from "../../model/import.ts";
import { targetGroupArnsOf, whyNoAction } from "../kinds/action/from-aws.ts";
import type { AutoScalingGroup } from "../kinds/auto-scaling-group/fleet.ts";
import { targetGroupsOf, whyNoGroup } from "../kinds/auto-scaling-group/from-aws.ts";
import { whyNoConditions } from "../kinds/listener-rule/from-aws.ts";
import { whyNoTargetGroup } from "../kinds/target-group/from-aws.ts";
import { type Choices, choicesOf } from "./choices.ts";
import { invalid } from "./request.ts";
import type { Listener, ListenerWithRules, Rule, Surroundings, TargetGroup } from "./surroundings.ts";

export interface Neighbourhood {
  readonly listeners: readonly ListenerWithRules[];
  readonly targetGroups: readonly TargetGroup[];
  readonly groups: readonly AutoScalingGroup[];
  readonly neighbours: readonly Neighbour[];
  /** Why there can be no manifest, or what must be decided before there can be one. */
  readonly faults: readonly Fault[];
  readonly choices: Choices;
}

export function neighbourhoodOf(around: Surroundings, request: ImportRequest): Neighbourhood {
  const { choices, faults } = choicesOf(around, request);
  const arnOf = ({ TargetGroupArn = "" }: TargetGroup) => TargetGroupArn;
  const known = new Map(around.targetGroups.map((group) => [arnOf(group), group]));
  const search = { around, choices, known };
  const listeners = listenersOf(search);
  const groups = groupsOf(search, listeners.held);
  const wanted = wantedTargetGroups(search, listeners.held, groups.held);
  const rules = rulesOf(search, listeners.held, wanted);
  const taken = [...rules.targetGroups].sort().flatMap((arn) => known.get(arn) ?? []);
  return {
    listeners: rules.listeners,
    targetGroups: taken,
    groups: groups.held,
    neighbours: [
      ...listeners.told,
      ...groups.told,
      ...rules.told,
      ...sharesOf(groups.held, known),
      ...unfilledOf(taken, rules.listeners, groups.held),
    ],
    faults: [
      ...faults,
      ...emptinessFaults(around, listeners, groups),
      ...startFaults(request, groups),
      ...listenerFaults(rules.listeners, choices),
      ...attachmentFaults(search, groups.held, rules.targetGroups),
    ],
    choices,
  };
}

interface Search {
  readonly around: Surroundings;
  readonly choices: Choices;
  readonly known: ReadonlyMap<string, TargetGroup>;
}

interface Sorted<T> {
  readonly held: readonly T[];
  readonly told: readonly Neighbour[];
}

/** Without those that are excluded, and those whose default action no spec can say. */
function listenersOf({ around, choices, known }: Search): Sorted<ListenerWithRules> {
  const held: ListenerWithRules[] = [];
  const told: Neighbour[] = [];
  for (const listener of [...around.listeners].sort(byPort)) {
    const { item } = listener;
    const why = whyNoListener(item, known);
    const isExcluded = choices.isExcluded(item.ListenerArn);
    if (why === undefined && !isExcluded) held.push(listener);
    else told.push({ ...listenerRow(item), is: "left out", ...leftOut(why, isExcluded, item.ListenerArn) });
  }
  return { held, told };
}

function whyNoListener(item: Listener, known: Search["known"]): string | undefined {
  if (item.Protocol !== "HTTP" && item.Protocol !== "HTTPS")
    return `its protocol is ${item.Protocol ?? "unknown"}`;
  return whyNoActions(item.DefaultActions, known);
}

function whyNoActions(actions: Rule["Actions"], known: Search["known"]): string | undefined {
  const why = whyNoAction(actions ?? []);
  if (why !== undefined) return why;
  const groups = targetGroupArnsOf(actions ?? []).map((arn) => ({ arn, group: known.get(arn) }));
  const odd = groups.find(({ group }) => group === undefined || whyNoTargetGroup(group) !== undefined);
  if (odd === undefined) return undefined;
  const { group = { TargetGroupName: odd.arn } } = odd;
  return `it forwards to ${group.TargetGroupName}: ${odd.group === undefined ? "no such target group is listed" : whyNoTargetGroup(odd.group)}`;
}

/** The row's reason, and the word that takes it in where that would help. */
function leftOut(why: string | undefined, isExcluded: boolean, include: string | undefined) {
  if (why !== undefined) return { reason: `it cannot be held: ${why}` };
  return isExcluded
    ? { reason: "the request excludes it" }
    : { reason: "", ...(include === undefined ? {} : { include }) };
}

/** The groups behind the load balancer, and those that the request names. */
function groupsOf(
  { around, choices }: Search,
  listeners: readonly ListenerWithRules[],
): Sorted<AutoScalingGroup> {
  const behind = new Set(
    listeners.flatMap(({ item, rules }) => [
      ...targetGroupArnsOf(item.DefaultActions ?? []),
      ...rules
        .filter(isReadable)
        .filter(({ RuleArn }) => !choices.isExcluded(RuleArn))
        .flatMap(({ Actions = [] }) => targetGroupArnsOf(Actions)),
    ]),
  );
  const held: AutoScalingGroup[] = [];
  const told: Neighbour[] = [];
  for (const group of [...around.groups].sort(byName)) {
    const name = group.AutoScalingGroupName ?? "";
    const isNear = targetGroupsOf(group).some((arn) => behind.has(arn));
    const isExcluded = choices.isExcluded(name);
    if (!isNear && !choices.isIncluded(name)) continue;
    const why = whyNoGroup(group);
    if (why === undefined && !isExcluded) held.push(group);
    else told.push({ ...groupRow(group), is: "left out", ...leftOut(why, isExcluded, name) });
  }
  return { held, told };
}

/** An action that can be read for its target groups. */
function isReadable({ Actions = [] }: Rule): boolean {
  return Actions.length > 0 && whyNoAction(Actions) === undefined;
}

/** Those that the tier cannot be without, and those that the request names. */
function wantedTargetGroups(
  { choices, known }: Search,
  listeners: readonly ListenerWithRules[],
  groups: readonly AutoScalingGroup[],
): Set<string> {
  const byDefault = listeners.flatMap(({ item }) => targetGroupArnsOf(item.DefaultActions ?? []));
  const filled = groups.flatMap(targetGroupsOf).filter((arn) => {
    const group = known.get(arn);
    return group !== undefined && whyNoTargetGroup(group) === undefined;
  });
  const named = [...known.keys()].filter((arn) => choices.isIncluded(arn));
  return new Set([...byDefault, ...filled, ...named].filter((arn) => !choices.isExcluded(arn)));
}

interface SortedRules {
  readonly listeners: readonly ListenerWithRules[];
  readonly targetGroups: ReadonlySet<string>;
  readonly told: readonly Neighbour[];
}

/**
 * A rule belongs to the tier when something that it sends requests to does, and brings the rest of its target groups along.
 * One that sends them only where no group of the tier is, stays out until somebody says otherwise: nothing is written to a
 * rule that is not ours.
 */
function rulesOf(
  { choices, known }: Search,
  listeners: readonly ListenerWithRules[],
  wanted: ReadonlySet<string>,
): SortedRules {
  const taken = new Set(wanted);
  const held = new Set<Rule>();
  const candidates = listeners
    .flatMap(({ rules }) => rules)
    .filter((rule) => !choices.isExcluded(rule.RuleArn) && whyNoRule(rule, known, choices) === undefined);
  for (let before = -1; before !== held.size; ) {
    before = held.size;
    for (const rule of candidates.filter((one) => !held.has(one))) {
      const arns = targetGroupArnsOf(rule.Actions ?? []);
      const belongs =
        arns.length === 0 || choices.isIncluded(rule.RuleArn) || arns.some((arn) => taken.has(arn));
      if (!belongs) continue;
      held.add(rule);
      for (const arn of arns) taken.add(arn);
    }
  }
  const told = listeners.flatMap(({ item, rules }) =>
    rules.filter((rule) => !held.has(rule)).map((rule) => ruleRow(item, rule, { choices, known })),
  );
  const kept = listeners.map((listener) => ({
    ...listener,
    rules: listener.rules.filter((rule) => held.has(rule)).sort(byPriority),
  }));
  return { listeners: kept, targetGroups: taken, told };
}

function whyNoRule(rule: Rule, known: Search["known"], choices: Choices): string | undefined {
  const why = whyNoConditions(rule) ?? whyNoActions(rule.Actions, known);
  if (why !== undefined) return why;
  const excluded = targetGroupArnsOf(rule.Actions ?? []).find((arn) => choices.isExcluded(arn));
  return excluded === undefined
    ? undefined
    : `the request excludes ${known.get(excluded)?.TargetGroupName ?? excluded}`;
}

function ruleRow(
  listener: Listener,
  rule: Rule,
  { choices, known }: Pick<Search, "choices" | "known">,
): Neighbour {
  const row = {
    kind: "rule",
    name: `${listener.Port}, priority ${rule.Priority}`,
    id: rule.RuleArn ?? "",
    is: "left out",
  } as const;
  const why = whyNoConditions(rule) ?? whyNoActions(rule.Actions, known);
  if (why !== undefined)
    return {
      ...row,
      reason: `it cannot be held: ${why}; as long as it is nobody's of the spec, it is left as it is`,
    };
  if (choices.isExcluded(rule.RuleArn)) return { ...row, reason: "the request excludes it" };
  const arns = targetGroupArnsOf(rule.Actions ?? []);
  const excluded = arns.find((arn) => choices.isExcluded(arn));
  if (excluded !== undefined)
    return {
      ...row,
      reason: `the request excludes ${known.get(excluded)?.TargetGroupName ?? excluded}, to which it forwards`,
    };
  const names = arns.map((arn) => known.get(arn)?.TargetGroupName ?? arn).join(" and ");
  return {
    ...row,
    reason: `it forwards to ${names}, which no Auto Scaling group of the manifest fills; its targets are registered by somebody else`,
    include: arns[0] ?? row.id,
  };
}

/** Groups that fill a target group together with another one. */
function sharesOf(groups: readonly AutoScalingGroup[], known: Search["known"]): Neighbour[] {
  return groups.flatMap((group) => {
    const own = targetGroupsOf(group);
    const others = groups.filter(
      (other) => other !== group && targetGroupsOf(other).some((arn) => own.includes(arn)),
    );
    if (others.length === 0) return [];
    const common = own.find((arn) => others.some((other) => targetGroupsOf(other).includes(arn))) ?? "";
    const names = others.map(({ AutoScalingGroupName: name }) => name).join(" and ");
    const reason = `it fills ${known.get(common)?.TargetGroupName ?? common} together with ${names}`;
    return [
      { ...groupRow(group), is: "taken in" as const, reason, exclude: group.AutoScalingGroupName ?? "" },
    ];
  });
}

/** Target groups of the manifest that none of its groups fills, or no listener of it uses. */
function unfilledOf(
  taken: readonly TargetGroup[],
  listeners: readonly ListenerWithRules[],
  groups: readonly AutoScalingGroup[],
): Neighbour[] {
  const filled = new Set(groups.flatMap(targetGroupsOf));
  const byDefault = new Set(listeners.flatMap(({ item }) => targetGroupArnsOf(item.DefaultActions ?? [])));
  const byRules = new Set(
    listeners.flatMap(({ rules }) => rules.flatMap(({ Actions = [] }) => targetGroupArnsOf(Actions))),
  );
  return taken.flatMap(({ TargetGroupArn: id = "", TargetGroupName: name = "" }): Neighbour[] => {
    const row = { kind: "targetGroup", name, id, is: "taken in" } as const;
    if (!filled.has(id)) {
      const reason =
        "no Auto Scaling group of the manifest fills it; its targets are registered by somebody else, and stay";
      return [{ ...row, reason, ...(byDefault.has(id) ? {} : { exclude: id }) }];
    }
    if (byDefault.has(id) || byRules.has(id)) return [];
    return [
      {
        ...row,
        reason: "no listener of the manifest forwards to it; a group of the manifest is attached to it",
      },
    ];
  });
}

/** The group that the request begins with is what it is about. */
function startFaults(
  { autoScalingGroup: start }: ImportRequest,
  { held, told }: Sorted<AutoScalingGroup>,
): Fault[] {
  const isIt = ({ AutoScalingGroupName: name, AutoScalingGroupARN: arn }: AutoScalingGroup) =>
    start === name || start === arn;
  if (start === undefined || held.length === 0 || held.some(isIt)) return [];
  const row = told.find(({ id }) => start === id || start.endsWith(`/${id}`));
  return [
    invalid(
      "autoScalingGroup",
      `cannot stand in the manifest: ${row?.reason ?? "no listener of the load balancer that can be held forwards to it"}`,
    ),
  ];
}

function emptinessFaults(
  around: Surroundings,
  listeners: Sorted<ListenerWithRules>,
  groups: Sorted<AutoScalingGroup>,
): Fault[] {
  const { LoadBalancerName: name = "the load balancer" } = around.loadBalancer;
  const because = (told: readonly Neighbour[]) =>
    told.length === 0
      ? ""
      : `: ${told.map((row) => `${row.name} is left out, for ${row.reason}`).join("; ")}`;
  if (listeners.held.length === 0)
    return [
      invalid("loadBalancer", `${name} has no listener that a manifest can hold${because(listeners.told)}`),
    ];
  if (groups.held.length === 0) {
    return [
      invalid(
        "loadBalancer",
        `no Auto Scaling group that a manifest can hold is behind ${name}, and a WebService has at least one${because(groups.told)}`,
      ),
    ];
  }
  return [];
}

/** What a listener does by default cannot be left out of it. */
function listenerFaults(listeners: readonly ListenerWithRules[], choices: Choices): Fault[] {
  return listeners.flatMap(({ item }) =>
    targetGroupArnsOf(item.DefaultActions ?? [])
      .filter((arn) => choices.isExcluded(arn))
      .map((arn) =>
        invalid(
          "exclude",
          `names ${arn}, to which listener ${item.Port} forwards by default; exclude the listener as well (${item.ListenerArn}), or neither`,
        ),
      ),
  );
}

/** A group is held with everything that it is attached to: what its spec does not name it would be detached from. */
function attachmentFaults(
  { around, choices, known }: Search,
  groups: readonly AutoScalingGroup[],
  taken: ReadonlySet<string>,
): Fault[] {
  const own = around.loadBalancer.LoadBalancerArn ?? "";
  return groups.flatMap((group) =>
    targetGroupsOf(group).flatMap((arn): Fault[] => {
      const { AutoScalingGroupName: name } = group;
      const there = known.get(arn);
      if (there === undefined)
        return [
          invalid(
            "autoScalingGroup",
            `${name} is attached to ${arn}, which no list shows; detach it, or exclude ${name}`,
          ),
        ];
      const title = there.TargetGroupName;
      const why = whyNoTargetGroup(there);
      if (why !== undefined)
        return [
          invalid(
            "exclude",
            `${name} is attached to ${title}, which cannot be held: ${why}; exclude: [${name}] leaves the group out`,
          ),
        ];
      if (choices.isExcluded(arn))
        return [
          invalid(
            "exclude",
            `names ${title}, to which ${name} is attached; exclude ${name} as well, or neither`,
          ),
        ];
      const others = (there.LoadBalancerArns ?? []).filter((balancer) => balancer !== own);
      if (others.length === 0 || choices.isIncluded(arn) || !taken.has(arn)) return [];
      return [
        invalid(
          "include",
          `${name} is attached to ${title}, too, which ${others.map(nameInArn).join(" and ")} sends requests to; include: [${arn}] takes the target group into this service, exclude: [${name}] leaves the group out of it`,
        ),
      ];
    }),
  );
}

function nameInArn(arn: string): string {
  return arn.split("/").at(-2) ?? arn;
}

function listenerRow({ Port, ListenerArn: id = "" }: Listener) {
  return { kind: "listener", name: String(Port), id };
}

function groupRow({ AutoScalingGroupName: name = "" }: AutoScalingGroup) {
  return { kind: "autoScalingGroup", name, id: name };
}

function byPort({ item: one }: ListenerWithRules, { item: other }: ListenerWithRules): number {
  return (one.Port ?? 0) - (other.Port ?? 0);
}

function byPriority(one: Rule, other: Rule): number {
  return Number(one.Priority) - Number(other.Priority);
}

function byName(one: AutoScalingGroup, other: AutoScalingGroup): number {
  return (one.AutoScalingGroupName ?? "") < (other.AutoScalingGroupName ?? "") ? -1 : 1;
}
