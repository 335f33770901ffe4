/** The interfaces that follow from what is in the account: one of each instance, one of a load balancer in each subnet. */
import { derivedId } from "../account/ids.ts";
import type { ElbPart } from "../services.ts";
import type { Machine } from "./machine.ts";
import { blockOf, usableAddress } from "./network/cidr.ts";
import type { Network, NetworkInterface, Subnet } from "./network/state.ts";

type OfLoadBalancer = ReturnType<ElbPart["interfaces"]>[number];

/** What never changes of an interface, and is derived at a price. */
type Identity = Pick<NetworkInterface, "interfaceId" | "privateIp">;

/** Keeps the identities of those that were there at the last look. ec2/interface-lives: until the instance is terminated. */
export function ownInterfaces(
  subnets: Network["subnets"],
): (machines: readonly Machine[], loadBalancers: readonly OfLoadBalancer[]) => NetworkInterface[] {
  let known = new Map<string, Identity>();
  return (machines, loadBalancers) => {
    const own = machines.filter((machine) => machine.state !== "terminated").map(interfaceOf);
    const seen = new Map<string, Identity>();
    const managed = loadBalancers.flatMap((one) => {
      const subnet = subnets.get(one.subnetId);
      if (subnet === undefined) return [];
      const name = `${one.dimension} ${one.subnetId}`;
      const identity = known.get(name) ?? identityOf(name, subnet);
      seen.set(name, identity);
      return managedInterface(one, subnet, identity);
    });
    known = seen;
    return [...own, ...managed];
  };
}

function identityOf(name: string, subnet: Subnet): Identity {
  const interfaceId = derivedId("eni", name);
  const privateIp = usableAddress(blockOf(subnet.cidr), Number.parseInt(interfaceId.slice(-6), 16));
  return { interfaceId, privateIp };
}

function managedInterface(one: OfLoadBalancer, subnet: Subnet, identity: Identity): NetworkInterface {
  return {
    ...identity,
    subnetId: subnet.subnetId,
    vpcId: subnet.vpcId,
    zone: subnet.zone,
    publicIp: one.isPublic ? publicAddress(identity.interfaceId, one.createdAtMs) : undefined,
    groupIds: one.securityGroups,
    owner: {
      kind: "loadBalancer" as const,
      dimension: one.dimension,
      attachedAtMs: one.createdAtMs,
    },
  };
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
