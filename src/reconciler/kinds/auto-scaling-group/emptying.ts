/**
 * How a group goes: emptied first, so that its instances drain, and removed once the last one is gone. What keeps AWS
 * from emptying it is taken out of the way, for who deletes a group means its instances, too.
 */
import { type Call, callOf } from "../../core/actions.ts";
import { batches } from "../../core/batches.ts";
import type { DeletionLock, Removal } from "../../core/kind-rules.ts";
import type { Fields, Fleet, ObservedResource } from "../../core/resource.ts";
import { refreshPhase } from "../../core/rollout/phase.ts";
import { present } from "../required.ts";
import { drained, removalOfPool } from "../warm-pool/draining.ts";
import { CANCEL } from "./instance-refresh.ts";

/** AWS protects in batches of at most this many. */
const INSTANCES_PER_CALL = 50;
/** Only in these states AWS lets the protection of an instance be changed (API_SetInstanceProtection.html). */
const PROTECTABLE: readonly string[] = ["InService", "Standby"];

/** docs.aws.amazon.com/autoscaling/ec2/userguide/resource-deletion-protection.html */
export const DELETION_LOCK: DeletionLock = {
  field: "deletionProtection",
  locked: "prevent-all-deletion",
  unlocked: "none",
  says: (name) =>
    `Auto Scaling group ${name} has deletion protection. To let it go, set its deletionProtection in the spec to ` +
    "none (or switch it off in AWS).",
};

/**
 * With force the group goes at once: AWS terminates the instances without draining them, and drops what lifecycle hooks
 * wait for (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html, ForceDelete).
 */
export function removalOf(
  { id, lifecycle, fields, fleet: known }: ObservedResource,
  isForced: boolean,
): Removal {
  const fleet = present(known, "its fleet");
  if (lifecycle === "deleting") return waiting(fleet);
  if (isForced && !isProtectedFromForce(fields)) {
    const input = { AutoScalingGroupName: id, ForceDelete: true };
    return { calls: [callOf("autoscaling:DeleteAutoScalingGroup", input)], isLast: false };
  }
  // A pool that takes instances back would fill again.
  if (fleet.pool !== undefined) {
    const refreshed = untilRefreshed(id, fleet);
    if (refreshed !== undefined) return refreshed;
    const removal = removalOfPool(id, fleet.pool, false);
    return { ...removal, calls: [...resumption(id, fleet), ...removal.calls], isLast: false };
  }
  const calls = [
    ...resumption(id, fleet),
    ...unprotection(id, fleet),
    ...emptying(id, fleet),
    ...recall(fleet),
  ];
  if (calls.length > 0) return { calls, isLast: false };
  if (fleet.instances.length > 0) return waiting(fleet);
  return {
    calls: [callOf("autoscaling:DeleteAutoScalingGroup", { AutoScalingGroupName: id })],
    isLast: true,
  };
}

/** AWS takes no change of a warm pool while it refreshes, be that for days: nobody needs the new version any more. */
function untilRefreshed(AutoScalingGroupName: string, { refresh }: Fleet): Removal | undefined {
  const phase = refreshPhase(refresh);
  if (phase === "active") return { calls: [callOf(CANCEL, { AutoScalingGroupName })], isLast: false };
  const heldUpBy = `its instance refresh is ${refresh?.status}, and AWS takes no change of its warm pool meanwhile`;
  return phase === "ending" ? { calls: [], isLast: false, heldUpBy } : undefined;
}

/**
 * AWS refuses force then (…/userguide/resource-deletion-protection.html, …/userguide/configure-instance-retention.html):
 * the group goes as one that nobody is in a hurry with.
 */
function isProtectedFromForce(fields: Fields): boolean {
  return (
    fields.deletionProtection === "prevent-force-deletion" ||
    fields["instanceLifecyclePolicy.retentionTriggers.terminateHookAbandon"] === "retain"
  );
}

/** What nothing keeps any more goes, as far as it is not held up. */
export function emptied(observed: ObservedResource, calls: readonly Call[]): ObservedResource {
  const fleet = present(observed.fleet, "its fleet");
  if (calls.some(({ operation }) => operation === CANCEL)) {
    const refresh = { ...present(fleet.refresh, "its refresh"), status: "Cancelling" };
    return { ...observed, fleet: { ...fleet, refresh } };
  }
  if (fleet.pool !== undefined) {
    const { pool, ...others } = fleet;
    const left = drained(
      pool,
      calls.map(({ operation }) => operation),
    );
    const isResumed = calls.some(({ operation }) => operation === "autoscaling:ResumeProcesses");
    const rest = isResumed ? { ...others, suspendedProcesses: [] } : others;
    return { ...observed, fleet: left === undefined ? rest : { ...rest, pool: left } };
  }
  const isGoing = calls.some(({ operation }) => operation === "autoscaling:DeleteAutoScalingGroup");
  const instances = fleet.instances
    .filter(({ lifecycleState }) => lifecycleState !== "Standby")
    .map((instance) => ({ ...instance, protectedFromScaleIn: false }));
  return {
    ...observed,
    lifecycle: isGoing ? "deleting" : observed.lifecycle,
    fields: { ...observed.fields, minSize: 0, maxSize: 0 },
    fleet: { ...fleet, minSize: 0, maxSize: 0, desiredCapacity: 0, suspendedProcesses: [], instances },
  };
}

function waiting({ instances }: Fleet): Removal {
  const inState = (state: string) =>
    instances.flatMap(({ lifecycleState, instanceId }) => (lifecycleState === state ? [instanceId] : []));
  const held = inState("Terminating:Wait").sort();
  const kept = inState("Terminating:Retained").sort();
  const says = [
    ...(held.length === 0
      ? []
      : [
          `a lifecycle hook holds ${held.join(", ")} in Terminating:Wait until it is completed or its time is over`,
        ]),
    // …/userguide/manage-retained-instances.html
    ...(kept.length === 0
      ? []
      : [
          `its instanceLifecyclePolicy retains ${kept.join(", ")} until somebody terminates what it retains (TerminateInstanceInAutoScalingGroup)`,
        ]),
  ];
  return { calls: [], isLast: false, ...(says.length === 0 ? {} : { heldUpBy: says.join("; ") }) };
}

/** A group that may not terminate keeps its instances, and those of its warm pool (…/userguide/suspend-resume-considerations.html). */
function resumption(id: string, { instances, pool, suspendedProcesses }: Fleet): Call[] {
  const isEmpty = instances.length === 0 && (pool?.size ?? 0) === 0;
  if (isEmpty || !suspendedProcesses.includes("Terminate")) return [];
  const input = { AutoScalingGroupName: id, ScalingProcesses: ["Terminate"] };
  return [callOf("autoscaling:ResumeProcesses", input)];
}

function unprotection(id: string, { instances }: Fleet): Call[] {
  const guarded = instances.filter(
    ({ protectedFromScaleIn, lifecycleState }) =>
      protectedFromScaleIn && PROTECTABLE.includes(lifecycleState),
  );
  return batches(guarded, INSTANCES_PER_CALL).map((batch) =>
    callOf("autoscaling:SetInstanceProtection", {
      AutoScalingGroupName: id,
      InstanceIds: batch.map(({ instanceId }) => instanceId),
      ProtectedFromScaleIn: false,
    }),
  );
}

function emptying(id: string, { minSize, maxSize, desiredCapacity }: Fleet): Call[] {
  if (minSize === 0 && maxSize === 0 && desiredCapacity === 0) return [];
  const empty = { MinSize: 0, MaxSize: 0, DesiredCapacity: 0, NewInstancesProtectedFromScaleIn: false };
  return [callOf("autoscaling:UpdateAutoScalingGroup", { AutoScalingGroupName: id, ...empty })];
}

/**
 * What is on standby does not count, so that no size reaches it
 * (docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html). It is not put back into service on the
 * way: somebody had a reason to send it no requests.
 */
function recall({ instances }: Fleet): Call[] {
  return instances
    .filter(({ lifecycleState }) => lifecycleState === "Standby")
    .map(({ instanceId }) =>
      callOf("autoscaling:TerminateInstanceInAutoScalingGroup", {
        InstanceId: instanceId,
        ShouldDecrementDesiredCapacity: false,
      }),
    );
}
