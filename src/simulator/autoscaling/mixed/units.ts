/** How much capacity an instance is: one instance, its weight, its vCPUs or its memory. Pure. */
import { instanceTypeNamed } from "../../account/instance-prices.ts";
import type { LaunchSource } from "../launch-source.ts";
import type { Group, Member } from "../state.ts";

type Measured = LaunchSource & { readonly desiredCapacityType: string | undefined };

/**
 * Nothing where every instance counts as one, and where weights say nothing of the type.
 * autoscaling/weights, autoscaling/capacity-types
 */
export function unitsOf(group: Measured, instanceType: string): number | undefined {
  if (group.mixed === undefined) return undefined;
  const type = instanceTypeNamed(instanceType);
  if (group.desiredCapacityType === "vcpu") return type?.vcpus;
  if (group.desiredCapacityType === "memory-mib") return type?.memoryMib;
  const weight = group.mixed.overrides.find((one) => one.instanceType === instanceType)?.weight;
  return weight === undefined ? undefined : Number(weight);
}

export function isWeighted({ mixed, desiredCapacityType: type }: Measured): boolean {
  if (mixed === undefined) return false;
  return type === "vcpu" || type === "memory-mib" || mixed.overrides.some((one) => one.weight !== undefined);
}

/** The weights of now; a type that has none any more keeps its last. autoscaling/weights */
export function reweigh(group: Group): void {
  const isCounted = !isWeighted(group);
  for (const member of [...group.members.values(), ...group.warm.values()]) {
    const units = unitsOf(group, member.instanceType);
    if (isCounted || units !== undefined) member.units = units;
  }
}

export function capacityOf(members: readonly Member[]): number {
  let units = 0;
  for (const member of members) units += member.units ?? 1;
  return units;
}

/** The first of the members that are together worth no more than so much, and at least so many of them. */
export function worthOf(members: readonly Member[], worth: number, least: number): Member[] {
  const taken: Member[] = [];
  let left = worth;
  for (const member of members) {
    left -= member.units ?? 1;
    if (left < 0 && taken.length >= least) break;
    taken.push(member);
  }
  return taken;
}
