/** What clients send of a security group's rules, one by one and normalised: what is equal has one form. */
import type { IpPermission, SecurityGroupRuleRequest } from "@aws-sdk/client-ec2";
import { AwsError } from "../../account/aws-error.ts";
import { blockText, parseBlock } from "./cidr.ts";
import { refuseUnmodelled } from "./refusals.ts";
import {
  groupNamed,
  type Network,
  type Peer,
  type Permission,
  type Rule,
  type SecurityGroup,
  securityGroupOf,
  type Vpc,
} from "./state.ts";

/** A rule that has no id yet. */
export type NewRule = Omit<Rule, "ruleId">;

/** The members of the older form, which carries one permission. */
export interface FlatPermission {
  IpProtocol?: string | undefined;
  FromPort?: number | undefined;
  ToPort?: number | undefined;
  CidrIp?: string | undefined;
  SourceSecurityGroupName?: string | undefined;
  SourceSecurityGroupOwnerId?: string | undefined;
  IpPermissions?: IpPermission[] | undefined;
}

/** ec2/default-egress: for IPv6 too where the VPC has it. */
export function defaultRules(network: Network, vpc: Vpc): Rule[] {
  const out = { isEgress: true, protocol: "-1", fromPort: -1, toPort: -1, description: undefined } as const;
  const peers: Peer[] = [{ kind: "ipv4", cidr: "0.0.0.0/0" }];
  if (vpc.ipv6 !== undefined) peers.push({ kind: "ipv6", cidr: "::/0" });
  return peers.map((peer) => ({ ...out, ruleId: `sgr-${network.context.id(17)}`, peer }));
}

/** Rules of the request, in its order. @throws AwsError */
export function rulesOf(
  network: Network,
  group: SecurityGroup,
  isEgress: boolean,
  input: FlatPermission,
): NewRule[] {
  const permissions = (input.IpPermissions ?? []).length > 0 ? input.IpPermissions! : [flat(network, input)];
  const rules = permissions.flatMap((permission) => {
    const traffic = trafficOf(permission.IpProtocol, permission.FromPort, permission.ToPort);
    const peers = peersOf(network, group, permission);
    if (peers.length === 0) {
      const words = isEgress ? "destination" : "source";
      throw new AwsError(
        "MissingParameter",
        `Missing ${words} specification: include ${words} security group or CIDR information`,
      );
    }
    return peers.map(({ peer, description }) => ({ isEgress, ...traffic, peer, description }));
  });
  if (new Set(rules.map(permissionKey)).size < rules.length) {
    throw new AwsError("InvalidParameterValue", "The same permission must not appear multiple times");
  }
  return rules;
}

/** @throws AwsError */
export function ruleOfRequest(
  network: Network,
  group: SecurityGroup,
  isEgress: boolean,
  request: SecurityGroupRuleRequest,
): NewRule {
  const { CidrIpv4, CidrIpv6, ReferencedGroupId, PrefixListId, Description } = request;
  const [rule, ...others] = rulesOf(network, group, isEgress, {
    IpPermissions: [
      {
        IpProtocol: request.IpProtocol,
        FromPort: request.FromPort,
        ToPort: request.ToPort,
        IpRanges: CidrIpv4 === undefined ? [] : [{ CidrIp: CidrIpv4, Description }],
        Ipv6Ranges: CidrIpv6 === undefined ? [] : [{ CidrIpv6, Description }],
        UserIdGroupPairs:
          ReferencedGroupId === undefined ? [] : [{ GroupId: ReferencedGroupId, Description }],
        PrefixListIds: PrefixListId === undefined ? [] : [{ PrefixListId, Description }],
      },
    ],
  });
  if (rule !== undefined && others.length === 0) return rule;
  throw new AwsError("InvalidParameterCombination", "Only one source or destination must be specified.");
}

/** Equal for two that AWS takes for the same. */
export function permissionKey({ isEgress, protocol, fromPort, toPort, peer }: Permission): string {
  const to = peer.kind === "group" ? peer.groupId : peer.cidr;
  return `${isEgress} ${protocol} ${fromPort} ${toPort} ${to}`;
}

/** A rule as the text of InvalidPermission.Duplicate has it. */
export function permissionText({ protocol, fromPort, toPort, peer }: Permission): string {
  const from = `peer: ${peer.kind === "group" ? peer.groupId : peer.cidr}`;
  const all = (value: number): string => (value === -1 ? "ALL" : String(value));
  switch (protocol) {
    case "-1":
      return `${from}, ALL, ALLOW`;
    case "tcp":
    case "udp":
      return `${from}, ${protocol.toUpperCase()}, from port: ${fromPort}, to port: ${toPort}, ALLOW`;
    case "icmp":
    case "icmpv6":
      return `${from}, ${protocol.toUpperCase()}, type: ${all(fromPort)}, code: ${all(toPort)}, ALLOW`;
    default:
      return `${from}, protocol: ${protocol}, ALLOW`;
  }
}

function flat(network: Network, input: FlatPermission): IpPermission {
  refuseUnmodelled(input, ["SourceSecurityGroupOwnerId"]);
  if (input.IpProtocol === undefined && input.SourceSecurityGroupName === undefined) {
    throw new AwsError("MissingParameter", "The request must contain the parameter ipPermissions");
  }
  const { SourceSecurityGroupName: GroupName, CidrIp } = input;
  return {
    IpProtocol: input.IpProtocol ?? "-1",
    FromPort: input.FromPort,
    ToPort: input.ToPort,
    IpRanges: CidrIp === undefined ? [] : [{ CidrIp }],
    UserIdGroupPairs:
      GroupName === undefined ? [] : [{ GroupId: groupNamed(network, { GroupName }).groupId }],
  };
}

const NAMES: Readonly<Record<string, string>> = {
  "6": "tcp",
  "17": "udp",
  "1": "icmp",
  "58": "icmpv6",
  all: "-1",
};

/** ec2/all-protocols */
function trafficOf(
  given: string | undefined,
  from: number | undefined,
  to: number | undefined,
): Pick<Permission, "protocol" | "fromPort" | "toPort"> {
  const lower = (given ?? "").toLowerCase();
  const protocol = NAMES[lower] ?? lower;
  switch (protocol) {
    case "tcp":
    case "udp":
      return { protocol, ...portsOf(from, to) };
    case "icmp":
    case "icmpv6":
      return { protocol, fromPort: from ?? -1, toPort: to ?? -1 };
  }
  const isNumber = /^\d+$/.test(protocol) && Number(protocol) <= 255;
  if (protocol !== "-1" && !isNumber) {
    throw new AwsError(
      "InvalidParameterValue",
      `Invalid value '${given}' for IP protocol. Unknown protocol.`,
    );
  }
  return { protocol, fromPort: -1, toPort: -1 };
}

function portsOf(from: number | undefined, to: number | undefined): Pick<Permission, "fromPort" | "toPort"> {
  if (from === undefined || to === undefined) {
    throw new AwsError(
      "InvalidParameterValue",
      "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
    );
  }
  const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65_535;
  if (!isPort(from) || !isPort(to) || from > to) {
    throw new AwsError("InvalidParameterValue", `Invalid TCP/UDP port range (${from}-${to})`);
  }
  return { fromPort: from, toPort: to };
}

type Described = { readonly peer: Peer; readonly description: string | undefined };

function peersOf(network: Network, group: SecurityGroup, permission: IpPermission): Described[] {
  const blocks = [
    ...(permission.IpRanges ?? []).map(({ CidrIp, Description }) => ["ipv4", CidrIp, Description] as const),
    ...(permission.Ipv6Ranges ?? []).map(
      ({ CidrIpv6, Description }) => ["ipv6", CidrIpv6, Description] as const,
    ),
  ].map(([kind, cidr, text]) => ({
    peer: { kind, cidr: canonical(kind, cidr) },
    description: descriptionOf(text),
  }));
  const groups = (permission.UserIdGroupPairs ?? []).map((pair) => {
    const referenced =
      pair.GroupId === undefined ? groupNamed(network, pair) : securityGroupOf(network, pair.GroupId);
    if (referenced.vpcId !== group.vpcId) {
      throw new AwsError(
        "InvalidGroup.NotFound",
        "You have specified two resources that belong to different networks.",
      );
    }
    return {
      peer: { kind: "group", groupId: referenced.groupId } as const,
      description: descriptionOf(pair.Description),
    };
  });
  const [list] = permission.PrefixListIds ?? [];
  if (list !== undefined) {
    throw new AwsError(
      "InvalidPrefixListID.NotFound",
      `The prefix list ID '${list.PrefixListId}' does not exist`,
    );
  }
  return [...blocks, ...groups];
}

/** ec2/canonical-blocks */
function canonical(kind: "ipv4" | "ipv6", cidr: string | undefined): string {
  const block = parseBlock(cidr);
  if (block?.family === (kind === "ipv4" ? 4 : 6)) return blockText(block);
  throw new AwsError("InvalidParameterValue", `CIDR block ${cidr} is malformed`);
}

/** @throws AwsError for what AWS does not take as a description; an empty one is none */
export function descriptionOf(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (text.length <= 255 && /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]*$/.test(text)) return text;
  throw new AwsError(
    "InvalidParameterValue",
    "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
  );
}
