/** Which changes of a group take instances from it. */
import type { Change, Termination } from "../../core/kind-rules.ts";
import { present } from "../required.ts";
import { isActive } from "./instance-refresh.ts";
import { isPassedOver } from "./reluctant-instances.ts";
import { isSameVersion, templateIn } from "./template-version.ts";

/**
 * A maximum or a desired capacity below what is there scales in at once
 * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html),
 * a subnet that goes takes its instances along (docs.aws.amazon.com/autoscaling/ec2/userguide/as-add-az-console.html), and
 * a refresh replaces what runs another version.
 */
export function terminationsIn({
  desired: { settings = {} },
  observed,
  differences,
}: Pick<Change, "desired" | "observed" | "differences">): Termination[] {
  const { instances, desiredCapacity, refresh } = present(observed.fleet, "its fleet");
  const staying = instances.filter(({ lifecycleState }) => !lifecycleState.startsWith("Terminat"));
  const live = Math.max(staying.length, desiredCapacity);
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
        const others = staying.filter(
          (one) => !isSameVersion(one.template, wanted) && !isPassedOver(one, settings),
        );
        return others.length > 0 ? [{ difference, isAll: false }] : [];
      }
      default:
        return [];
    }
  });
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
