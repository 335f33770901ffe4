/** Which changes of a group take instances from it. */
import { unitsOf } from "../../core/fleet/units.ts";
import type { Change, Termination } from "../../core/kind-rules.ts";
import { runsVersion } from "../../core/rollout/wanted.ts";
import { present } from "../required.ts";
import { isActive } from "./instance-refresh.ts";
import { REPLACING } from "./mixed/fields.ts";
import { isPassedOver } from "./reluctant-instances.ts";
import { templateIn } from "./template-version.ts";

/**
 * A maximum or a desired capacity below what is there scales in at once
 * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html),
 * a subnet that goes takes its instances along (docs.aws.amazon.com/autoscaling/ec2/userguide/as-add-az-console.html),
 * a refresh replaces what runs another version, and another share on demand what is bought otherwise
 * (docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
 * aws-properties-autoscaling-autoscalinggroup-instancesdistribution.html).
 */
export function terminationsIn({
  desired: { settings = {} },
  observed,
  differences,
}: Pick<Change, "desired" | "observed" | "differences">): Termination[] {
  const fleet = present(observed.fleet, "its fleet");
  const { instances, desiredCapacity, refresh } = fleet;
  const staying = instances.filter(({ lifecycleState }) => !lifecycleState.startsWith("Terminat"));
  const live = Math.max(unitsOf(fleet, staying) ?? staying.length, desiredCapacity);
  if (live === 0) return [];
  return differences.flatMap((difference): Termination[] => {
    switch (difference.field) {
      case "maxSize": {
        const most = Number(difference.desired);
        return most < live ? [{ difference, isAll: most === 0 }] : [];
      }
      case "desiredCapacity": {
        const wanted = Number(difference.desired);
        return wanted < live ? [{ difference, isAll: wanted === 0 }] : [];
      }
      case "subnets": {
        const wanted = new Set(listIn(difference.desired));
        const leaves = listIn(difference.observed).some((id) => !wanted.has(id));
        return leaves && staying.length > 0 ? [{ difference, isAll: false }] : [];
      }
      case "launchTemplate": {
        // One that is under way is only stopped: what comes then is looked at then.
        if (refresh !== undefined && isActive(refresh)) return [];
        const wanted = templateIn(difference.desired);
        const others = staying.filter((one) => !runsVersion(one, wanted) && !isPassedOver(one, settings));
        return others.length > 0 ? [{ difference, isAll: false }] : [];
      }
      default:
        return staying.length > 0 && REPLACING.includes(difference.field)
          ? [{ difference, isAll: false }]
          : [];
    }
  });
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
