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
        publicIp: one.isPublic ? publicAddress(interfaceId, one.createdAtMs) : undefined,
        groupIds: one.securityGroups,
        owner: {
          kind: "loadBalancer" as const,
          dimension: one.dimension,
          attachedAtMs: one.createdAtMs,
        },
      },
    ];
  });
  return [...own, ...managed];
}

export function interfaceOf(machine: Machine): NetworkInterface {
  const { facts } = machine;
  const isUp = machine.state === "pending" || machine.state === "running";
  return {
    interfaceId: facts.instanceId.replace("i-", "eni-"),
    subnetId: facts.subnetId,
    vpcId: facts.vpcId,
    zone: facts.availabilityZone,
    privateIp: facts.privateIp,
    publicIp: isUp && facts.hasPublicIp ? publicAddress(facts.instanceId, machine.launchedAtMs) : undefined,
    groupIds: facts.securityGroupIds,
    owner: {
      kind: "instance",
      instanceId: facts.instanceId,
      checksDestination: facts.sourceDestCheck,
      attachedAtMs: machine.launchedAtMs,
    },
  };
}

/** Another with each start; Amazon has 54.160.0.0/12 in us-east-1. */
function publicAddress(id: string, sinceMs: number): string {
  const number = (Number.parseInt(id.slice(-5), 16) + Math.floor(sinceMs)) % 2 ** 20;
  return `54.${160 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
}
