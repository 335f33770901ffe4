/** What groups of several types and purchase options promise to do as AWS's do, and where AWS says so. */
import { type Behaviour, documented } from "../../account/documented.ts";

const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";
const ALLOCATION = `${GUIDE}/allocation-strategies.html`;
const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";

export const MIXED_BEHAVIOURS: readonly Behaviour[] = documented("autoscaling", "autoscaling", [
  [
    "mixed-defaults",
    "A mixed instances policy launches On-Demand only, the types in their order, unless told otherwise; types chosen by what they have are launched by lowest price.",
    `${API}/API_InstancesDistribution.html`,
  ],
  [
    "mixed-update",
    "An update of a mixed instances policy leaves alone what it does not name; one that names a launch template takes the policy away.",
    `${API}/API_UpdateAutoScalingGroup.html`,
  ],
  [
    "refresh-mixed",
    "A mixed instances policy that a refresh brings has its defaults where it names nothing, and is the group's when the refresh has succeeded.",
    `${GUIDE}/asg-instance-refresh-skip-matching.html`,
  ],
  [
    "refresh-matching",
    "With skip matching, an instance stays that has the template's version and one of the types of the desired configuration.",
    `${GUIDE}/asg-instance-refresh-skip-matching.html`,
  ],
  [
    "mixed-distribution",
    "The base capacity is On-Demand first; of what is above it a percentage, rounded up in favour of On-Demand.",
    `${GUIDE}/ec2-auto-scaling-mixed-instances-groups.html`,
  ],
  [
    "allocation-on-demand",
    "On-Demand Instances are of the first type of the list that has room, or of the cheapest.",
    ALLOCATION,
  ],
  [
    "allocation-spot",
    "Spot Instances come evenly from the cheapest pools of a zone, or from the roomiest, where priority or price decides among pools with at least half the room of the best. Prices and room are fixed by type and zone.",
    ALLOCATION,
  ],
  [
    "weights",
    "With weights the capacity is reached or exceeded and never fallen short of; new weights count for what runs, and a type that has none any more keeps its last.",
    `${GUIDE}/ec2-auto-scaling-mixed-instances-groups-instance-weighting.html`,
  ],
  [
    "capacity-types",
    "Capacity is counted in vCPUs or MiB where the group says so.",
    `${GUIDE}/create-mixed-instances-group-attribute-based-instance-type-selection.html`,
  ],
  [
    "attribute-based",
    "Types chosen by what they have are all of the catalogue that have it, and on which the image runs.",
    `${GUIDE}/create-mixed-instances-group-attribute-based-instance-type-selection.html`,
  ],
  [
    "price-protection",
    "Of types chosen by what they have, those are left out that cost more than the threshold, by default 20 % On-Demand, above the cheapest of the current C, M and R types.",
    `${API}/API_InstanceRequirements.html`,
  ],
  [
    "mixed-scale-in",
    "Scale-in first takes what there is too much of, On-Demand or Spot, then balances the zones of that kind, then takes what fits the allocation strategy worst.",
    `${GUIDE}/ec2-auto-scaling-termination-policies.html`,
  ],
  [
    "purchase-rebalance",
    "When the purchase options change, instances are exchanged one by one, the new one first.",
    `${API}/API_UpdateAutoScalingGroup.html`,
  ],
  [
    "capacity-rebalance",
    "With Capacity Rebalancing a Spot Instance at risk is replaced first and terminated when its successor passes its checks, above the maximum if need be, or at the notice of two minutes. AWS does not document the words of these activities.",
    `${GUIDE}/ec2-auto-scaling-capacity-rebalancing.html`,
  ],
  [
    "mixed-failed-launch",
    "A launch that no pool takes is a failed activity that names the kind, AWS's error and its words; On-Demand does not stand in for Spot, nor the other way round.",
    `${GUIDE}/ec2-auto-scaling-mixed-instances-groups.html`,
  ],
]);
