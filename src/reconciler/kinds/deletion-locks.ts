/** What the spec says of the locks that AWS keeps on a deletion. */
import { childNameOf } from "../../model/address.ts";
import type { ObservedResource } from "../core/resource.ts";
import { memberOf } from "./spec-rule.ts";
import type { WebServiceSpec } from "./web-service.ts";

/** Whether the spec says in so many words that nothing keeps it from being deleted; that it says nothing is not enough. */
export function isUnlockedIn(
  spec: WebServiceSpec,
  { kind, address }: Pick<ObservedResource, "kind" | "address">,
): boolean {
  switch (kind) {
    case "loadBalancer":
      return spec.loadBalancer.attributes?.["deletion_protection.enabled"] === false;
    case "autoScalingGroup":
      return (
        address !== undefined &&
        memberOf(spec.autoScalingGroups, childNameOf(address))?.deletionProtection === "none"
      );
    default:
      return false;
  }
}
