/**
 * How a group goes: emptied first, so that its instances drain, and removed once the last one is gone. What keeps AWS
 * from emptying it is taken out of the way, for who deletes a group means its instances, too.
 */
import { type Call, callOf } from "../../core/actions.ts";
import { batches } from "../../core/batches.ts";
import type { Removal } from "../../core/kind-rules.ts";
import type { Fleet, ObservedResource } from "../../core/resource.ts";
import { present } from "../required.ts";
import { drained, removalOfPool } from "../warm-pool/draining.ts";

/** AWS protects in batches of at most this many. */
const INSTANCES_PER_CALL = 50;
/** Only in these states AWS lets the protection of an instance be changed (API_SetInstanceProtection.html). */
const PROTECTABLE: readonly string[] = ["InService", "Standby"];

/**
 * With force the group goes at once: AWS terminates the instances without draining them, and drops what lifecycle hooks
 * wait for (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html, ForceDelete).
 */
export function removalOf({ id, lifecycle, fleet: known }: ObservedResource, isForced: boolean): Removal {
  const fleet = present(known, "its fleet");
  if (lifecycle === "deleting") return waiting(fleet);
  if (isForced) {
    const input = { AutoScalingGroupName: id, ForceDelete: true };
    return { calls: [callOf("autoscaling:DeleteAutoScalingGroup", input)], isLast: false };
  }
  // A pool that takes instances back would fill again.
  if (fleet.pool !== undefined) return { ...removalOfPool(id, fleet.pool, false), isLast: false };
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

/** What nothing keeps any more goes, as far as it is not held up. */
export function emptied(observed: ObservedResource, calls: readonly Call[]): ObservedResource {
  const fleet = present(observed.fleet, "its fleet");
  if (fleet.pool !== undefined) {
    const { pool, ...others } = fleet;
    const left = drained(
      pool,
      calls.map(({ operation }) => operation),
    );
    return { ...observed, fleet: left === undefined ? others : { ...others, pool: left } };
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
  const held = instances.filter(({ lifecycleState }) => lifecycleState === "Terminating:Wait");
  if (held.length === 0) return { calls: [], isLast: false };
  const names = held.map(({ instanceId }) => instanceId).sort();
  return {
    calls: [],
    isLast: false,
    heldUpBy: `a lifecycle hook holds ${names.join(", ")} in Terminating:Wait until it is completed or its time is over`,
  };
}

/** A group that may not terminate keeps its instances (…/userguide/suspend-resume-considerations.html). */
function resumption(id: string, { instances, suspendedProcesses }: Fleet): Call[] {
  if (instances.length === 0 || !suspendedProcesses.includes("Terminate")) return [];
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
