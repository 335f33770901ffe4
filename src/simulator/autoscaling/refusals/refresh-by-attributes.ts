/** What Auto Scaling refuses of a refresh where types are chosen by what they have. */
import type { StartInstanceRefreshType } from "@aws-sdk/client-auto-scaling";
import { type RefusalRule, refusals } from "../../account/refusals.ts";
import type { State } from "../state.ts";

/** In the group itself, or in the policy that the refresh would bring. */
function isByAttributes(
  { AutoScalingGroupName: name = "", DesiredConfiguration: desired }: StartInstanceRefreshType,
  state: State,
): boolean {
  const brought = desired?.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
  const own = state.groups.get(name)?.mixed?.overrides ?? [];
  return (
    brought.some((one) => one.InstanceRequirements !== undefined) ||
    own.some((one) => one.requirements !== undefined)
  );
}

export const REFRESH_BY_ATTRIBUTES_RULES: readonly RefusalRule<State>[] = refusals<
  StartInstanceRefreshType,
  State
>(
  {
    prefix: "autoscaling",
    operations: ["StartInstanceRefresh"],
    code: "ValidationError",
    page: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html",
  },
  [
    [
      "refresh-attributes-skip",
      "A group with instance requirements skips no instance that matches.",
      (input, state) =>
        input.Preferences?.SkipMatching === true &&
        isByAttributes(input, state) &&
        "SkipMatching is not supported for an Auto Scaling group that has InstanceRequirements configured.",
    ],
    [
      "refresh-attributes-configuration",
      "A group with instance requirements takes no desired configuration.",
      (input, state) =>
        input.DesiredConfiguration !== undefined &&
        isByAttributes(input, state) &&
        "DesiredConfiguration is not supported for an Auto Scaling group that has InstanceRequirements configured.",
    ],
  ],
);
