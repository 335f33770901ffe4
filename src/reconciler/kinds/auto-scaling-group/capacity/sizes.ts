/** The three sizes of a group, and what a spec says of them. */
import type { WebServiceSpec } from "../../web-service.ts";

export const SIZES = ["minSize", "maxSize", "desiredCapacity"] as const;
export type SizeName = (typeof SIZES)[number];
export type Sizes = Readonly<Record<SizeName, number>>;

/** What a spec says of the sizes of a group. */
export type CapacitySpec = Pick<
  WebServiceSpec["autoScalingGroups"][string],
  | "minSize"
  | "maxSize"
  | "desiredCapacity"
  | "desiredCapacityPolicy"
  | "scheduledActions"
  | "scalingPolicies"
  | "mixedInstancesPolicy"
>;

/** Whether the desired capacity is compared, and put right. */
export function isFixed({ desiredCapacityPolicy: policy }: CapacitySpec): boolean {
  return policy === "Fixed";
}
