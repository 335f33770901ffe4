/**
 * A group that has all the target groups that AWS allows it has no place for the successor of one of them, and AWS raises
 * that quota for nobody. Its instances are registered in the successor without it, until the requests have moved and
 * the group has left the old one: then it takes the place, and registers them itself.
 */
import type { Value } from "../../model/value.ts";
import type { Update } from "../core/actions.ts";
import { addressesIn } from "../core/references.ts";
import type { DesiredResource, ObservedResource } from "../core/resource.ts";
import type { CutoverState, UnreadyTargetGroup } from "./target-group-readiness.ts";

/**
 * Entries that a group leaves out until what it is to leave has left: none that it is attached to.
 * @param leaving of how many it is to stay attached meanwhile
 */
export function placelessIn(
  { kindNamed, current }: Pick<CutoverState, "kindNamed" | "current">,
  { kind, address: group }: DesiredResource,
  entries: readonly Value[],
  leaving: number,
): readonly Value[] {
  const now = current.get(group);
  const most = kindNamed(kind).traits.registersInAtMost ?? Number.POSITIVE_INFINITY;
  const tooMany = entries.length + leaving - most;
  if (tooMany <= 0 || now === undefined) return [];
  const fresh = entries.filter((entry) => {
    const ids = addressesIn(entry).map((address) => current.get(address)?.id ?? address);
    return ids.every((id) => !now.refersTo.includes(id));
  });
  return fresh.slice(0, tooMany);
}

/** For target groups that are waited for, and that a group is to fill and cannot be attached to. */
export function directRegistrations(state: CutoverState, unready: readonly UnreadyTargetGroup[]): Update[] {
  return unready.flatMap(({ address, id: arn }) => {
    const targetGroup = state.observation.resources.find((one) => one.id === arn);
    if (targetGroup?.targetSet === undefined) return [];
    const there = new Set(targetGroup.targetSet.targets.map(({ instanceId }) => instanceId));
    const instanceIds = state.desired
      .flatMap((group) => (isFullFor(state, group, targetGroup) ? state.current.get(group.address) : []))
      .flatMap((group) => group?.fleet?.instances ?? [])
      .filter(({ lifecycleState, instanceId }) => lifecycleState === "InService" && !there.has(instanceId))
      .map(({ instanceId }) => instanceId);
    const { kind, name, id } = targetGroup;
    const calls = state.kindNamed(kind).register?.(targetGroup, instanceIds) ?? [];
    if (instanceIds.length === 0 || calls.length === 0) return [];
    const reason =
      "its group has all the target groups that AWS allows: its instances are registered without it meanwhile";
    return [{ verb: "update", address, kind, name, id, reason, differences: [], calls }];
  });
}

/** Whether it is to fill the target group, is not attached to it, and has no place for another one. */
function isFullFor(
  { kindNamed, desired, current }: CutoverState,
  group: DesiredResource,
  targetGroup: ObservedResource,
): boolean {
  const { registersIn, registersInAtMost: most } = kindNamed(group.kind).traits;
  const now = current.get(group.address);
  if (registersIn === undefined || most === undefined || now === undefined) return false;
  const attached = now.fields[registersIn];
  const isFull = Array.isArray(attached) && attached.length >= most;
  const wanted = desired.filter(({ address }) => current.get(address)?.id === targetGroup.id);
  const fills = addressesIn(group.fields[registersIn]);
  return (
    isFull && !now.refersTo.includes(targetGroup.id) && wanted.some(({ address }) => fills.includes(address))
  );
}
