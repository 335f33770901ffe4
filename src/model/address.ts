/**
 * Where a resource stands in the spec: `loadBalancer.listeners.443.rules.api`. What the plan, the journal, the record
 * of what was applied, drift events and pages call a resource by. Its grammar is here and nowhere else.
 */
declare const address: unique symbol;

export type Address = string & { readonly [address]: true };

const TARGET_GROUPS = "targetGroups";
const SCALING_GROUPS = "autoScalingGroups";
const LISTENERS = "listeners";
const RULES = "rules";
const TEMPLATE = "launchTemplate";
const POLICIES = "scalingPolicies";
const ACTIONS = "scheduledActions";
const HOOKS = "lifecycleHooks";
const NOTIFICATIONS = "notifications";
const POLICY_ALARM = "alarm";

export const LOAD_BALANCER = "loadBalancer" as Address;

export function listenerAddress(port: number): Address {
  return joined(LOAD_BALANCER, LISTENERS, String(port));
}

export function ruleAddress(listener: Address, name: string): Address {
  return joined(listener, RULES, name);
}

export function targetGroupAddress(name: string): Address {
  return joined(TARGET_GROUPS, name);
}

export function scalingGroupAddress(name: string): Address {
  return joined(SCALING_GROUPS, name);
}

export function launchTemplateAddress(scalingGroup: Address): Address {
  return joined(scalingGroup, TEMPLATE);
}

export function scalingPolicyAddress(scalingGroup: Address, name: string): Address {
  return joined(scalingGroup, POLICIES, name);
}

export function scheduledActionAddress(scalingGroup: Address, name: string): Address {
  return joined(scalingGroup, ACTIONS, name);
}

export function lifecycleHookAddress(scalingGroup: Address, name: string): Address {
  return joined(scalingGroup, HOOKS, name);
}

export function notificationAddress(scalingGroup: Address, name: string): Address {
  return joined(scalingGroup, NOTIFICATIONS, name);
}

export function warmPoolAddress(scalingGroup: Address): Address {
  return joined(scalingGroup, "warmPool");
}

export function alarmAddress(name: string): Address {
  return joined("alarms", name);
}

/** Of the alarm that a step or simple policy is declared with: where the spec has it. */
export function policyAlarmAddress(policy: Address, form: "stepScaling" | "simpleScaling"): Address {
  return joined(policy, form, POLICY_ALARM);
}

/** The group and the name of the policy that such an alarm is declared with; `undefined` of any other address. */
export function policyOfAlarm(
  alarm: Address,
): { readonly autoScalingGroup: string; readonly name: string } | undefined {
  const [collection, autoScalingGroup = "", member, name = "", form = "", last, ...more] = alarm.split(".");
  const isOne =
    collection === SCALING_GROUPS &&
    member === POLICIES &&
    /^(step|simple)Scaling$/.test(form) &&
    last === POLICY_ALARM &&
    more.length === 0;
  return isOne ? { autoScalingGroup, name } : undefined;
}

/** What is ours and not wanted has no address in the spec (any more): it is called by AWS's id. */
export function surplusAddress(id: string): Address {
  return joined(`surplus ${id}`);
}

/** An address that was stored or tagged earlier, or that a user has written as a reference. */
export function addressFrom(text: string): Address {
  return text as Address;
}

/** What a reference of a user names. */
export type Reference =
  | { readonly to: "loadBalancer" }
  | { readonly to: "targetGroup" | "autoScalingGroup"; readonly name: string }
  | { readonly to: "scalingPolicy"; readonly autoScalingGroup: string; readonly name: string };

/** `undefined` of what is no reference to something that others may refer to. */
export function referenceIn(ref: string): Reference | undefined {
  const [collection, name, member, child, ...more] = ref.split(".");
  if (ref === LOAD_BALANCER) return { to: "loadBalancer" };
  if (name === undefined || name === "" || more.length > 0) return undefined;
  if (collection === TARGET_GROUPS && member === undefined) return { to: "targetGroup", name };
  if (collection !== SCALING_GROUPS) return undefined;
  if (member === undefined) return { to: "autoScalingGroup", name };
  return member === POLICIES && child !== undefined && child !== ""
    ? { to: "scalingPolicy", autoScalingGroup: name, name: child }
    : undefined;
}

/** The last step, which is the name that the user gave it: `web` of `targetGroups.web`. */
export function childNameOf(child: Address): string {
  return child.slice(child.lastIndexOf(".") + 1);
}

/** What a child of a list or map stands below: a rule's listener, a policy's group. */
export function parentOf(child: Address): Address {
  return joined(...child.split(".").slice(0, -2));
}

/** What a resource that is the only one of its kind stands directly below: a launch template's group. */
export function aboveOf(child: Address): Address {
  return joined(...child.split(".").slice(0, -1));
}

function joined(...steps: readonly string[]): Address {
  return steps.join(".") as Address;
}
