/** Sizes that AWS would refuse beside those that are not the spec's to write. Pure. */
import type { Address } from "../../../../model/address.ts";
import type { KindObstacle } from "../../../core/kind-rules.ts";
import type { Difference, Fields, ObservedResource } from "../../../core/resource.ts";
import { SIZES } from "./sizes.ts";

/**
 * @param fields the sizes as they would be: those of others as they are
 */
export function sizeObstacles(
  address: Address,
  fields: Fields,
  { owners = {} }: Pick<ObservedResource, "owners">,
  differences: readonly Difference[],
): KindObstacle[] {
  const sizeOf = (field: string) => (typeof fields[field] === "number" ? Number(fields[field]) : undefined);
  const low = sizeOf("minSize") ?? Number.NEGATIVE_INFINITY;
  const high = sizeOf("maxSize") ?? Number.POSITIVE_INFINITY;
  const desired = sizeOf("desiredCapacity");
  const isRefused = (field: string) =>
    field === "desiredCapacity" ? desired !== undefined && (desired < low || desired > high) : low > high;
  return differences
    .filter(({ field }) => SIZES.some((size) => size === field) && isRefused(field))
    .map(({ field, desired: wanted }) => {
      const others = SIZES.filter((size) => size !== field).flatMap((size) => {
        const claim = owners[size];
        return claim === undefined || claim.owner === "Spec" || size === "desiredCapacity"
          ? []
          : [`${size} is ${claim.live}: ${claim.why}`];
      });
      return {
        field,
        reason: "OutsideBand" as const,
        message:
          `${address}: ${field} is to be ${String(wanted)}, which lies outside of what stands beside it ` +
          `(${others.join("; ") || `minSize ${low}, maxSize ${high}`}). AWS would refuse it. ` +
          "It is written once that has moved; or give another size, or edit the other one as well",
      };
    });
}
