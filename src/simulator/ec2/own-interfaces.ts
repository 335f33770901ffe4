/** The interfaces that follow from what is in the account: one of each instance, one of a load balancer in each subnet. */
import { derivedId } from "../account/ids.ts";
import type { ElbPart } from "../services.ts";
import type { Machine } from "./machine.ts";
import { blockOf, usableAddress } from "./network/cidr.ts";
import type { Network, NetworkInterface } from "./network/state.ts";

/** ec2/interface-lives: until the instance is terminated. */
export function interfacesOf(
  machines: readonly Machine[],
  loadBalancers: ReturnType<ElbPart["interfaces"]>,
  subnets: Network["subnets"],
): NetworkInterface[] {
  const own = machines.filter((machine) => machine.state !== "terminated").map(interfaceOf);
  const managed = loadBalancers.flatMap((one) => {
    const subnet = subnets.get(one.subnetId);
    if (subnet === undefined) return [];
    const interfaceId = derivedId("eni", `${one.dimension} ${one.subnetId}`);
    return [
      {
        interfaceId,
        subnetId: subnet.subnetId,
        vpcId: subnet.vpcId,
        zone: subnet.zone,
        privateIp: usableAddress(blockOf(subnet.cidr), Number.parseInt(interfaceId.slice(-6), 16)),
        groupIds: one.securityGroups,
        owner: {
          kind: "loadBalancer" as const,
          dimension: one.dimension,
          isPublic: one.isPublic,
          attachedAtMs: one.createdAtMs,
        },
      },
    ];
  });
  return [...own, ...managed];
}

export function interfaceOf(machine: Machine): NetworkInterface {
  const { facts } = machine;
  return {
    interfaceId: facts.instanceId.replace("i-", "eni-"),
    subnetId: facts.subnetId,
    vpcId: facts.vpcId,
    zone: facts.availabilityZone,
    privateIp: facts.privateIp,
    groupIds: facts.securityGroupIds,
    owner: {
      kind: "instance",
      instanceId: facts.instanceId,
      checksDestination: facts.sourceDestCheck,
      attachedAtMs: machine.launchedAtMs,
    },
  };
}
