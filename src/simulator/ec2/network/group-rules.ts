/** Rules of security groups, that come and go: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html */
import type {
  AuthorizeSecurityGroupEgressCommandInput,
  AuthorizeSecurityGroupIngressCommandInput,
  RevokedSecurityGroupRule,
  RevokeSecurityGroupEgressCommandInput,
  RevokeSecurityGroupIngressCommandInput,
  SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../account/aws-error.ts";
import type { OperationTable } from "../../services.ts";
import { notFound } from "../not-found.ts";
import { specifiedTags } from "../tags.ts";
import { permissionKey, permissionText, rulesOf } from "./permissions.ts";
import { permissionsView } from "./security-groups.ts";
import { arnOf, fail, groupNamed, type Network, QUOTAS, type Rule, type SecurityGroup } from "./state.ts";

export function groupRuleOperations(network: Network): OperationTable {
  return {
    AuthorizeSecurityGroupIngress: (input: AuthorizeSecurityGroupIngressCommandInput) =>
      authorize(network, false, input),
    AuthorizeSecurityGroupEgress: (input: AuthorizeSecurityGroupEgressCommandInput) =>
      authorize(network, true, input),
    RevokeSecurityGroupIngress: (input: RevokeSecurityGroupIngressCommandInput) =>
      revoke(network, false, input),
    RevokeSecurityGroupEgress: (input: RevokeSecurityGroupEgressCommandInput) => revoke(network, true, input),
  };
}

/** All of the rules, or none. ec2/no-rule-twice */
function authorize(
  network: Network,
  isEgress: boolean,
  input: AuthorizeSecurityGroupIngressCommandInput,
): object {
  const group = groupNamed(network, input);
  const rules = rulesOf(network, group, isEgress, input);
  const tags = specifiedTags(input.TagSpecifications, "security-group-rule");
  const present = new Set(group.rules.map(permissionKey));
  const twice = rules.find((rule) => present.has(permissionKey(rule)));
  if (twice !== undefined) throw duplicate(twice);
  const added = rules.map((rule) => ({ ...rule, ruleId: `sgr-${network.context.id(17)}` }));
  checkQuota([...group.rules, ...added]);
  group.rules = [...group.rules, ...added];
  for (const { ruleId } of added) network.tags.put(ruleId, tags);
  return { Return: true, SecurityGroupRules: added.map((rule) => ruleView(network, group, rule)) };
}

/** ec2/revoke-unknown */
function revoke(network: Network, isEgress: boolean, input: RevokeSecurityGroupIngressCommandInput): object {
  const group = groupNamed(network, input);
  const ids = input.SecurityGroupRuleIds ?? [];
  if (ids.length > 0) {
    const named = ids.map((id) => ruleNamed(group, id, isEgress));
    return { Return: true, RevokedSecurityGroupRules: forget(network, group, named) };
  }
  const asked = rulesOf(network, group, isEgress, input);
  const found = asked.map((one) => group.rules.find((rule) => permissionKey(rule) === permissionKey(one)));
  const unknown = asked.filter((_, index) => found[index] === undefined);
  if (unknown.length > 0 && network.vpcs.get(group.vpcId)?.isDefault !== true) {
    throw new AwsError(
      "InvalidPermission.NotFound",
      "The specified rule does not exist in this security group.",
    );
  }
  const known = found.filter((rule) => rule !== undefined);
  return {
    Return: true,
    RevokedSecurityGroupRules: forget(network, group, known),
    UnknownIpPermissions: permissionsView(network, unknown),
  };
}

/** @throws AwsError unless the group has it in this direction */
export function ruleNamed(group: SecurityGroup, ruleId: string | undefined, isEgress?: boolean): Rule {
  const found = group.rules.find(
    (rule) => rule.ruleId === ruleId && (isEgress === undefined || rule.isEgress === isEgress),
  );
  return found ?? fail(notFound("securityGroupRule", [ruleId ?? ""]));
}

export function duplicate(rule: Omit<Rule, "ruleId">): AwsError {
  return new AwsError(
    "InvalidPermission.Duplicate",
    `the specified rule "${permissionText(rule)}" already exists`,
  );
}

/** ec2/rules-per-group @throws AwsError */
export function checkQuota(rules: readonly Rule[]): void {
  const counted = Map.groupBy(rules, ({ isEgress, peer }) => `${isEgress} ${peer.kind === "ipv6"}`);
  // A rule about a group counts for both families.
  const ofGroups = Map.groupBy(
    rules.filter(({ peer }) => peer.kind === "group"),
    ({ isEgress }) => isEgress,
  );
  const isOver = [...counted].some(([key, some]) => {
    const [egress, isSix] = key.split(" ");
    const beside = isSix === "true" ? (ofGroups.get(egress === "true")?.length ?? 0) : 0;
    return some.length + beside > QUOTAS.rulesPerGroup;
  });
  if (isOver) {
    throw new AwsError(
      "RulesPerSecurityGroupLimitExceeded",
      "The maximum number of rules per security group has been reached.",
    );
  }
}

function forget(network: Network, group: SecurityGroup, gone: readonly Rule[]): RevokedSecurityGroupRule[] {
  group.rules = group.rules.filter((rule) => !gone.includes(rule));
  return gone.map((rule) => {
    network.tags.forget(rule.ruleId);
    const { GroupOwnerId, SecurityGroupRuleArn, Tags, ReferencedGroupInfo, ...rest } = ruleView(
      network,
      group,
      rule,
    );
    return { ...rest, ...(ReferencedGroupInfo && { ReferencedGroupId: ReferencedGroupInfo.GroupId }) };
  });
}

export function ruleView(network: Network, group: SecurityGroup, rule: Rule): SecurityGroupRule {
  const { peer, ruleId } = rule;
  return {
    SecurityGroupRuleId: ruleId,
    SecurityGroupRuleArn: arnOf(network.context, `security-group-rule/${ruleId}`),
    GroupId: group.groupId,
    GroupOwnerId: network.context.accountId,
    IsEgress: rule.isEgress,
    IpProtocol: rule.protocol,
    FromPort: rule.fromPort,
    ToPort: rule.toPort,
    ...(peer.kind === "ipv4" && { CidrIpv4: peer.cidr }),
    ...(peer.kind === "ipv6" && { CidrIpv6: peer.cidr }),
    ...(peer.kind === "group" && {
      ReferencedGroupInfo: { GroupId: peer.groupId, UserId: network.context.accountId },
    }),
    ...(rule.description !== undefined && { Description: rule.description }),
    Tags: [...network.tags.of(ruleId)],
  };
}
