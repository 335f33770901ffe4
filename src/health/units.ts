/** Sizes of a group count its instances, or units of which an instance may be several. Pure. */
import type { GroupFact, InstanceFact } from "../model/health.ts";

/** What instances of a group count for; `undefined` where that is not known of one of them. */
export function unitsIn(
  { isWeighted }: Pick<GroupFact, "isWeighted">,
  instances: readonly InstanceFact[],
): number | undefined {
  return instances.reduce<number | undefined>((total, { units = isWeighted ? undefined : 1 }) => {
    return total === undefined || units === undefined ? undefined : total + units;
  }, 0);
}

/** So many units more a group wants; none where it is not known what its instances count for. */
export function unitsLacking(group: GroupFact): number {
  return group.desiredCapacity - (unitsIn(group, group.instances) ?? group.desiredCapacity);
}

/** The size that so many instances come to, going by those that are there. */
export function sizeOf(instances: number, group: GroupFact): number {
  const units = unitsIn(group, group.instances);
  if (group.isWeighted !== true || units === undefined || units === 0) return instances;
  return Math.ceil((instances * units) / group.instances.length);
}

/** What the sizes of a group count. */
export function measureOf({ isWeighted }: Pick<GroupFact, "isWeighted">): "units" | "instances" {
  return isWeighted === true ? "units" : "instances";
}

/** `3`, or `12 units`. */
export function sizeText(size: number, group: Pick<GroupFact, "isWeighted">): string {
  return group.isWeighted === true ? `${size} units` : String(size);
}
