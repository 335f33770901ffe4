/** VPCs, and what is made with each: https://docs.aws.amazon.com/vpc/latest/userguide/create-vpc.html */
import type {
  CreateVpcCommandInput,
  DeleteVpcCommandInput,
  DescribeVpcsCommandInput,
  Vpc as VpcView,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../account/aws-error.ts";
import type { OperationTable } from "../../services.ts";
import { describedPage } from "../described-page.ts";
import { VPC_FILTERS } from "../filters/network.ts";
import { specifiedTags } from "../tags.ts";
import { type Block, blockText, givenBlock, parseBlock } from "./cidr.ts";
import { defaultRules } from "./permissions.ts";
import { refuseUnmodelled } from "./refusals.ts";
import {
  defaultGroupOf,
  type Ipv6Association,
  inUse,
  type Network,
  QUOTAS,
  type Vpc,
  vpcOf,
} from "./state.ts";

/** The set that every Region has: "AmazonProvidedDNS". */
const DHCP_OPTIONS = "dopt-12345678";

export function vpcOperations(network: Network): OperationTable {
  return {
    CreateVpc: (input: CreateVpcCommandInput) => {
      refuseUnmodelled(input, [
        "Ipv6Pool",
        "Ipv6CidrBlock",
        "Ipv4IpamPoolId",
        "Ipv4NetmaskLength",
        "Ipv6IpamPoolId",
        "Ipv6NetmaskLength",
        "Ipv6CidrBlockNetworkBorderGroup",
        "VpcEncryptionControl",
      ]);
      const cidr = blockText(vpcBlock(input.CidrBlock));
      const tags = specifiedTags(input.TagSpecifications, "vpc");
      if (network.vpcs.size >= QUOTAS.vpcs) {
        throw new AwsError("VpcLimitExceeded", "The maximum number of VPCs has been reached.");
      }
      const vpc = create(network, cidr, input);
      network.tags.put(vpc.vpcId, tags);
      // The example on the page of CreateVpc; it is available by the time anyone asks.
      return { Vpc: { ...view(network, vpc), State: "pending" } };
    },
    DescribeVpcs: (input: DescribeVpcsCommandInput) => {
      const page = describedPage(input, {
        operation: "DescribeVpcs",
        all: [...network.vpcs.values()].map((vpc) => view(network, vpc)),
        idOf: (one) => one.VpcId,
        ids: input.VpcIds,
        kind: "vpc",
        filters: VPC_FILTERS,
      });
      return { Vpcs: page.items, NextToken: page.next };
    },
    DeleteVpc: (input: DeleteVpcCommandInput) => {
      remove(network, vpcOf(network, input.VpcId));
      return {};
    },
  };
}

/** ec2/vpc-sizes */
function vpcBlock(cidr: string | undefined): Block {
  const block = givenBlock(cidr);
  if (block.bits < 16 || block.bits > 28) {
    throw new AwsError("InvalidVpc.Range", `The CIDR '${cidr}' is invalid.`);
  }
  return block;
}

/** ec2/vpc-comes-with: the default group, network ACL and main route table. */
function create(network: Network, cidr: string, input: CreateVpcCommandInput): Vpc {
  const { context } = network;
  const vpcId = `vpc-${context.id(17)}`;
  const ipv6 = input.AmazonProvidedIpv6CidrBlock === true ? ipv6Block(network) : undefined;
  const vpc: Vpc = {
    vpcId,
    cidr,
    cidrAssociationId: `vpc-cidr-assoc-${context.id(17)}`,
    ipv6,
    isDefault: false,
    defaultAclId: `acl-${context.id(17)}`,
    tenancy: input.InstanceTenancy === "dedicated" ? "dedicated" : "default",
    dnsSupport: true,
    dnsHostnames: false,
    addressUsageMetrics: false,
  };
  network.vpcs.set(vpcId, vpc);
  const tableId = `rtb-${context.id(17)}`;
  network.routeTables.set(tableId, {
    tableId,
    vpcId,
    routes: [cidr, ...(ipv6 === undefined ? [] : [ipv6.cidr])].map((destination) => ({
      destination,
      target: { gatewayId: "local" },
    })),
    associations: [{ associationId: `rtbassoc-${context.id(17)}` }],
  });
  const groupId = `sg-${context.id(17)}`;
  const own = {
    ruleId: `sgr-${context.id(17)}`,
    isEgress: false,
    protocol: "-1",
    fromPort: -1,
    toPort: -1,
    peer: { kind: "group", groupId },
    description: undefined,
  } as const;
  network.securityGroups.set(groupId, {
    groupId,
    name: "default",
    description: "default VPC security group",
    vpcId,
    rules: [own, ...defaultRules(network, vpc)],
  });
  return vpc;
}

/** A /56 of those that Amazon has in us-east-1, where no other VPC has it. */
function ipv6Block({ context }: Network): Ipv6Association {
  const [one, two] = [context.id(4), context.id(2)];
  return {
    associationId: `vpc-cidr-assoc-${context.id(17)}`,
    cidr: blockText(parseBlock(`2600:1f18:${one}:${two}00::/56`)!),
  };
}

function remove(network: Network, vpc: Vpc): void {
  const { vpcId } = vpc;
  const group = defaultGroupOf(network, vpcId);
  const tables = [...network.routeTables.values()].filter((table) => table.vpcId === vpcId);
  const main = tables.find((table) =>
    table.associations.some((one) => one.subnetId === undefined && one.gatewayId === undefined),
  );
  const isUsed =
    tables.length > 1 ||
    [...network.subnets.values()].some((subnet) => subnet.vpcId === vpcId) ||
    [...network.gateways.values()].some((gateway) => gateway.vpcId === vpcId) ||
    [...network.securityGroups.values()].some((one) => one.vpcId === vpcId && one !== group);
  if (isUsed) throw inUse("vpc", vpcId);
  for (const id of [vpcId, vpc.defaultAclId, group.groupId, main?.tableId ?? ""]) network.tags.forget(id);
  for (const rule of group.rules) network.tags.forget(rule.ruleId);
  network.securityGroups.delete(group.groupId);
  if (main !== undefined) network.routeTables.delete(main.tableId);
  network.vpcs.delete(vpcId);
}

function view(network: Network, vpc: Vpc): VpcView {
  const state = { State: "associated" } as const;
  return {
    VpcId: vpc.vpcId,
    CidrBlock: vpc.cidr,
    CidrBlockAssociationSet: [
      { AssociationId: vpc.cidrAssociationId, CidrBlock: vpc.cidr, CidrBlockState: state },
    ],
    Ipv6CidrBlockAssociationSet:
      vpc.ipv6 === undefined
        ? []
        : [
            {
              AssociationId: vpc.ipv6.associationId,
              Ipv6CidrBlock: vpc.ipv6.cidr,
              Ipv6CidrBlockState: state,
              Ipv6Pool: "Amazon",
              IpSource: "amazon",
              Ipv6AddressAttribute: "public",
              NetworkBorderGroup: network.context.region,
            },
          ],
    DhcpOptionsId: DHCP_OPTIONS,
    InstanceTenancy: vpc.tenancy,
    IsDefault: vpc.isDefault,
    State: "available",
    OwnerId: network.context.accountId,
    Tags: [...network.tags.of(vpc.vpcId)],
  };
}
