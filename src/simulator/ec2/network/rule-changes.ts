/** Rules of security groups, shown one by one and changed in place. */
import type {
  DescribeSecurityGroupRulesCommandInput,
  ModifySecurityGroupRulesCommandInput,
  UpdateSecurityGroupRuleDescriptionsEgressCommandInput,
  UpdateSecurityGroupRuleDescriptionsIngressCommandInput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../account/aws-error.ts";
import type { OperationTable } from "../../services.ts";
import { ec2Page, named } from "../describe-input.ts";
import { filtered } from "../filters/filtered.ts";
import { GROUP_RULE_FILTERS } from "../filters/network.ts";
import { notFound } from "../not-found.ts";
import { checkQuota, duplicate, ruleNamed, ruleView } from "./group-rules.ts";
import { descriptionOf, permissionKey, ruleOfRequest, rulesOf } from "./permissions.ts";
import { groupNamed, type Network, PAGE, type Rule, type SecurityGroup, securityGroupOf } from "./state.ts";

export function ruleChangeOperations(network: Network): OperationTable {
  return {
    DescribeSecurityGroupRules: (input: DescribeSecurityGroupRulesCommandInput) => {
      const all = [...network.securityGroups.values()].flatMap((group) =>
        group.rules.map((rule) => ({ group, rule })),
      );
      const asked = named(
        all,
        ({ rule }) => rule.ruleId,
        input.SecurityGroupRuleIds,
        (ids) => notFound("securityGroupRule", ids),
      );
      const views = asked.map(({ group, rule }) => ruleView(network, group, rule));
      const found = filtered("DescribeSecurityGroupRules", GROUP_RULE_FILTERS, input.Filters, views);
      const page = ec2Page(found, (one) => one.SecurityGroupRuleId ?? "", input, PAGE);
      return { SecurityGroupRules: page.items, NextToken: page.next };
    },
    ModifySecurityGroupRules: (input: ModifySecurityGroupRulesCommandInput) => {
      const group = securityGroupOf(network, input.GroupId);
      modify(network, group, input.SecurityGroupRules ?? []);
      return { Return: true };
    },
    UpdateSecurityGroupRuleDescriptionsIngress: (
      input: UpdateSecurityGroupRuleDescriptionsIngressCommandInput,
    ) => describe(network, false, input),
    UpdateSecurityGroupRuleDescriptionsEgress: (
      input: UpdateSecurityGroupRuleDescriptionsEgressCommandInput,
    ) => describe(network, true, input),
  };
}

/** What the request leaves out of a rule is gone from it: the rule is replaced, and keeps its id and tags. */
function modify(
  network: Network,
  group: SecurityGroup,
  updates: NonNullable<ModifySecurityGroupRulesCommandInput["SecurityGroupRules"]>,
): void {
  const changed = new Map<string, Rule>();
  for (const { SecurityGroupRuleId: id, SecurityGroupRule: request } of updates) {
    const { ruleId, isEgress } = ruleNamed(group, id);
    changed.set(ruleId, { ...ruleOfRequest(network, group, isEgress, request ?? {}), ruleId });
  }
  const next = group.rules.map((rule) => changed.get(rule.ruleId) ?? rule);
  const seen = new Set<string>();
  for (const rule of next) {
    if (seen.has(permissionKey(rule))) throw duplicate(rule);
    seen.add(permissionKey(rule));
  }
  checkQuota(next);
  group.rules = next;
}

/** ec2/rule-descriptions */
function describe(
  network: Network,
  isEgress: boolean,
  input: UpdateSecurityGroupRuleDescriptionsIngressCommandInput,
): object {
  const group = groupNamed(network, input);
  const texts = new Map<string, string | undefined>();
  for (const { SecurityGroupRuleId: id, Description } of input.SecurityGroupRuleDescriptions ?? []) {
    texts.set(ruleNamed(group, id, isEgress).ruleId, descriptionOf(Description));
  }
  if (texts.size === 0) {
    for (const one of rulesOf(network, group, isEgress, input)) {
      const rule = group.rules.find((own) => permissionKey(own) === permissionKey(one));
      if (rule === undefined) {
        throw new AwsError(
          "InvalidPermission.NotFound",
          "The specified rule does not exist in this security group.",
        );
      }
      texts.set(rule.ruleId, one.description);
    }
  }
  group.rules = group.rules.map((rule) =>
    texts.has(rule.ruleId) ? { ...rule, description: texts.get(rule.ruleId) } : rule,
  );
  return { Return: true };
}
