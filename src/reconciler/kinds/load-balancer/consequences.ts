/** What comes of changing or removing a load balancer, for its clients. */
import type { Consequence } from "../../../model/status.ts";
import { type Effects, lost } from "../effects.ts";

/**
 * A DNS name is AWS's, and never given out again (docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-delete.html).
 */
export function consequencesOfLoadBalancer({ observed, differences }: Effects): Consequence[] {
  const { dnsName } = observed.attributes;
  if (differences === "removed")
    return [
      {
        effect: "cannotUndo",
        says: `its DNS name ${dnsName === undefined ? "" : `${dnsName} `}goes for good: whoever uses it reaches nobody`,
      },
      { effect: "interrupts", says: "connections that are open through it are cut" },
    ];
  return differences.flatMap((difference): Consequence[] => {
    const gone = lost(difference);
    switch (difference.field) {
      case "subnets":
        return gone.length === 0
          ? []
          : [{ effect: "interrupts", says: `connections through its nodes in ${gone.join(", ")} are cut` }];
      case "securityGroups":
        return gone.length === 0
          ? []
          : [{ effect: "interrupts", says: `what only ${gone.join(", ")} let in is refused` }];
      case "ipAddressType":
        return [{ effect: "interrupts", says: "addresses of the former type are not answered any more" }];
      default:
        return [];
    }
  });
}
