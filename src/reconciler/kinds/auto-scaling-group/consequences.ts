/** What comes of changing or removing a group, for its instances. */
import type { Consequence } from "../../../model/status.ts";
import type { Call } from "../../core/actions.ts";
import type { Fields, Fleet, Pool } from "../../core/resource.ts";
import { runsVersion } from "../../core/rollout/wanted.ts";
import { type Effects, instancesText, lost } from "../effects.ts";
import { present } from "../required.ts";
import { isWeighted, OVERRIDES, REPLACING } from "./mixed/fields.ts";
import { templateIn } from "./template-version.ts";

export function consequencesOfGroup({ observed, differences, calls = [] }: Effects): Consequence[] {
  const fleet = present(observed.fleet, "its fleet");
  const ids = fleet.instances.map(({ instanceId }) => instanceId);
  if (differences === "removed") return ids.length === 0 ? [] : [terminated(`its ${instancesText(ids)}`)];
  return differences.flatMap((difference): Consequence[] => {
    const { field, desired } = difference;
    switch (field) {
      case "launchTemplate":
        return [...replaced(fleet, desired), ...undone(fleet, calls)];
      case "desiredCapacity":
      case "maxSize": {
        const tooMany = fleet.desiredCapacity - Number(desired);
        const what = fleet.isWeighted === true ? `${tooMany} units of its ` : `${tooMany} of its `;
        return tooMany <= 0 ? [] : [terminated(`${what}${instancesText(ids)}`)];
      }
      case "subnets":
      case "subnetIds": {
        const gone = lost(difference);
        return gone.length === 0
          ? []
          : [
              {
                effect: "replaces",
                says: `instances in ${gone.join(", ")} are replaced by others elsewhere`,
              },
            ];
      }
      case OVERRIDES:
        return stays(fleet, calls, { [OVERRIDES]: desired });
      default:
        return ids.length > 0 && REPLACING.includes(field)
          ? [
              {
                effect: "replaces",
                says: `AWS replaces instances until ${field.split(".").at(-1)} is ${desired}, one after the other, the new one first`,
              },
            ]
          : [];
    }
  });
}

/**
 * Other overrides are for what is launched from then on (docs.aws.amazon.com/autoscaling/ec2/APIReference/
 * API_LaunchTemplate.html); but other weights count at once (…/userguide/ec2-auto-scaling-mixed-instances-groups-instance-weighting.html).
 */
function stays({ instances, isWeighted: was }: Fleet, calls: readonly Call[], wanted: Fields): Consequence[] {
  const ids = instances.map(({ instanceId }) => instanceId);
  if (ids.length === 0 || calls.some(({ operation }) => operation === "autoscaling:StartInstanceRefresh"))
    return [];
  const weights =
    was === true || isWeighted(wanted)
      ? "; AWS launches or terminates instances until the other weights come to the desired capacity"
      : "";
  return [
    {
      effect: "keeps",
      says: `${instancesText(ids)} stay as they are: other overrides are for instances that are launched from now on${weights}`,
    },
  ];
}

/** With what was on their disks, unless the template keeps a volume. */
function terminated(which: string): Consequence {
  return { effect: "cannotUndo", says: `${which} are terminated` };
}

/** Where AWS cannot roll it back (docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html). */
function undone({ template }: Fleet, calls: readonly Call[]): Consequence[] {
  if (template === undefined || !calls.some(({ undoneBy }) => undoneBy === "Holdfast")) return [];
  const says =
    `if that fails, Holdfast brings version ${template.version} back by a refresh of its own: AWS rolls back to no ` +
    "image that each launch looks up, to no version without a number, and not where types are chosen by attributes";
  return [{ effect: "replaces", says }];
}

/** Those that run another version, one after the other (…/ec2/userguide/instance-refresh-overview.html). */
function replaced({ instances, pool }: Fleet, desired: Parameters<typeof templateIn>[0]): Consequence[] {
  const wanted = templateIn(desired);
  const others = `replaced by others of version ${wanted.version}`;
  const ids = instances
    .filter((instance) => !runsVersion(instance, wanted))
    .map(({ instanceId }) => instanceId);
  const inService: Consequence[] =
    ids.length === 0
      ? []
      : [{ effect: "replaces", says: `${instancesText(ids)} are ${others}` }, terminated(instancesText(ids))];
  return pool === undefined || pool.size === 0 ? inService : [...inService, ...replacedIn(pool, others)];
}

/** After those in service (…/ec2/userguide/ec2-auto-scaling-warm-pools.html, "Update the instances in a warm pool"). */
function replacedIn({ size }: Pool, others: string): Consequence[] {
  const which = size === 1 ? "the instance in its warm pool" : `the ${size} instances in its warm pool`;
  return [
    { effect: "replaces", says: `after those in service, ${which} ${size === 1 ? "is" : "are"} ${others}` },
    { effect: "cannotUndo", says: `${which} ${size === 1 ? "is" : "are"} terminated` },
  ];
}
