/** Listener rules. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html */
import type {
  CreateRuleCommandInput,
  DeleteRuleCommandInput,
  DescribeRulesCommandInput,
  ModifyRuleCommandInput,
  Rule as RuleView,
  SetRulePrioritiesCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../account/aws-error.ts";
import type { OperationTable } from "../services.ts";
import { checkedActions } from "./actions.ts";
import { shownCondition } from "./conditions.ts";
import {
  arnOf,
  atMost,
  type ElbState,
  elbPage,
  type HealthSignals,
  invalid,
  type Listener,
  listenerOf,
  type Rule,
  ruleOf,
  tagMap,
} from "./state.ts";
import { checkGroupsPerLoadBalancer, loadBalancerUsing } from "./usage.ts";

export function buildRuleOperations(state: ElbState, signals: HealthSignals): OperationTable {
  const actionsFor = (listener: Listener, actions: CreateRuleCommandInput["Actions"]): Rule["actions"] => {
    const checked = checkedActions(state, actions, listener.loadBalancer, (arn) =>
      loadBalancerUsing(state, arn),
    );
    checkGroupsPerLoadBalancer(state, listener.loadBalancer, checked);
    return checked;
  };
  return {
    CreateRule: (input: CreateRuleCommandInput) => {
      const listener = listenerOf(state, input.ListenerArn);
      const { Priority: priority = 0, Conditions = [] } = input;
      const conditions = Conditions.map(shownCondition);
      const actions = actionsFor(listener, input.Actions);
      // elb/rule-create-not-idempotent
      if (rulesOf(state, listener).some((one) => one.priority === priority)) throw inUse(priority);
      checkCount(state, listener);
      const path = listener.arn.slice(listener.arn.indexOf(":listener/") + ":listener/".length);
      const arn = arnOf(state.context, `listener-rule/${path}/${state.context.id(16)}`);
      const rule: Rule = { arn, listener, priority, conditions, actions, transforms: input.Transforms ?? [] };
      state.rules.set(arn, rule);
      state.tags.set(arn, tagMap(input.Tags));
      signals.referencesChanged();
      return { Rules: [ruleView(rule)] };
    },
    ModifyRule: (input: ModifyRuleCommandInput) => {
      const rule = ownRule(state, input.RuleArn, "modified");
      // elb/modify-rule-empty-is-unchanged
      const conditions = input.Conditions?.length ? input.Conditions.map(shownCondition) : rule.conditions;
      const actions = input.Actions?.length ? actionsFor(rule.listener, input.Actions) : rule.actions;
      rule.conditions = conditions;
      rule.actions = actions;
      if (input.ResetTransforms === true) rule.transforms = [];
      else if (input.Transforms?.length) rule.transforms = input.Transforms;
      signals.referencesChanged();
      return { Rules: [ruleView(rule)] };
    },
    DeleteRule: (input: DeleteRuleCommandInput) => {
      const rule = ownRule(state, input.RuleArn, "deleted");
      state.rules.delete(rule.arn);
      state.tags.delete(rule.arn);
      signals.referencesChanged();
      return {};
    },
    SetRulePriorities: (input: SetRulePrioritiesCommandInput) => ({
      Rules: setPriorities(state, input).map(ruleView),
    }),
    DescribeRules: (input: DescribeRulesCommandInput) => {
      const page = elbPage(asked(state, input), (one) => one.RuleArn ?? "", input);
      return { Rules: page.items, NextMarker: page.next };
    },
  };
}

function asked(state: ElbState, input: DescribeRulesCommandInput): RuleView[] {
  const arns = input.RuleArns ?? [];
  if ((arns.length === 0) === (input.ListenerArn === undefined)) {
    throw invalid("You must specify either listener rule ARNs or a listener ARN");
  }
  atMost(arns, 20, "listener rules");
  if (arns.length > 0) {
    return arns.map((arn) => {
      const found = ruleOf(state, arn);
      return "defaultOf" in found ? defaultRuleView(found.defaultOf) : ruleView(found);
    });
  }
  const listener = listenerOf(state, input.ListenerArn);
  const rules = rulesOf(state, listener).sort((a, b) => a.priority - b.priority);
  return [...rules.map(ruleView), defaultRuleView(listener)];
}

/** elb/set-rule-priorities */
function setPriorities(state: ElbState, input: SetRulePrioritiesCommandInput): Rule[] {
  const wanted = new Map<Rule, number>();
  for (const pair of input.RulePriorities ?? []) {
    const rule = ownRule(state, pair.RuleArn, "reprioritized");
    wanted.set(rule, pair.Priority ?? rule.priority);
  }
  for (const listener of new Set([...wanted.keys()].map((rule) => rule.listener))) {
    const taken = new Set<number>();
    for (const rule of rulesOf(state, listener)) {
      const priority = wanted.get(rule) ?? rule.priority;
      if (taken.has(priority)) throw inUse(priority);
      taken.add(priority);
    }
  }
  for (const [rule, priority] of wanted) rule.priority = priority;
  return [...wanted.keys()];
}

function rulesOf(state: ElbState, listener: Listener): Rule[] {
  return [...state.rules.values()].filter((one) => one.listener === listener);
}

/** A rule that is not a listener's default one: elb/default-rule. */
function ownRule(state: ElbState, arn: string | undefined, verb: string): Rule {
  const found = ruleOf(state, arn);
  if ("defaultOf" in found)
    throw new AwsError("OperationNotPermitted", `Default rule '${arn}' cannot be ${verb}`);
  return found;
}

function checkCount(state: ElbState, listener: Listener): void {
  const count = [...state.rules.values()].filter(
    (one) => one.listener.loadBalancer === listener.loadBalancer,
  ).length;
  if (count < state.quotas.rulesPerLoadBalancer) return;
  throw new AwsError("TooManyRules", "The maximum number of rules of this load balancer has been reached");
}

function inUse(priority: number): AwsError {
  return new AwsError("PriorityInUse", `Priority '${priority}' is currently in use`);
}

function ruleView(rule: Rule): RuleView {
  return {
    RuleArn: rule.arn,
    Priority: String(rule.priority),
    Conditions: rule.conditions,
    Actions: rule.actions,
    IsDefault: false,
    Transforms: rule.transforms,
  };
}

function defaultRuleView(listener: Listener): RuleView {
  return {
    RuleArn: listener.defaultRuleArn,
    Priority: "default",
    Conditions: [],
    Actions: listener.defaultActions,
    IsDefault: true,
    Transforms: [],
  };
}
