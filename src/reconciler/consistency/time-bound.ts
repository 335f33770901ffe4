/** What a spec means at a time: of what AWS drops once its time has passed nothing is asked then. Pure. */
import type { KindNamed } from "../core/kind-rules.ts";
import { isListed, type Observation } from "../core/observation.ts";
import type { DesiredResource } from "../core/resource.ts";

export interface AtTime {
  readonly desired: readonly DesiredResource[];
  /** Had its time, and is in no list that was read to its end: it is not made again. */
  readonly over: readonly DesiredResource[];
}

export function atTime(
  kindNamed: KindNamed,
  desired: readonly DesiredResource[],
  observation: Observation,
  nowMs: number,
): AtTime {
  const shown = new Set(
    [...observation.resources, ...observation.unreadable].map(({ kind, name }) => `${kind} ${name}`),
  );
  const over: DesiredResource[] = [];
  const wanted = desired.flatMap((resource) => {
    const now = kindNamed(resource.kind).atTime?.(resource, nowMs);
    if (now === undefined) return [resource];
    const isGone = isListed(observation, resource.kind) && !shown.has(`${resource.kind} ${resource.name}`);
    if (!now.isOver || !isGone) return [now.desired];
    over.push(now.desired);
    return [];
  });
  return {
    desired: over.length === 0 && wanted.every((one, at) => one === desired[at]) ? desired : wanted,
    over,
  };
}
