/** What the network of the account is made of, and what its operations share. */
import { AwsError } from "../../account/aws-error.ts";
import type { AccountContext } from "../../account/context.ts";
import { notFound } from "../not-found.ts";
import type { TagStore } from "../tags.ts";

/** An IPv6 block, as it is associated with a VPC or a subnet. */
export interface Ipv6Association {
  readonly associationId: string;
  readonly cidr: string;
}

export interface Vpc {
  readonly vpcId: string;
  readonly cidr: string;
  readonly cidrAssociationId: string;
  readonly ipv6: Ipv6Association | undefined;
  readonly isDefault: boolean;
  readonly defaultAclId: string;
  tenancy: "default" | "dedicated";
  dnsSupport: boolean;
  dnsHostnames: boolean;
  addressUsageMetrics: boolean;
}

export interface Subnet {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly cidr: string;
  readonly ipv6: Ipv6Association | undefined;
  readonly isDefaultForZone: boolean;
  mapsPublicIp: boolean;
  assignsIpv6: boolean;
  dns64: boolean;
  hostnameType: "ip-name" | "resource-name";
  recordsA: boolean;
  recordsAaaa: boolean;
}

export interface InternetGateway {
  readonly gatewayId: string;
  /** What it is attached to. */
  vpcId: string | undefined;
}

export interface Route {
  /** The canonical block, of either family. */
  readonly destination: string;
  /** `local`, an internet gateway, or an instance with its interface. */
  readonly target:
    | { readonly gatewayId: string }
    | { readonly instanceId: string; readonly interfaceId: string };
}

export interface RouteAssociation {
  readonly associationId: string;
  /** Without either it is the main one of its VPC. */
  readonly subnetId?: string;
  readonly gatewayId?: string;
}

export interface RouteTable {
  readonly tableId: string;
  readonly vpcId: string;
  routes: Route[];
  associations: RouteAssociation[];
}

/** Where a rule lets traffic come from or go to. */
export type Peer =
  | { readonly kind: "ipv4" | "ipv6"; readonly cidr: string }
  | { readonly kind: "group"; readonly groupId: string };

/** What a rule is about; two rules of a group that agree in all of it are the same rule. */
export interface Permission {
  readonly isEgress: boolean;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, another protocol's number, or `-1` for all. */
  readonly protocol: string;
  /** Of TCP and UDP ports, of ICMP type and code; -1 for all. */
  readonly fromPort: number;
  readonly toPort: number;
  readonly peer: Peer;
}

export interface Rule extends Permission {
  readonly ruleId: string;
  readonly description: string | undefined;
}

export interface SecurityGroup {
  readonly groupId: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  rules: Rule[];
}

/** One interface: those of instances and of load balancers are all that there are. */
export interface NetworkInterface {
  readonly interfaceId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly privateIp: string;
  readonly publicIp: string | undefined;
  readonly groupIds: readonly string[];
  readonly owner:
    | {
        readonly kind: "instance";
        readonly instanceId: string;
        readonly checksDestination: boolean;
        readonly attachedAtMs: number;
      }
    | {
        readonly kind: "loadBalancer";
        readonly dimension: string;
        readonly attachedAtMs: number;
      };
}

export interface Network {
  readonly context: AccountContext;
  readonly tags: TagStore;
  readonly vpcs: Map<string, Vpc>;
  readonly subnets: Map<string, Subnet>;
  readonly gateways: Map<string, InternetGateway>;
  readonly routeTables: Map<string, RouteTable>;
  readonly securityGroups: Map<string, SecurityGroup>;
  /** Follows from the instances and load balancers of the moment. */
  interfaces(): readonly NetworkInterface[];
}

/** All network operations page alike, but for those of route tables. */
export const PAGE = { least: 5, most: 1000 };

/**
 * Quotas: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 * The account has had those of VPCs and gateways raised, as AWS does on request, so that tests in parallel fit.
 */
export const QUOTAS = {
  vpcs: 100,
  gateways: 100,
  subnetsPerVpc: 200,
  routeTablesPerVpc: 200,
  routesPerTable: 500,
  securityGroups: 2_500,
  /** Of each direction and family. */
  rulesPerGroup: 60,
  groupsPerInterface: 5,
};

export function vpcOf(network: Network, vpcId: string | undefined): Vpc {
  return network.vpcs.get(given(vpcId, "vpcId")) ?? fail(notFound("vpc", [vpcId ?? ""]));
}

export function subnetOf(network: Network, subnetId: string | undefined): Subnet {
  return network.subnets.get(given(subnetId, "subnetId")) ?? fail(notFound("subnet", [subnetId ?? ""]));
}

export function gatewayOf(network: Network, gatewayId: string | undefined): InternetGateway {
  const found = network.gateways.get(given(gatewayId, "internetGatewayId"));
  return found ?? fail(notFound("internetGateway", [gatewayId ?? ""]));
}

export function routeTableOf(network: Network, tableId: string | undefined): RouteTable {
  const found = network.routeTables.get(given(tableId, "routeTableId"));
  return found ?? fail(notFound("routeTable", [tableId ?? ""]));
}

export function securityGroupOf(network: Network, groupId: string | undefined): SecurityGroup {
  const found = network.securityGroups.get(given(groupId, "groupId"));
  return found ?? fail(notFound("securityGroup", [groupId ?? ""]));
}

export function defaultVpc(network: Network): Vpc | undefined {
  return [...network.vpcs.values()].find((vpc) => vpc.isDefault);
}

export function defaultGroupOf(network: Network, vpcId: string): SecurityGroup {
  const groups = [...network.securityGroups.values()];
  // It is made with the VPC and cannot be deleted before it.
  return groups.find((group) => group.vpcId === vpcId && group.name === "default")!;
}

/** The group of this id, or of this name in the default VPC. @throws AwsError */
export function groupNamed(
  network: Network,
  by: { GroupId?: string | undefined; GroupName?: string | undefined },
): SecurityGroup {
  if (by.GroupId !== undefined) return securityGroupOf(network, by.GroupId);
  if (by.GroupName === undefined) {
    throw new AwsError("MissingParameter", "The request must contain the parameter groupName or groupId");
  }
  const vpc = defaultVpc(network) ?? fail(noDefaultVpc("GroupName is only supported for default VPC."));
  const found = [...network.securityGroups.values()].find(
    (group) => group.vpcId === vpc.vpcId && group.name === by.GroupName,
  );
  if (found !== undefined) return found;
  throw new AwsError(
    "InvalidGroup.NotFound",
    `The security group '${by.GroupName}' does not exist in default VPC '${vpc.vpcId}'`,
  );
}

export function noDefaultVpc(why: string): AwsError {
  return new AwsError("VPCIdNotSpecified", `No default VPC for this user. ${why}`.trim());
}

/** ec2/in-use-stays */
export function inUse(kind: string, id: string): AwsError {
  return new AwsError("DependencyViolation", `The ${kind} '${id}' has dependencies and cannot be deleted.`);
}

export function arnOf(context: AccountContext, resource: string): string {
  return `arn:aws:ec2:${context.region}:${context.accountId}:${resource}`;
}

export function fail(error: AwsError): never {
  throw error;
}

function given(value: string | undefined, parameter: string): string {
  if (value !== undefined && value !== "") return value;
  throw new AwsError("MissingParameter", `The request must contain the parameter ${parameter}`);
}
