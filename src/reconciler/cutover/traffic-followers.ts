/**
 * What watches or counts the requests of a target group (a scaling policy by its requests, an alarm by its dimension)
 * goes where the requests go, and not before them: a target group with weight 0 gets none, and to scale by that would
 * take away those who serve.
 */
import type { Address } from "../../model/address.ts";
import type { Value } from "../../model/value.ts";
import { movesTraffic } from "../core/kind-rules.ts";
import { knows } from "../core/observation.ts";
import { addressesIn, refTo, substituted } from "../core/references.ts";
import type { DesiredResource, ObservedResource } from "../core/resource.ts";
import { requestedBy } from "./forward-weights.ts";
import type { CutoverState } from "./target-group-readiness.ts";

/** Whether it speaks of a target group without sending it requests or instances. */
export function followsTraffic(
  { kindNamed, desired }: Pick<CutoverState, "kindNamed" | "desired">,
  { kind, fields }: DesiredResource,
): boolean {
  if (movesTraffic(kindNamed(kind))) return false;
  const spokenOf = new Set(Object.values(fields).flatMap(addressesIn));
  return desired.some(
    (other) => spokenOf.has(other.address) && kindNamed(other.kind).traits.receivesRequests === true,
  );
}

/** Whom it follows while requests have not moved: who serves them, or nobody new. */
type Leader = ObservedResource | "nobody yet";

/** The followers as they have to be at this point. @param awaited ids of the target groups for which requests are held */
export function followersDuringCutover(
  state: CutoverState,
  awaited: ReadonlySet<string>,
): ReadonlyMap<Address, DesiredResource> {
  const leaders = leadersIn(state, awaited);
  if (leaders.size === 0) return new Map();
  const followers = state.desired.filter((resource) => followsTraffic(state, resource));
  return new Map(followers.map((resource) => [resource.address, following(state, resource, leaders)]));
}

/** Of each target group that is to get requests and gets none yet. */
function leadersIn(state: CutoverState, awaited: ReadonlySet<string>): ReadonlyMap<Address, Leader> {
  const { kindNamed, desired, current, replacements } = state;
  const served = servedIn(state);
  const leaders = new Map<Address, Leader>();
  for (const { address, kind } of desired) {
    if (kindNamed(kind).traits.receivesRequests !== true) continue;
    if (served === "unknown") {
      leaders.set(address, "nobody yet");
      continue;
    }
    const id = current.get(address)?.id;
    if (id !== undefined && served.has(id)) continue;
    const predecessors = replacements.find((one) => one.address === address)?.predecessors ?? [];
    const predecessor = predecessors.find((one) => served.has(one.id));
    if (predecessor !== undefined) leaders.set(address, predecessor);
    else if (id !== undefined && awaited.has(id)) leaders.set(address, "nobody yet");
  }
  return leaders;
}

/** Ids of the target groups that something of ours sends requests to. */
function servedIn({ kindNamed, desired, observation }: CutoverState): ReadonlySet<string> | "unknown" {
  const forwards = desired.filter(({ kind }) => kindNamed(kind).traits.forwardField !== undefined);
  if (!forwards.every(({ kind }) => knows(observation, kind))) return "unknown";
  return requestedBy(
    kindNamed,
    observation.resources.filter(({ owned }) => owned),
  );
}

function following(
  { current, applied }: CutoverState,
  resource: DesiredResource,
  leaders: ReadonlyMap<Address, Leader>,
): DesiredResource {
  const isThere = current.has(resource.address);
  const earlier = applied.get(resource.address);
  const fields = Object.entries(resource.fields).map(([field, value]) => {
    const isHeld = addressesIn(value).some((address) => leaders.get(address) === "nobody yet");
    // What was applied, so that a change by hand is drift.
    const kept = isThere && isHeld ? earlier?.[field] : undefined;
    return [field, kept ?? substituted(value, (ref) => led(ref, leaders))] as const;
  });
  return { ...resource, fields: Object.fromEntries(fields) };
}

/** An attribute that no resource has: whoever asks for it waits. */
const NOT_YET = "not yet served";

function led(
  { address, attribute }: { address: Address; attribute: string },
  leaders: ReadonlyMap<Address, Leader>,
): Value | undefined {
  const leader = leaders.get(address);
  if (leader === undefined) return undefined;
  return leader === "nobody yet" ? refTo(address, NOT_YET) : leader.attributes[attribute];
}
