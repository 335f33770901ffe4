/** What a group does about Spot Instances that EC2 is about to take back. autoscaling/capacity-rebalance */
import type { SpotSignal } from "../../services.ts";
import { passesChecks } from "../health.ts";
import { terminate } from "../instance-lifecycle.ts";
import { type Group, isPending, isSuspended, liveMembers, type State, standingMembers } from "../state.ts";
import { capacityOf } from "./units.ts";

const REPLACED =
  "an instance was taken out of service in response to an EC2 instance rebalance recommendation";
const NOTICED = "an instance was taken out of service in response to a Spot Instance interruption notice";
const REPLACEMENT = "an instance was launched in response to an EC2 instance rebalance recommendation";

/** Only a group with Capacity Rebalancing listens; the others wait until a health check finds the instance gone. */
export function onSpotSignal(state: State, instanceId: string, signal: SpotSignal): void {
  const group = state.groupOf.get(instanceId);
  const member = group?.members.get(instanceId);
  if (group?.capacityRebalance !== true || member === undefined) return;
  if (member.lifecycle !== "InService" && !isPending(member)) return;
  if (!member.atRisk) group.launchReasons.push(REPLACEMENT);
  member.atRisk = true;
  if (signal === "interruption" && !isSuspended(group, "Terminate")) terminate(state, group, member, NOTICED);
  state.touch(group);
}

/** What is at risk goes, one by one, as soon as new instances that pass their checks are as much as the group wants. */
export function releaseAtRisk(state: State, group: Group): void {
  const atRisk = liveMembers(group).filter((member) => member.atRisk);
  if (atRisk.length === 0 || isSuspended(group, "Terminate")) return;
  const ready = standingMembers(group).filter((member) => passesChecks(state, group, member));
  let spare = capacityOf(ready) + capacityOf(atRisk) - group.desired;
  for (const member of atRisk) {
    spare -= capacityOf([member]);
    if (spare < 0) return;
    terminate(state, group, member, REPLACED);
  }
}
