/** Which cheap reads show, without a whole pass, that AWS has finished with what it is at. Pure. */
import type { ObservedResource } from "../core/resource.ts";
import { healthyTargets } from "../cutover/target-group-readiness.ts";
import type { Decision } from "../decide.ts";
import type { Probe } from "../kinds/kind.ts";
import { kindNamed } from "../kinds/registry.ts";

const SLOW_MS = 60_000;

/** Those that imply others come first. */
export function probesOf({ matching, heldRequests, handovers }: Decision, nowMs: number): Probe[] {
  const resources = [...matching.current.values(), ...matching.surplus];
  const needed = new Map([
    ...handovers.flatMap(({ targetGroup, healthy, needed: wanted }) =>
      targetGroup === undefined || healthy >= wanted
        ? []
        : [[targetGroup.id, healthyTargets(targetGroup) + wanted - healthy] as const],
    ),
    ...heldRequests.flatMap(({ unready }) =>
      unready.map((targetGroup) => [targetGroup.id, targetGroup.needed] as const),
    ),
  ]);
  // While AWS refreshes a group's instances it takes no target group: the end of that is to be asked for first.
  const isRefreshing = resources.some(
    ({ fleet, lifecycle }) => fleet !== undefined && lifecycle === "provisioning",
  );
  const probes = resources
    .filter((resource) => !(isRefreshing && needed.has(resource.id) && hasNoTargets(resource)))
    .flatMap((resource) => kindNamed(resource.kind).probe?.(resource, nowMs, needed.get(resource.id)) ?? []);
  return [
    ...probes.filter((probe) => !probe.isImpliedByOthers),
    ...probes.filter((probe) => probe.isImpliedByOthers),
  ];
}

/** AWS needs minutes: nothing is to be seen after seconds. */
export function isSlow(probes: readonly Probe[]): boolean {
  return probes.some((probe) => probe.firstAfterMs >= SLOW_MS);
}

function hasNoTargets({ targetSet }: ObservedResource): boolean {
  return targetSet?.targets.length === 0;
}
