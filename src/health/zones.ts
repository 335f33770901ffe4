/** The instances by Availability Zone; a zone that is declared and has none is told all the same. */
import type { TierFacts } from "../model/health.ts";
import type { ZoneRow } from "../model/status.ts";
import { verdictOf } from "./instance-verdict.ts";

/** Every zone of the load balancer, of a group, or of an instance, by name. What is leaving has no say. */
export function zonesOf(tier: TierFacts): ZoneRow[] {
  const groups = tier.groups ?? [];
  const lives = groups.flatMap((group) =>
    group.instances.map((instance) => ({
      zone: instance.availabilityZone,
      ...verdictOf(instance, group, tier),
    })),
  );
  const names = [
    ...(tier.loadBalancer?.availabilityZones ?? []),
    ...groups.filter(({ isLeaving }) => isLeaving !== true).flatMap((group) => group.availabilityZones),
    ...lives.map(({ zone }) => zone),
  ];
  return [...new Set(names)].sort().map((name) => {
    const here = lives.filter(({ zone, phase }) => zone === name && phase !== "leaving");
    const count = (serving: string) => here.filter((one) => one.serving === serving).length;
    return { name, instances: here.length, serving: count("yes"), unknown: count("unknown") };
  });
}
