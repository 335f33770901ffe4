/**
 * Where a forward action sends its requests on the way to where it is to send them in the end. A target group that is
 * not ready gets weight 0, because only a target group that a listener or rule uses is checked
 * (docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html); its share stays with
 * whoever serves it now.
 *
 * | before        | in the end        | not ready | meanwhile               |
 * | ------------- | ----------------- | --------- | ----------------------- |
 * | `web 1`       | `new 1`           | `new`     | `web 1, new 0`          |
 * | `a 1, b 3`    | `new 8`           | `new`     | `a 2, b 6, new 0`       |
 * | `web 9, x 1`  | `x 5, new 95`     | `new`     | `x 5, web 95, new 0`    |
 * | `old 9, web 1`| `new 5, web 5`    | `new`, which replaces `old` | `old 5, web 5, new 0` |
 * | `web 1`       | `web 9, new 1`    | `new`     | `web 9, new 0`          |
 */
import type { Value } from "../../model/value.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import type { ObservedResource } from "../core/resource.ts";

/** A target group of a forward action, by its ARN, and its share of the requests (AWS: TargetGroupTuple). */
export interface WeightedTargetGroup {
  readonly arn: string;
  readonly weight: number;
}

/** What is known of a target group that is to get requests and is not ready. */
export interface Unready {
  /** Those that it replaces. */
  readonly predecessors: readonly { readonly id: string }[];
  readonly healthy: number;
}

export interface ForwardCutover {
  /** What the action is to send in the end. */
  readonly goal: readonly WeightedTargetGroup[];
  /** What it is known to send: as last applied, where that is known, and as AWS has it. */
  readonly before: readonly (readonly WeightedTargetGroup[])[];
  /** ARN → what is known of a target group that is not ready. */
  readonly unready: ReadonlyMap<string, Unready>;
  /** Whether a target group has a healthy target. */
  readonly serves: (arn: string) => boolean;
}

/** AWS's quota for one action, which it does not raise (docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html). */
const TARGET_GROUPS_PER_ACTION = 5;
/** One place is for a target group that is not ready; the others get theirs when it is. */
const SERVING_PER_ACTION = TARGET_GROUPS_PER_ACTION - 1;
const HIGHEST_WEIGHT = 999;

/** The target groups of an action in comparable shape; a single one has all requests. None when it does not forward. */
export function weightedTargetGroupsIn(action: Value | undefined): WeightedTargetGroup[] {
  if (action === null || typeof action !== "object" || Array.isArray(action)) return [];
  const { targetGroups } = action;
  if (!Array.isArray(targetGroups)) return [];
  return (targetGroups as Record<string, Value>[]).map(({ arn, weight }) => ({
    arn: String(arn),
    weight: Number(weight ?? 1),
  }));
}

/** ARNs of the target groups that these listeners and rules send requests to; one with weight 0 gets none. */
export function requestedBy(
  kindNamed: KindNamed,
  resources: readonly Pick<ObservedResource, "kind" | "fields">[],
): ReadonlySet<string> {
  return new Set(resources.flatMap((resource) => targetsSentTo(kindNamed, resource)));
}

/** The target groups that one listener or rule sends requests to. */
export function targetsSentTo(
  kindNamed: KindNamed,
  { kind, fields }: Pick<ObservedResource, "kind" | "fields">,
): string[] {
  const { forwardField } = kindNamed(kind).traits;
  const tuples = forwardField === undefined ? [] : weightedTargetGroupsIn(fields[forwardField]);
  return tuples.filter(({ weight }) => weight > 0).map(({ arn }) => arn);
}

/**
 * The target groups as they have to be at this point, with the ARNs that wait for healthy targets; `undefined` when the
 * goal can be had at once: all are ready, or nobody serves whose requests could be lost.
 */
export function weightsDuringCutover(
  cutover: ForwardCutover,
): { targetGroups: WeightedTargetGroup[]; waitsFor: string[] } | undefined {
  const { goal, before, unready, serves } = cutover;
  const untried = goal.filter(({ arn, weight }) => weight > 0 && unready.has(arn) && !isInUse(before, arn));
  const isServed = before.flat().some((one) => one.weight > 0 && !isAmong(untried, one) && serves(one.arn));
  const waiting = isServed ? untried : untried.filter((one) => isWorthAWait(cutover, one));
  const rest = goal.filter((one) => !waiting.includes(one));
  const replaced = waiting.flatMap((one) => predecessorOf(cutover, one) ?? []);
  const obeyed = [...replaced, ...rest].filter(({ weight }) => weight > 0);
  const newcomers = waiting.filter((one) => predecessorOf(cutover, one) === undefined);
  const leaving = before.map((list) =>
    list.filter(
      (one) => one.weight > 0 && !isAmong([...obeyed, ...waiting], one) && (serves(one.arn) || !isServed),
    ),
  );
  const standIns = newcomers.length === 0 ? [] : (leaving.find((list) => list.length > 0) ?? []);
  const serving = [...obeyed, ...scaled(standIns, sum(newcomers))];
  if (waiting.length === 0 || serving.length === 0) return undefined;
  const idle = [...waiting, ...rest.filter((one) => !isAmong(serving, one))];
  const targetGroups = [
    ...serving.slice(0, SERVING_PER_ACTION),
    ...idle.map(({ arn }) => ({ arn, weight: 0 })),
  ];
  return {
    targetGroups: targetGroups.slice(0, TARGET_GROUPS_PER_ACTION),
    waitsFor: waiting.map(({ arn }) => arn),
  };
}

function isAmong(list: readonly WeightedTargetGroup[], { arn }: Pick<WeightedTargetGroup, "arn">): boolean {
  return list.some((one) => one.arn === arn);
}

/** Both have to say so: a share that somebody has given it by hand does not make it ready. */
function isInUse(before: ForwardCutover["before"], arn: string): boolean {
  return before.every((list) => list.some((one) => one.arn === arn && one.weight > 0));
}

/**
 * Where nobody serves, nothing can be lost; but a target group without one healthy target would gain nothing either, and
 * that nobody serves is the word of a single read.
 */
function isWorthAWait(cutover: ForwardCutover, one: WeightedTargetGroup): boolean {
  if (predecessorOf(cutover, one) !== undefined) return true;
  return cutover.unready.get(one.arn)?.healthy === 0;
}

/** A predecessor keeps the share of its successor, however it fares: it is what the successor is measured by. */
function predecessorOf(
  { before, unready }: ForwardCutover,
  { arn, weight }: WeightedTargetGroup,
): WeightedTargetGroup | undefined {
  const ids = unready.get(arn)?.predecessors.map(({ id }) => id) ?? [];
  const present = before.at(-1)?.find((one) => ids.includes(one.arn));
  return present === undefined ? undefined : { arn: present.arn, weight };
}

function sum(list: readonly WeightedTargetGroup[]): number {
  return list.reduce((total, { weight }) => total + weight, 0);
}

/** The same proportions, of another whole. */
function scaled(list: readonly WeightedTargetGroup[], whole: number): WeightedTargetGroup[] {
  const before = sum(list);
  return list.map(({ arn, weight }) => ({
    arn,
    weight: Math.min(HIGHEST_WEIGHT, Math.max(1, Math.round((whole * weight) / before))),
  }));
}
