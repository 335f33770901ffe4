/** Network interfaces: those of instances and load balancers, which come and go with them. */
import type {
  DescribeNetworkInterfacesCommandInput,
  GroupIdentifier,
  InstanceNetworkInterface,
  NetworkInterface as View,
} from "@aws-sdk/client-ec2";
import type { OperationTable } from "../../services.ts";
import { describedPage } from "../described-page.ts";
import { INTERFACE_FILTERS } from "../filters/interfaces.ts";
import type { Network, NetworkInterface } from "./state.ts";

export function interfaceOperations(network: Network): OperationTable {
  return {
    DescribeNetworkInterfaces: (input: DescribeNetworkInterfacesCommandInput) => {
      const page = describedPage(input, {
        operation: "DescribeNetworkInterfaces",
        all: network.interfaces().map((one) => view(network, one)),
        idOf: (one) => one.NetworkInterfaceId,
        ids: input.NetworkInterfaceIds,
        kind: "networkInterface",
        filters: INTERFACE_FILTERS,
      });
      return { NetworkInterfaces: page.items, NextToken: page.next };
    },
  };
}

/** ec2/managed-interfaces */
function view(network: Network, one: NetworkInterface): View {
  const { accountId } = network.context;
  const { owner } = one;
  const dnsName = `ip-${one.privateIp.replaceAll(".", "-")}.ec2.internal`;
  const isInstances = owner.kind === "instance";
  const association = associationOf(network, one);
  return {
    NetworkInterfaceId: one.interfaceId,
    SubnetId: one.subnetId,
    VpcId: one.vpcId,
    AvailabilityZone: one.zone,
    Description: isInstances ? "" : `ELB ${owner.dimension}`,
    Groups: groupsView(one.groupIds, network),
    InterfaceType: "interface",
    Status: "in-use",
    OwnerId: accountId,
    RequesterManaged: !isInstances,
    ...(!isInstances && { RequesterId: "amazon-elb" }),
    MacAddress: macAddress(one.interfaceId),
    PrivateIpAddress: one.privateIp,
    PrivateDnsName: dnsName,
    PrivateIpAddresses: [
      { Primary: true, PrivateIpAddress: one.privateIp, PrivateDnsName: dnsName, ...association },
    ],
    ...association,
    Ipv6Addresses: [],
    SourceDestCheck: !isInstances || owner.checksDestination,
    Attachment: {
      AttachmentId: one.interfaceId.replace("eni-", isInstances ? "eni-attach-" : "ela-attach-"),
      AttachTime: new Date(owner.attachedAtMs),
      DeviceIndex: isInstances ? 0 : 1,
      NetworkCardIndex: 0,
      DeleteOnTermination: isInstances,
      Status: "attached",
      InstanceOwnerId: isInstances ? accountId : "amazon-elb",
      ...(isInstances && { InstanceId: owner.instanceId }),
    },
    TagSet: [...network.tags.of(one.interfaceId)],
  };
}

function associationOf(
  network: Network,
  { publicIp, vpcId, owner }: NetworkInterface,
): { Association?: { PublicIp: string; PublicDnsName: string; IpOwnerId: string } } {
  if (publicIp === undefined) return {};
  return {
    Association: {
      PublicIp: publicIp,
      PublicDnsName: publicName(network, vpcId, publicIp),
      IpOwnerId: owner.kind === "instance" ? "amazon" : "amazon-elb",
    },
  };
}

/** ec2/public-addresses */
export function publicName(network: Network, vpcId: string, publicIp: string): string {
  if (network.vpcs.get(vpcId)?.dnsHostnames !== true) return "";
  return `ec2-${publicIp.replaceAll(".", "-")}.compute-1.amazonaws.com`;
}

/** The interface of an instance, as DescribeInstances shows it. */
export function ownInterfaceView(network: Network, one: NetworkInterface): InstanceNetworkInterface {
  const { Attachment, AvailabilityZone, RequesterManaged, TagSet, ...rest } = view(network, one);
  const { AttachmentId, AttachTime, DeviceIndex, NetworkCardIndex, DeleteOnTermination, Status } =
    Attachment ?? {};
  return {
    ...rest,
    Attachment: { AttachmentId, AttachTime, DeviceIndex, NetworkCardIndex, DeleteOnTermination, Status },
  } as InstanceNetworkInterface;
}

/** Ids with names. */
export function groupsView(groupIds: readonly string[], network: Network): GroupIdentifier[] {
  return groupIds.map((GroupId) => ({
    GroupId,
    GroupName: network.securityGroups.get(GroupId)?.name ?? GroupId,
  }));
}

function macAddress(interfaceId: string): string {
  return `02:${interfaceId.slice(-10).match(/../g)!.join(":")}`;
}
