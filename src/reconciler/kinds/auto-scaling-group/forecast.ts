/**
 * A predictive policy with IncreaseMaxCapacity raises the maximum of its group, and AWS never lowers it again
 * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PredictiveScalingConfiguration.html, MaxCapacityBreachBehavior).
 * What it may have raised is no drift. Policies are read only where the maximum is above what the spec says.
 */
import type { Reader } from "../kind.ts";
import type { ScalingPolicy } from "../scaling-policy/type.ts";

type KeptBy = Readonly<Record<string, string>>;

/** @throws CloudError when the policies cannot be read */
export async function keptByForecast(
  reader: Reader,
  AutoScalingGroupName: string,
  sizes: { readonly wanted: number | undefined; readonly live: number | undefined },
): Promise<KeptBy> {
  if (sizes.live === undefined || sizes.wanted === undefined || sizes.live <= sizes.wanted) return {};
  const policies = await reader.list(
    "autoscaling:DescribePolicies",
    { AutoScalingGroupName, PolicyTypes: ["PredictiveScaling"], MaxRecords: 100 },
    (page) => page.ScalingPolicies,
  );
  return raisedBy(policies);
}

/** The first policy that may raise the maximum: one that scales, is on, and was told so. Pure. */
function raisedBy(policies: readonly ScalingPolicy[]): KeptBy {
  const raiser = policies.find(
    ({ Enabled, PredictiveScalingConfiguration: predictive }) =>
      Enabled !== false &&
      predictive?.Mode === "ForecastAndScale" &&
      predictive.MaxCapacityBreachBehavior === "IncreaseMaxCapacity",
  );
  return raiser === undefined ? {} : { maxSize: `the predictive scaling policy ${raiser.PolicyName ?? "?"}` };
}
