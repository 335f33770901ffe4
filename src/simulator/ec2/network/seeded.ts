/** The network as it is before anyone calls: a default VPC, with all that AWS makes with one. */
import type { AccountContext } from "../../account/context.ts";
import { derivedId } from "../../account/ids.ts";
import { SECURITY_GROUPS, SUBNETS, VPCS } from "../../account/seed.ts";
import type { TagStore } from "../tags.ts";
import type { Network, NetworkInterface, SecurityGroup } from "./state.ts";

/** @param interfaces those of the account's instances and load balancers, asked whenever it matters */
export function seededNetwork(
  context: AccountContext,
  tags: TagStore,
  interfaces: () => readonly NetworkInterface[],
): Network {
  const network: Network = {
    context,
    tags,
    vpcs: new Map(),
    subnets: new Map(),
    gateways: new Map(),
    routeTables: new Map(),
    securityGroups: new Map(),
    interfaces,
  };
  for (const vpc of VPCS) addVpc(network, vpc);
  for (const { subnetId, vpcId, zone, cidr, isDefaultForZone } of SUBNETS) {
    tags.put(subnetId, [{ Key: "Name", Value: subnetId }]);
    network.subnets.set(subnetId, {
      subnetId,
      vpcId,
      zone,
      cidr,
      ipv6: undefined,
      isDefaultForZone,
      mapsPublicIp: true,
      assignsIpv6: false,
      dns64: false,
      hostnameType: "ip-name",
      recordsA: false,
      recordsAaaa: false,
    });
  }
  for (const group of SECURITY_GROUPS) network.securityGroups.set(group.groupId, seededGroup(group));
  return network;
}

function addVpc(network: Network, { vpcId, cidr, isDefault, name }: (typeof VPCS)[number]): void {
  const part = (prefix: string): string => vpcId.replace(/^vpc/, prefix);
  network.tags.put(vpcId, [{ Key: "Name", Value: name }]);
  network.vpcs.set(vpcId, {
    vpcId,
    cidr,
    cidrAssociationId: part("vpc-cidr-assoc"),
    ipv6: undefined,
    isDefault,
    defaultAclId: part("acl"),
    tenancy: "default",
    dnsSupport: true,
    // ec2/default-vpc
    dnsHostnames: isDefault,
    addressUsageMetrics: false,
  });
  network.gateways.set(part("igw"), { gatewayId: part("igw"), vpcId });
  network.routeTables.set(part("rtb"), {
    tableId: part("rtb"),
    vpcId,
    routes: [
      { destination: cidr, target: { gatewayId: "local" } },
      { destination: "0.0.0.0/0", target: { gatewayId: part("igw") } },
    ],
    associations: [{ associationId: part("rtbassoc") }],
  });
}

function seededGroup(seed: (typeof SECURITY_GROUPS)[number]): SecurityGroup {
  const { groupId, name, vpcId, description } = seed;
  const rule = { protocol: "-1", fromPort: -1, toPort: -1, description: undefined };
  const out = {
    ...rule,
    ruleId: derivedId("sgr", `${groupId} out`),
    isEgress: true,
    peer: { kind: "ipv4", cidr: "0.0.0.0/0" },
  } as const;
  const own = {
    ...rule,
    ruleId: derivedId("sgr", `${groupId} in`),
    isEgress: false,
    peer: { kind: "group", groupId },
  } as const;
  return { groupId, name, vpcId, description, rules: name === "default" ? [own, out] : [out] };
}
