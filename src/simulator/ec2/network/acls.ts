/** The default network ACL of each VPC; others cannot be made here. */
import type { DescribeNetworkAclsCommandInput, NetworkAcl } from "@aws-sdk/client-ec2";
import { derivedId } from "../../account/ids.ts";
import type { OperationTable } from "../../services.ts";
import { describedPage } from "../described-page.ts";
import { NETWORK_ACL_FILTERS } from "../filters/routing.ts";
import type { Network, Vpc } from "./state.ts";

export function networkAclOperations(network: Network): OperationTable {
  return {
    DescribeNetworkAcls: (input: DescribeNetworkAclsCommandInput) => {
      const page = describedPage(input, {
        operation: "DescribeNetworkAcls",
        all: [...network.vpcs.values()].map((vpc) => view(network, vpc)),
        idOf: (one) => one.NetworkAclId,
        ids: input.NetworkAclIds,
        kind: "networkAcl",
        filters: NETWORK_ACL_FILTERS,
      });
      return { NetworkAcls: page.items, NextToken: page.next };
    },
  };
}

/** ec2/default-network-acl */
function view(network: Network, vpc: Vpc): NetworkAcl {
  const subnets = [...network.subnets.values()].filter((subnet) => subnet.vpcId === vpc.vpcId);
  return {
    NetworkAclId: vpc.defaultAclId,
    VpcId: vpc.vpcId,
    IsDefault: true,
    OwnerId: network.context.accountId,
    Associations: subnets.map(({ subnetId }) => ({
      NetworkAclAssociationId: derivedId("aclassoc", subnetId),
      NetworkAclId: vpc.defaultAclId,
      SubnetId: subnetId,
    })),
    Entries: [true, false].flatMap((Egress) => [
      { Egress, RuleNumber: 100, Protocol: "-1", RuleAction: "allow" as const, CidrBlock: "0.0.0.0/0" },
      { Egress, RuleNumber: 32_767, Protocol: "-1", RuleAction: "deny" as const, CidrBlock: "0.0.0.0/0" },
      ...(vpc.ipv6 === undefined
        ? []
        : [
            { Egress, RuleNumber: 101, Protocol: "-1", RuleAction: "allow" as const, Ipv6CidrBlock: "::/0" },
            {
              Egress,
              RuleNumber: 32_768,
              Protocol: "-1",
              RuleAction: "deny" as const,
              Ipv6CidrBlock: "::/0",
            },
          ]),
    ]),
    Tags: [...network.tags.of(vpc.defaultAclId)],
  };
}
