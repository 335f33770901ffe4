/**
 * Where an action sends its traffic on the way to where it is to send it in the end. A target group on trial gets
 * weight 0, because only a target group that a listener or rule uses is checked
 * (docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html); its share stays with
 * whoever serves it now.
 */
import type { Value } from "../../model/value.ts";

/** A target group of an action, by its ARN, and its share of the traffic. */
export interface Share {
  readonly arn: string;
  readonly weight: number;
}

/** A target group that is to get traffic and has not shown yet that it can. */
export interface OnTrial {
  /** Those that it replaces. */
  readonly predecessors: readonly { readonly id: string }[];
  readonly hasHealthyTarget: boolean;
}

export interface Route {
  /** What the action is to send in the end. */
  readonly goal: readonly Share[];
  /** What it is known to send: as last applied, where that is known, and as AWS has it. */
  readonly before: readonly (readonly Share[])[];
  /** ARN → what is known of a target group on trial. */
  readonly trials: ReadonlyMap<string, OnTrial>;
  /** Whether a target group has a healthy target. */
  readonly serves: (arn: string) => boolean;
}

/** AWS's quota for one action, which it does not raise (docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html). */
const SHARES_PER_ACTION = 5;
const HIGHEST_WEIGHT = 999;

/** The target groups of an action in comparable shape; a single one has all the traffic. None when it does not forward. */
export function sharesIn(action: Value | undefined): Share[] {
  if (action === null || typeof action !== "object" || Array.isArray(action)) return [];
  const { targetGroups } = action;
  if (!Array.isArray(targetGroups)) return [];
  return (targetGroups as Record<string, Value>[]).map(({ arn, weight }) => ({
    arn: String(arn),
    weight: Number(weight ?? 1),
  }));
}

/**
 * The shares as they have to be at this point, with the ARNs that wait for healthy targets; `undefined` when the goal
 * can be had at once: nothing is on trial, or nobody serves whose traffic could be lost.
 */
export function heldRoute(route: Route): { shares: Share[]; waiting: string[] } | undefined {
  const { goal, before, trials, serves } = route;
  const untried = goal.filter(({ arn, weight }) => weight > 0 && trials.has(arn) && !isInUse(before, arn));
  const isServed = before
    .flat()
    .some((share) => share.weight > 0 && !isAmong(untried, share) && serves(share.arn));
  const waiting = isServed ? untried : untried.filter((share) => isWorthAWait(route, share));
  const rest = goal.filter((share) => !waiting.includes(share));
  const replaced = waiting.flatMap((share) => predecessorOf(route, share) ?? []);
  const obeyed = [...replaced, ...rest].filter(({ weight }) => weight > 0);
  const newcomers = waiting.filter((share) => predecessorOf(route, share) === undefined);
  const leaving = before.map((shares) =>
    shares.filter(
      (share) =>
        share.weight > 0 && !isAmong([...obeyed, ...waiting], share) && (serves(share.arn) || !isServed),
    ),
  );
  const standIns = newcomers.length === 0 ? [] : (leaving.find((shares) => shares.length > 0) ?? []);
  const traffic = [...obeyed, ...scaled(standIns, sum(newcomers))];
  if (waiting.length === 0 || traffic.length === 0) return undefined;
  const idle = [...waiting, ...rest.filter((share) => !isAmong(traffic, share))];
  const shares = [
    // One place is for a target group on trial; the others get theirs when it has passed.
    ...traffic.slice(0, SHARES_PER_ACTION - 1),
    ...idle.map(({ arn }) => ({ arn, weight: 0 })),
  ];
  return { shares: shares.slice(0, SHARES_PER_ACTION), waiting: waiting.map(({ arn }) => arn) };
}

function isAmong(shares: readonly Share[], { arn }: Pick<Share, "arn">): boolean {
  return shares.some((share) => share.arn === arn);
}

/** Both have to say so: a share that somebody has given it by hand does not end its trial. */
function isInUse(before: Route["before"], arn: string): boolean {
  return before.every((shares) => shares.some((share) => share.arn === arn && share.weight > 0));
}

/**
 * Where nobody serves, nothing can be lost; but a target group without one healthy target would gain nothing either, and
 * that nobody serves is the word of a single read.
 */
function isWorthAWait(route: Route, share: Share): boolean {
  if (predecessorOf(route, share) !== undefined) return true;
  return route.trials.get(share.arn)?.hasHealthyTarget === false;
}

/** A predecessor keeps the share of its successor, however it fares: it is what the successor is measured by. */
function predecessorOf({ before, trials }: Route, { arn, weight }: Share): Share | undefined {
  const ids = trials.get(arn)?.predecessors.map(({ id }) => id) ?? [];
  const present = before.at(-1)?.find((share) => ids.includes(share.arn));
  return present === undefined ? undefined : { arn: present.arn, weight };
}

function sum(shares: readonly Share[]): number {
  return shares.reduce((total, { weight }) => total + weight, 0);
}

/** The same proportions, of another whole. */
function scaled(shares: readonly Share[], whole: number): Share[] {
  const before = sum(shares);
  return shares.map(({ arn, weight }) => ({
    arn,
    weight: Math.min(HIGHEST_WEIGHT, Math.max(1, Math.round((whole * weight) / before))),
  }));
}
