/** What goes, and when: nothing that is still used, nothing whose replacement is not ready, nothing of others. */
import { type Address, addressFrom, surplusAddress } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import { valuesEqual } from "../../model/value.ts";
import type { Action, Delete, Obstacle, Plan, Release, Update, Wait } from "./actions.ts";
import type { Matching } from "./current-and-surplus.ts";
import type { HoldReason, Holds } from "./holds.ts";
import type { DeletionLock, KindNamed } from "./kind-rules.ts";
import { TAG_OWNER, TAG_RESOURCE, withEpochTag } from "./names.ts";
import type { Observation } from "./observation.ts";
import type { ObservedResource } from "./resource.ts";
import { tagField } from "./tags.ts";

export interface RemovalInput {
  readonly kindNamed: KindNamed;
  readonly observation: Observation;
  readonly matching: Matching;
  /** Addresses of what replaces others and is not ready. */
  readonly unreadyReplacements: readonly Address[];
  /** Why something that others take over from must not go yet, by its id. */
  readonly handover: (id: string) => readonly HoldReason[];
  /** What is still to be made or changed. */
  readonly pending: readonly Action[];
  readonly obstacles: readonly Obstacle[];
  readonly holds: Holds;
  /** Whether something was tried in this pass and is not known to be done. */
  readonly hasFailures: boolean;
  /** Something of ours that a list lacks. */
  readonly listLacks: readonly { readonly kind: KindName; readonly name: string }[];
  readonly goal: "Converge" | "Delete" | "Retain";
  /** Whoever deletes the service has asked for force. */
  readonly isForced?: boolean;
  /** Whether the spec says that deletion protection is off; that it says nothing is not enough. */
  readonly isUnlocked?: (resource: ObservedResource) => boolean;
}

export function removalsOf(input: RemovalInput): Plan {
  const { surplus } = input.matching;
  if (input.goal === "Retain")
    return { actions: surplus.flatMap((resource) => release(input, resource)), obstacles: [] };
  const guarded = surplus.flatMap((resource): Locked[] => {
    const { deletionLock: lock } = input.kindNamed(resource.kind).traits;
    return lock !== undefined && valuesEqual(resource.fields[lock.field], lock.locked)
      ? [{ resource, lock }]
      : [];
  });
  const kept = guarded.filter(({ resource }) => input.isUnlocked?.(resource) !== true);
  if (kept.length === 0 && guarded.length > 0)
    return { actions: guarded.flatMap((locked) => unlocking(input, locked)), obstacles: [] };
  const obstacles = kept.map(deletionProtected);
  // A service that may not go whole does not go in parts.
  if (input.goal === "Delete" && guarded.length > 0) return { actions: [], obstacles };
  const actions = surplus
    .filter(
      (resource) => !guarded.some((locked) => locked.resource === resource) && !wasTried(input, resource),
    )
    .filter((resource) => !goesWithItsParent(resource, surplus))
    .map((resource) => removal(input, resource));
  return { actions, obstacles };
}

function wasTried({ holds }: RemovalInput, { id }: ObservedResource): boolean {
  return holds.on(surplusAddress(id)) !== undefined;
}

function goesWithItsParent({ parent }: ObservedResource, surplus: readonly ObservedResource[]): boolean {
  return surplus.some((other) => other.id === parent);
}

function subjectOf({ id, kind, name }: ObservedResource) {
  return { address: surplusAddress(id), kind, name, id };
}

/** Where it stood in the spec, as far as it says so. */
function formerAddressOf({ address, id }: ObservedResource): Address {
  return address ?? addressFrom(id);
}

interface Locked {
  readonly resource: ObservedResource;
  readonly lock: DeletionLock;
}

function deletionProtected({ resource, lock }: Locked): Obstacle {
  return {
    address: formerAddressOf(resource),
    reason: "DeletionProtected",
    message: lock.says(resource.name),
  };
}

/** What is no longer compared with the spec is still ours to unlock when the spec says so. */
function unlocking(input: RemovalInput, { resource, lock }: Locked): Update[] {
  if (wasTried(input, resource)) return [];
  const { kind, name } = resource;
  const differences = [{ field: lock.field, desired: lock.unlocked, observed: lock.locked }];
  const desired = { address: formerAddressOf(resource), kind, name, fields: {} };
  return [
    {
      verb: "update",
      ...subjectOf(resource),
      reason: "the spec no longer asks for deletion protection",
      differences,
      calls: input.kindNamed(kind).update({
        desired,
        fields: { [lock.field]: lock.unlocked },
        observed: resource,
        differences,
      }),
    },
  ];
}

function removal(input: RemovalInput, resource: ObservedResource): Delete | Wait {
  const subject = {
    ...subjectOf(resource),
    reason: input.goal === "Delete" ? "the service is being deleted" : "the spec does not ask for it",
  };
  const waiting = (until: readonly HoldReason[]): Wait => {
    return { verb: "wait", to: "delete", ...subject, differences: [], until };
  };
  const until = [...reasonsToWait(input, resource)];
  if (until.length > 0) return waiting(until);
  const isForced = input.goal === "Delete" && input.isForced === true;
  const { calls, isLast, heldUpBy } = input.kindNamed(resource.kind).remove(resource, isForced);
  if (calls.length > 0) return { verb: "delete", ...subject, calls, isLast };
  const doing = [`AWS is removing ${resource.name}`, ...(heldUpBy === undefined ? [] : [heldUpBy])].join(
    "; ",
  );
  return waiting([{ because: "AWS at work", doing }]);
}

function* reasonsToWait(input: RemovalInput, resource: ObservedResource): Generator<HoldReason> {
  const { observation, matching, goal } = input;
  // What could not be read might use it.
  for (const kind of observation.unknownKinds.keys()) yield { because: "unread", what: `the ${kind} list` };
  if (observation.unreadable.length > 0) yield { because: "unread", what: "a resource" };
  for (const user of observation.resources) {
    // AWS removes what somebody else's group uses: it refuses only what requests are forwarded to.
    if (!user.owned && input.kindNamed(user.kind).traits.registersIn !== undefined) continue;
    if (user.id !== resource.id && user.parent !== resource.id && user.refersTo.includes(resource.id))
      yield { because: "in use", by: user.name };
  }
  for (const { kind, name } of input.listLacks) yield { because: "stale list", kind, name };
  if (goal !== "Converge") return;
  yield* input.handover(resource.id);
  const { family, traits } = input.kindNamed(resource.kind);
  for (const action of input.pending) {
    if (input.kindNamed(action.kind).family === family)
      yield { because: "comes later", than: action.address };
  }
  if (input.obstacles.length > 0 || input.hasFailures) yield { because: "something failed" };
  if (traits.isEntrance !== true) return;
  const successor = matching.current.get(formerAddressOf(resource));
  if (successor !== undefined && successor.lifecycle !== "ready")
    yield { because: "replacement not active", name: successor.name };
  for (const targetGroup of input.unreadyReplacements) yield { because: "unready targets", targetGroup };
}

/** Takes our tags away. */
function release(input: RemovalInput, resource: ObservedResource): Release[] {
  const carried = [TAG_OWNER, TAG_RESOURCE].filter((tag) => resource.fields[tagField(tag)] !== undefined);
  const kind = input.kindNamed(resource.kind);
  const calls = carried.length === 0 ? [] : (kind.tag?.(resource, {}, withEpochTag(kind, carried)) ?? []);
  if (calls.length === 0 || wasTried(input, resource)) return [];
  return [
    {
      verb: "release",
      ...subjectOf(resource),
      reason: "the service is deleted with deletionPolicy Retain",
      calls,
    },
  ];
}
