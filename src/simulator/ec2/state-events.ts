/** What EC2 tells EventBridge of its instances. events/of-instances */
import type { AccountContext } from "../account/context.ts";
import type { Instance, Parts, SpotSignal } from "../services.ts";

/** Tells each state of the instance once; what else changes of it is not told. */
export function stateTeller(
  { region, accountId }: AccountContext,
  parts: Parts,
  instanceId: string,
): (state: Instance["state"]) => void {
  let told: string | undefined;
  return (state) => {
    if (state === told) return;
    told = state;
    parts.events.emit({
      kind: "service",
      source: "aws.ec2",
      detailType: "EC2 Instance State-change Notification",
      resources: [`arn:aws:ec2:${region}:${accountId}:instance/${instanceId}`],
      detail: () => ({ "instance-id": instanceId, state }),
    });
  };
}

/** A recommendation, or the notice of two minutes, whose ARN has the zone and no account. events/of-spot-instances */
export function tellSpotSignal(
  { region, accountId }: AccountContext,
  parts: Parts,
  { instanceId, availabilityZone }: Pick<Instance, "instanceId" | "availabilityZone">,
  signal: SpotSignal,
): void {
  const isNotice = signal === "interruption";
  const place = isNotice ? availabilityZone : `${region}:${accountId}`;
  parts.events.emit({
    kind: "service",
    source: "aws.ec2",
    detailType: isNotice ? "EC2 Spot Instance Interruption Warning" : "EC2 Instance Rebalance Recommendation",
    resources: [`arn:aws:ec2:${place}:instance/${instanceId}`],
    detail: () => ({ "instance-id": instanceId, ...(isNotice && { "instance-action": "terminate" }) }),
  });
}
