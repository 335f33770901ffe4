/** What EC2 tells EventBridge of its instances. events/of-instances */
import type { AccountContext } from "../account/context.ts";
import type { Instance, Parts } from "../services.ts";

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
