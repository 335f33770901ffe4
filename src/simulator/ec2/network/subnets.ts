/** Subnets: https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html */
import type {
  CreateSubnetCommandInput,
  DeleteSubnetCommandInput,
  DescribeSubnetsCommandInput,
  Subnet as SubnetView,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../account/aws-error.ts";
import { ZONES } from "../../account/seed.ts";
import type { OperationTable } from "../../services.ts";
import { describedPage } from "../described-page.ts";
import { SUBNET_FILTERS } from "../filters/network.ts";
import { specifiedTags } from "../tags.ts";
import {
  type Block,
  blockOf,
  blockText,
  contains,
  givenBlock,
  overlaps,
  parseBlock,
  usableAddresses,
} from "./cidr.ts";
import { refuseUnmodelled } from "./refusals.ts";
import { arnOf, inUse, type Network, QUOTAS, type Subnet, subnetOf, type Vpc, vpcOf } from "./state.ts";

export function subnetOperations(network: Network): OperationTable {
  return {
    CreateSubnet: (input: CreateSubnetCommandInput) => {
      refuseUnmodelled(input, [
        "OutpostArn",
        "Ipv6Native",
        "Ipv4IpamPoolId",
        "Ipv4NetmaskLength",
        "Ipv6IpamPoolId",
        "Ipv6NetmaskLength",
      ]);
      const subnet = create(network, vpcOf(network, input.VpcId), input);
      return { Subnet: view(network, subnet) };
    },
    DescribeSubnets: (input: DescribeSubnetsCommandInput) => {
      const page = describedPage(input, {
        operation: "DescribeSubnets",
        all: [...network.subnets.values()].map((subnet) => view(network, subnet)),
        idOf: (one) => one.SubnetId,
        ids: input.SubnetIds,
        kind: "subnet",
        filters: SUBNET_FILTERS,
      });
      return { Subnets: page.items, NextToken: page.next };
    },
    DeleteSubnet: (input: DeleteSubnetCommandInput) => {
      const { subnetId } = subnetOf(network, input.SubnetId);
      if (network.interfaces().some((one) => one.subnetId === subnetId)) throw inUse("subnet", subnetId);
      network.subnets.delete(subnetId);
      network.tags.forget(subnetId);
      for (const table of network.routeTables.values()) {
        table.associations = table.associations.filter((one) => one.subnetId !== subnetId);
      }
      return {};
    },
  };
}

/** How many more interfaces there can be in the subnet. */
export function freeAddresses(network: Network, subnet: Subnet): number {
  const used = network.interfaces().filter((one) => one.subnetId === subnet.subnetId).length;
  return usableAddresses(blockOf(subnet.cidr)) - used;
}

function create(network: Network, vpc: Vpc, input: CreateSubnetCommandInput): Subnet {
  const { context } = network;
  const cidr = blockText(subnetBlock(network, vpc, input.CidrBlock));
  const ipv6 = input.Ipv6CidrBlock === undefined ? undefined : ipv6Block(network, vpc, input.Ipv6CidrBlock);
  const zone = zoneOf(input);
  const tags = specifiedTags(input.TagSpecifications, "subnet");
  if (siblings(network, vpc).length >= QUOTAS.subnetsPerVpc) {
    throw new AwsError("SubnetLimitExceeded", "The maximum number of subnets has been reached.");
  }
  const subnetId = `subnet-${context.id(17)}`;
  const subnet: Subnet = {
    subnetId,
    vpcId: vpc.vpcId,
    zone,
    cidr,
    ipv6:
      ipv6 === undefined
        ? undefined
        : { associationId: `subnet-cidr-assoc-${context.id(17)}`, cidr: blockText(ipv6) },
    isDefaultForZone: false,
    mapsPublicIp: false,
    assignsIpv6: false,
    dns64: false,
    hostnameType: "ip-name",
    recordsA: false,
    recordsAaaa: false,
  };
  network.subnets.set(subnetId, subnet);
  network.tags.put(subnetId, tags);
  return subnet;
}

function siblings(network: Network, vpc: Vpc): Subnet[] {
  return [...network.subnets.values()].filter((subnet) => subnet.vpcId === vpc.vpcId);
}

/** ec2/subnet-within-vpc, ec2/subnets-apart */
function subnetBlock(network: Network, vpc: Vpc, cidr: string | undefined): Block {
  const block = givenBlock(cidr);
  if (block.bits < 16 || block.bits > 28 || !contains(blockOf(vpc.cidr), block)) {
    throw new AwsError("InvalidSubnet.Range", `The CIDR '${cidr}' is invalid.`);
  }
  if (siblings(network, vpc).some((other) => overlaps(blockOf(other.cidr), block))) {
    throw new AwsError("InvalidSubnet.Conflict", `The CIDR '${cidr}' conflicts with another subnet`);
  }
  return block;
}

function ipv6Block(network: Network, vpc: Vpc, cidr: string): Block {
  const block = parseBlock(cidr);
  // "The subnet size must use a /64 prefix length" or, since, one from 44 to 64 in increments of 4.
  const fits =
    block?.family === 6 &&
    block.bits <= 64 &&
    block.bits % 4 === 0 &&
    vpc.ipv6 !== undefined &&
    contains(blockOf(vpc.ipv6.cidr), block);
  if (!fits) throw new AwsError("InvalidSubnet.Range", `The CIDR '${cidr}' is invalid.`);
  const others = siblings(network, vpc).flatMap((subnet) => (subnet.ipv6 === undefined ? [] : [subnet.ipv6]));
  if (others.some((other) => overlaps(blockOf(other.cidr), block))) {
    throw new AwsError("InvalidSubnet.Conflict", `The CIDR '${cidr}' conflicts with another subnet`);
  }
  return block;
}

function zoneOf({ AvailabilityZone: name, AvailabilityZoneId: id }: CreateSubnetCommandInput): string {
  if (name !== undefined && id !== undefined) {
    throw new AwsError(
      "InvalidParameterCombination",
      "The parameters availabilityZone and availabilityZoneId may not be specified together.",
    );
  }
  // AWS selects one when none is named; which one is not documented.
  if (name === undefined && id === undefined) return ZONES[0].name;
  const found = ZONES.find((zone) => zone.name === name || zone.id === id);
  if (found !== undefined) return found.name;
  const [parameter, valid] =
    name === undefined
      ? ["availabilityZoneId", ZONES.map((zone) => zone.id)]
      : ["availabilityZone", ZONES.map((zone) => zone.name)];
  throw new AwsError(
    "InvalidParameterValue",
    `Value (${name ?? id}) for parameter ${parameter} is invalid. Subnets can currently only be created in the following availability zones: ${valid.join(", ")}.`,
  );
}

function view(network: Network, subnet: Subnet): SubnetView {
  return {
    SubnetId: subnet.subnetId,
    SubnetArn: arnOf(network.context, `subnet/${subnet.subnetId}`),
    VpcId: subnet.vpcId,
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: ZONES.find((zone) => zone.name === subnet.zone)?.id,
    CidrBlock: subnet.cidr,
    Ipv6CidrBlockAssociationSet:
      subnet.ipv6 === undefined
        ? []
        : [
            {
              AssociationId: subnet.ipv6.associationId,
              Ipv6CidrBlock: subnet.ipv6.cidr,
              Ipv6CidrBlockState: { State: "associated" },
              IpSource: "amazon",
              Ipv6AddressAttribute: "public",
            },
          ],
    AvailableIpAddressCount: freeAddresses(network, subnet),
    DefaultForAz: subnet.isDefaultForZone,
    MapPublicIpOnLaunch: subnet.mapsPublicIp,
    MapCustomerOwnedIpOnLaunch: false,
    AssignIpv6AddressOnCreation: subnet.assignsIpv6,
    EnableDns64: subnet.dns64,
    Ipv6Native: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: subnet.hostnameType,
      EnableResourceNameDnsARecord: subnet.recordsA,
      EnableResourceNameDnsAAAARecord: subnet.recordsAaaa,
    },
    State: "available",
    OwnerId: network.context.accountId,
    Tags: [...network.tags.of(subnet.subnetId)],
  };
}
