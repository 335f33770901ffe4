/** What groups of several types and purchase options promise to do as AWS's do, and where AWS says so. */
import { type Behaviour, documented } from "../../account/documented.ts";

const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";
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
]);
