/** What every member of AWS's answers about a resource is, for all kinds alike. */
import type { KindName } from "../../../model/kind-name.ts";
import type { Value } from "../../../model/value.ts";
import type { Member } from "../../core/resource.ts";
import { alarmMembers } from "../alarm/members.ts";
import { autoScalingGroupMembers } from "../auto-scaling-group/members.ts";
import { launchTemplateMembers } from "../launch-template/members.ts";
import { lifecycleHookMembers } from "../lifecycle-hook/members.ts";
import { listenerMembers } from "../listener/members.ts";
import { ruleMembers } from "../listener-rule/members.ts";
import { loadBalancerMembers } from "../load-balancer/members.ts";
import { notificationMembers } from "../notification/members.ts";
import { scalingPolicyMembers } from "../scaling-policy/members.ts";
import { scheduledActionMembers } from "../scheduled-action/members.ts";
import { targetGroupMembers } from "../target-group/members.ts";
import { warmPoolMembers } from "../warm-pool/members.ts";
import { type IsWanted, type MemberRule, type MemberTable, membersIn } from "./member-table.ts";

export const MEMBER_TABLES: Readonly<Record<KindName, MemberTable>> = {
  loadBalancer: loadBalancerMembers,
  targetGroup: targetGroupMembers,
  listener: listenerMembers,
  rule: ruleMembers,
  launchTemplate: launchTemplateMembers,
  autoScalingGroup: autoScalingGroupMembers,
  lifecycleHook: lifecycleHookMembers,
  warmPool: warmPoolMembers,
  scheduledAction: scheduledActionMembers,
  scalingPolicy: scalingPolicyMembers,
  notification: notificationMembers,
  alarm: alarmMembers,
};

/**
 * What was read of one resource: IAM's name of the call → the item of its list (`LoadBalancers[0]`), or for a list that
 * is all of one resource (`Attributes`, `Certificates`) that list.
 */
export type Answers = Readonly<Record<string, unknown>>;

/**
 * The members of AWS's answers about one resource, each with what it is. What is absent or empty says nothing and is
 * left out; what other calls would tell is named (`notRead`). Values that may be secret are digests. Pure.
 * @param isSecret the spec says that nobody is shown what this resource is compared with
 * @param isWanted members of other rules are left out
 * @throws when an answer is of a call that the kind's table does not have, which is a bug of ours
 */
export function membersOf(
  kind: KindName,
  answers: Answers,
  isSecret = false,
  isWanted: IsWanted = () => true,
): Member[] {
  const table = MEMBER_TABLES[kind];
  const known = Object.entries(answers).flatMap(([operation, answer]) => {
    const found = table.answers.find((one) => one.operation === operation);
    if (found === undefined) throw new Error(`no table of a ${kind} knows ${operation}`);
    return Array.isArray(answer) && found.isKeyed !== true
      ? merged(answer.map((item) => membersIn(found, item, isSecret, isWanted)))
      : membersIn(found, answer, isSecret, isWanted);
  });
  const silent = Object.values(table.ownCalls ?? {}).flatMap(({ what, unread }): Member[] =>
    unread === undefined
      ? []
      : [{ path: what, value: null, is: "notRead", why: `not read: ${unread} is not called` }],
  );
  return [...known, ...silent];
}

/** Members of several items of a list, as those of one. */
function merged(items: readonly (readonly Member[])[]): Member[] {
  const byPath = new Map<string, Member[]>();
  for (const member of items.flat()) byPath.set(member.path, [...(byPath.get(member.path) ?? []), member]);
  return [...byPath.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined
      ? []
      : [{ ...first, path: `[].${first.path}`, value: same.flatMap(({ value }) => value) }];
  });
}

/** Of them what the status tells: what no field is compared for, and what one holds at the beginning only. */
export function toldMembersOf(kind: KindName, answers: Answers, isSecret = false): Member[] {
  return membersOf(kind, answers, isSecret, isTold);
}

const isTold: IsWanted = ({ is, isInitial } = { is: "notSupported" }) =>
  isInitial === true || (is !== "held" && is !== "record");

/** Whether a field of an observed resource is one that the spec can declare. */
export function isHeld(kind: KindName, field: string): boolean {
  return HOLDING[kind].has(field);
}

/** Every field of a kind that the spec can declare, as it is compared. */
export function heldFields(kind: KindName): string[] {
  return MEMBER_TABLES[kind].answers.flatMap(({ rules }) =>
    Object.values(rules).flatMap(({ field }) => (field === undefined ? [] : [field])),
  );
}

/** Whether a field has the value that AWS documents for what nobody has set. */
export function isAwsDefault(kind: KindName, field: string, value: Value): boolean {
  return HOLDING[kind].get(field)?.some(({ isDefault }) => isDefault?.(value) === true) ?? false;
}

/** Of each kind: field → what is said of the members that it holds. */
const HOLDING = Object.fromEntries(
  Object.entries(MEMBER_TABLES).map(([kind, table]) => [kind, rulesByField(table)]),
) as Readonly<Record<KindName, ReadonlyMap<string, readonly MemberRule[]>>>;

function rulesByField({ answers }: MemberTable): ReadonlyMap<string, readonly MemberRule[]> {
  const byField = new Map<string, MemberRule[]>();
  for (const rule of answers.flatMap(({ rules }) => Object.values(rules))) {
    if (rule.field !== undefined) byField.set(rule.field, [...(byField.get(rule.field) ?? []), rule]);
  }
  return byField;
}
