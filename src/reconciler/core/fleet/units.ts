/**
 * Sizes of a fleet count instances, or units of which an instance may be several
 * (docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups-instance-weighting.html). Pure.
 */
import type { Fleet, FleetInstance } from "../resource.ts";

type Weighted = Pick<Fleet, "isWeighted">;

/** What some instances count for; `undefined` where that is not known of one of them. */
export function unitsOf({ isWeighted }: Weighted, instances: readonly FleetInstance[]): number | undefined {
  return instances.reduce<number | undefined>((total, { units = isWeighted ? undefined : 1 }) => {
    return total === undefined || units === undefined ? undefined : total + units;
  }, 0);
}

/** What an instance of it counts for, one with another; 1 where there is none, or that is not known. */
export function unitsPerInstance(fleet: Pick<Fleet, "isWeighted" | "instances">): number {
  const { instances, isWeighted } = fleet;
  if (isWeighted !== true || instances.length === 0) return 1;
  return (unitsOf(fleet, instances) ?? instances.length) / instances.length;
}

/** To how many instances a size comes, going by those that are there: a group without any begins with one. */
export function instancesFor(size: number, fleet: Pick<Fleet, "isWeighted" | "instances">): number {
  if (fleet.isWeighted !== true) return size;
  if (fleet.instances.length === 0) return Math.min(size, 1);
  return Math.ceil(size / unitsPerInstance(fleet));
}
