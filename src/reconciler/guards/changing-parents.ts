/**
 * What AWS changes only while it does nothing else to what that sits on: a warm pool waits until the instance refresh of
 * its group is over (docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html). Pure.
 */
import { aboveOf } from "../../model/address.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import type { Observation } from "../core/observation.ts";
import type { Guard } from "./guard.ts";

/** None while nothing is being changed. */
export function changingParents(
  kindNamed: KindNamed,
  { resources }: Pick<Observation, "resources">,
): Guard[] {
  const busy = resources.filter(
    ({ owned, lifecycle, fleet }) => owned && lifecycle === "provisioning" && fleet?.refresh !== undefined,
  );
  if (busy.length === 0) return [];
  const parentIdOf = (kind: string, name: string) =>
    resources.find((one) => one.kind === kind && one.name === name)?.parent;
  return [
    {
      stops({ kind, address, name }) {
        if (kindNamed(kind).traits.waitsForParent !== true) return undefined;
        const parentId = parentIdOf(kind, name);
        const parent = busy.find((one) => one.id === parentId || one.address === aboveOf(address));
        return parent === undefined ? undefined : { because: "refresh active", of: parent.name };
      },
    },
  ];
}
