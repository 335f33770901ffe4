/** The instances as the status shows them: three health checks side by side, and what they mean. */

import type { TierFacts } from "../model/health.ts";
import type { InstanceRow } from "../model/status.ts";
import { iso } from "../model/time.ts";
import { flowOf } from "./flow.ts";
import { verdictOf } from "./instance-verdict.ts";

/**
 * An instance whose group was not seen this time, as it was seen before.
 * @param seenAt when that was, if known
 * @param isUnconfirmed whether the group was asked for, and an answer that may be old lacks it
 */
export function lastSeen(row: InstanceRow, seenAt: string | undefined, isUnconfirmed: boolean): InstanceRow {
  const { flow: _flow, targetHealth: _targets, ec2: _ec2, ...rest } = row;
  return {
    ...rest,
    verdict: isUnconfirmed
      ? "AWS's answers lack a group that was there, so whether it is there still, and serves, a second read decides."
      : "Its group could not be read, so whether it is there still, and serves, is unknown.",
    serving: "unknown",
    phase: "unknown",
    ...(seenAt === undefined ? {} : { lastSeenAt: seenAt }),
  };
}

/** Every instance of every group, in AWS's order; none when the groups could not be read. */
export function instanceRowsOf(tier: TierFacts): InstanceRow[] {
  return (tier.groups ?? []).flatMap((group) =>
    group.instances.map((instance) => {
      const flow = flowOf(instance, group, tier);
      return {
        instanceId: instance.instanceId,
        availabilityZone: instance.availabilityZone,
        autoScalingGroup: group.key,
        ...(instance.launchTemplateVersion !== undefined && {
          launchTemplateVersion: instance.launchTemplateVersion,
        }),
        ...(instance.launchedAtMs !== undefined && {
          launchTime: iso(instance.launchedAtMs),
        }),
        ...(instance.targets !== undefined && { targetHealth: instance.targets }),
        autoScaling: {
          lifecycleState: instance.lifecycleState,
          healthStatus: instance.healthStatus,
          protectedFromScaleIn: instance.protectedFromScaleIn,
        },
        ...(instance.ec2 !== undefined && { ec2: instance.ec2 }),
        ...verdictOf(instance, group, tier),
        ...(flow !== undefined && { flow }),
      };
    }),
  );
}
