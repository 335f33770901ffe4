/** Which load balancer sends to which target group. */
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../account/aws-error.ts";
import { targetGroupsOf } from "./actions.ts";
import type { ElbState, LoadBalancer } from "./state.ts";

/** Target group ARN → the one load balancer that uses it. */
export function usageOf(state: ElbState): Map<string, LoadBalancer> {
  const usage = new Map<string, LoadBalancer>();
  for (const listener of state.listeners.values()) {
    for (const arn of receiversOf(listener.defaultActions)) usage.set(arn, listener.loadBalancer);
  }
  for (const rule of state.rules.values()) {
    for (const arn of receiversOf(rule.actions)) usage.set(arn, rule.listener.loadBalancer);
  }
  return usage;
}

/** Lists of actions are replaced, never changed: what one says need not be found out at each call. */
const RECEIVERS = new WeakMap<readonly Action[], readonly string[]>();

function receiversOf(actions: readonly Action[]): readonly string[] {
  const known = RECEIVERS.get(actions);
  if (known !== undefined) return known;
  const found = targetGroupsOf(actions);
  RECEIVERS.set(actions, found);
  return found;
}

/** The forwards of listeners and rules that name a target group, each with the ARN of its rule. */
export function forwardsTo(state: ElbState, targetGroupArn: string): { arn: string; action: Action }[] {
  return actionsIn(state).filter(({ action }) => targetGroupsOf([action]).includes(targetGroupArn));
}

/** Target groups that some action sends requests to. */
export function receivingIn(state: ElbState): Set<string> {
  const tuples = actionsIn(state).flatMap(({ action }) => action.ForwardConfig?.TargetGroups ?? []);
  return new Set(tuples.filter((one) => one.Weight !== 0).map((one) => one.TargetGroupArn ?? ""));
}

/** The actions of all listeners and rules, each with the ARN of its rule. */
function actionsIn(state: ElbState): { arn: string; action: Action }[] {
  const listeners = [...state.listeners.values()].flatMap((one) =>
    one.defaultActions.map((action) => ({ arn: one.defaultRuleArn, action })),
  );
  const rules = [...state.rules.values()].flatMap((one) =>
    one.actions.map((action) => ({ arn: one.arn, action })),
  );
  return [...listeners, ...rules];
}

export function loadBalancerUsing(state: ElbState, targetGroupArn: string): LoadBalancer | undefined {
  return usageOf(state).get(targetGroupArn);
}

/** @throws AwsError when the actions would bring too many target groups to the load balancer */
export function checkGroupsPerLoadBalancer(
  state: ElbState,
  loadBalancer: LoadBalancer,
  actions: readonly Action[],
): void {
  const groups = new Set(targetGroupsOf(actions));
  for (const [arn, user] of usageOf(state)) if (user === loadBalancer) groups.add(arn);
  if (groups.size > state.quotas.targetGroupsPerLoadBalancer) {
    throw new AwsError(
      "TooManyUniqueTargetGroupsPerLoadBalancer",
      "The maximum number of target groups of this load balancer has been reached",
    );
  }
}
