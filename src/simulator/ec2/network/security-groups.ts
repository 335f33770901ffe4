/** Security groups: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html */
import type {
  CreateSecurityGroupCommandInput,
  DeleteSecurityGroupCommandInput,
  DescribeSecurityGroupsCommandInput,
  SecurityGroup as GroupView,
  IpPermission,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../account/aws-error.ts";
import type { OperationTable } from "../../services.ts";
import { ec2Page, named } from "../describe-input.ts";
import { filtered } from "../filters/filtered.ts";
import { SECURITY_GROUP_FILTERS } from "../filters/network.ts";
import { notFound } from "../not-found.ts";
import { specifiedTags } from "../tags.ts";
import { defaultRules } from "./permissions.ts";
import {
  arnOf,
  defaultVpc,
  fail,
  groupNamed,
  type Network,
  noDefaultVpc,
  PAGE,
  QUOTAS,
  type Rule,
  type SecurityGroup,
  vpcOf,
} from "./state.ts";

export function securityGroupOperations(network: Network): OperationTable {
  return {
    CreateSecurityGroup: (input: CreateSecurityGroupCommandInput) => {
      const group = create(network, input);
      return {
        GroupId: group.groupId,
        SecurityGroupArn: arnOf(network.context, `security-group/${group.groupId}`),
        Tags: [...network.tags.of(group.groupId)],
      };
    },
    DescribeSecurityGroups: (input: DescribeSecurityGroupsCommandInput) => {
      const all = asked(network, input).map((group) => view(network, group));
      const found = filtered("DescribeSecurityGroups", SECURITY_GROUP_FILTERS, input.Filters, all);
      const page = ec2Page(found, (group) => group.GroupId ?? "", input, PAGE);
      return { SecurityGroups: page.items, NextToken: page.next };
    },
    DeleteSecurityGroup: (input: DeleteSecurityGroupCommandInput) => {
      const group = groupNamed(network, input);
      remove(network, group);
      return { Return: true, GroupId: group.groupId };
    },
  };
}

/** Names are those of the default VPC's groups. */
function asked(network: Network, input: DescribeSecurityGroupsCommandInput): readonly SecurityGroup[] {
  const all = [...network.securityGroups.values()];
  const byId = named(
    all,
    (one) => one.groupId,
    input.GroupIds,
    (ids) => notFound("securityGroup", ids),
  );
  if ((input.GroupNames ?? []).length === 0) return byId;
  const vpc = defaultVpc(network) ?? fail(noDefaultVpc("GroupName is only supported for default VPC."));
  return named(
    byId.filter((group) => group.vpcId === vpc.vpcId),
    (one) => one.name,
    input.GroupNames,
    (ids) =>
      new AwsError(
        "InvalidGroup.NotFound",
        `The security group '${ids.join(", ")}' does not exist in default VPC '${vpc.vpcId}'`,
      ),
  );
}

function create(network: Network, input: CreateSecurityGroupCommandInput): SecurityGroup {
  const name = checkedName(input.GroupName ?? "");
  const description = checkedText(input.Description ?? "", "GroupDescription");
  const vpc =
    input.VpcId === undefined ? (defaultVpc(network) ?? fail(noDefaultVpc(""))) : vpcOf(network, input.VpcId);
  const tags = specifiedTags(input.TagSpecifications, "security-group");
  const all = [...network.securityGroups.values()];
  // ec2/group-names
  if (all.some((group) => group.vpcId === vpc.vpcId && group.name === name)) {
    throw new AwsError(
      "InvalidGroup.Duplicate",
      `The security group '${name}' already exists for VPC '${vpc.vpcId}'`,
    );
  }
  if (all.length >= QUOTAS.securityGroups) {
    throw new AwsError(
      "SecurityGroupLimitExceeded",
      "The maximum number of security groups has been reached.",
    );
  }
  const groupId = `sg-${network.context.id(17)}`;
  const group = { groupId, name, description, vpcId: vpc.vpcId, rules: defaultRules(network, vpc) };
  network.securityGroups.set(groupId, group);
  network.tags.put(groupId, tags);
  return group;
}

/** ec2/group-names */
function checkedName(name: string): string {
  if (name === "") throw new AwsError("MissingParameter", "The request must contain the parameter GroupName");
  if (/^sg-/i.test(name)) {
    throw new AwsError(
      "InvalidParameterValue",
      `Value (${name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.`,
    );
  }
  if (name.toLowerCase() === "default") {
    throw new AwsError("InvalidGroup.Reserved", "The security group name 'default' is reserved.");
  }
  return checkedText(name, "GroupName");
}

function checkedText(text: string, parameter: "GroupName" | "GroupDescription"): string {
  if (text.length > 255) {
    throw new AwsError(
      "InvalidParameterValue",
      `Value (${text}) for parameter ${parameter} is invalid. The maximum length is 255 characters.`,
    );
  }
  // Names and descriptions are made of the same characters.
  if (/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]*$/.test(text)) return text;
  throw new AwsError(
    "InvalidParameterValue",
    `Value (${text}) for parameter ${parameter} is invalid. Character sets beyond ASCII are not supported.`,
  );
}

/** ec2/group-in-use */
function remove(network: Network, group: SecurityGroup): void {
  const { groupId } = group;
  if (group.name === "default") {
    throw new AwsError(
      "CannotDelete",
      `the specified group: "${groupId}" name: "default" cannot be deleted by a user`,
    );
  }
  const refers = ({ peer }: Rule): boolean => peer.kind === "group" && peer.groupId === groupId;
  const isUsed =
    network.interfaces().some((one) => one.groupIds.includes(groupId)) ||
    [...network.securityGroups.values()].some((other) => other !== group && other.rules.some(refers));
  if (isUsed) throw new AwsError("DependencyViolation", `resource ${groupId} has a dependent object`);
  network.securityGroups.delete(groupId);
  for (const id of [groupId, ...group.rules.map((rule) => rule.ruleId)]) network.tags.forget(id);
}

function view(network: Network, group: SecurityGroup): GroupView {
  return {
    GroupId: group.groupId,
    GroupName: group.name,
    Description: group.description,
    SecurityGroupArn: arnOf(network.context, `security-group/${group.groupId}`),
    VpcId: group.vpcId,
    OwnerId: network.context.accountId,
    IpPermissions: permissionsView(
      network,
      group.rules.filter((rule) => !rule.isEgress),
    ),
    IpPermissionsEgress: permissionsView(
      network,
      group.rules.filter((rule) => rule.isEgress),
    ),
    Tags: [...network.tags.of(group.groupId)],
  };
}

/** AWS gathers the peers of what is otherwise equal. */
export function permissionsView(network: Network, rules: readonly Omit<Rule, "ruleId">[]): IpPermission[] {
  const alike = Map.groupBy(rules, (rule) => `${rule.protocol} ${rule.fromPort} ${rule.toPort}`);
  return [...alike.values()].map((some) => {
    const { protocol, fromPort, toPort } = some[0]!;
    const hasPorts = /^(tcp|udp|icmp|icmpv6)$/.test(protocol);
    const described = ({ description }: { description: string | undefined }): object =>
      description === undefined ? {} : { Description: description };
    return {
      IpProtocol: protocol,
      ...(hasPorts && { FromPort: fromPort, ToPort: toPort }),
      IpRanges: some.flatMap(({ peer, ...rule }) =>
        peer.kind === "ipv4" ? [{ CidrIp: peer.cidr, ...described(rule) }] : [],
      ),
      Ipv6Ranges: some.flatMap(({ peer, ...rule }) =>
        peer.kind === "ipv6" ? [{ CidrIpv6: peer.cidr, ...described(rule) }] : [],
      ),
      PrefixListIds: [],
      UserIdGroupPairs: some.flatMap(({ peer, ...rule }) =>
        peer.kind === "group"
          ? [{ GroupId: peer.groupId, UserId: network.context.accountId, ...described(rule) }]
          : [],
      ),
    };
  });
}
