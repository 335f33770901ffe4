/**
 * A group that names `$Latest` or `$Default` of its launch template launches the next version the moment that it is made,
 * or made the default: without a refresh, without a check, whenever it scales out. Before any version is made of such a
 * template, its groups name the number that they run.
 */
import { type Address, aboveOf, surplusAddress } from "../../model/address.ts";
import type { Action, Update, Wait } from "../core/actions.ts";
import type { Matching } from "../core/current-and-surplus.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import type { ObservedResource } from "../core/resource.ts";
import { isTag } from "../core/tags.ts";

export interface PinsInput {
  readonly kindNamed: KindNamed;
  readonly matching: Matching;
  /** Whether something was done to it in this pass, and nobody knows what came of it. */
  readonly isTried: (address: Address) => boolean;
  /** Whether it is wanted and could not be read: it may be there, and name anything. */
  readonly isUnread: (address: Address) => boolean;
}

/** The same actions, with the pins before what they are for. */
export function withPins(
  actions: readonly Action[],
  { kindNamed, matching, isTried, isUnread }: PinsInput,
): readonly Action[] {
  const followers = followersIn(matching);
  const pins = new Map<Address, Update>();
  const held = actions.map((action): Action => {
    if (action.verb !== "update" || !changesContent(action)) return action;
    const above = aboveOf(action.address);
    if (kindNamed(action.kind).traits.isLaunchedFrom === true && isUnread(above))
      return waiting(action, above);
    const own = followersOf(action, followers);
    const tried = own.find(([address]) => isTried(address));
    if (tried !== undefined) return waiting(action, tried[0]);
    const [follower] = own;
    if (follower === undefined) return action;
    for (const [address, group] of own) {
      const pin = pinOf(kindNamed, address, group);
      if (pin.calls.length > 0) pins.set(address, pin);
    }
    return waiting(action, follower[0]);
  });
  // A group that is pinned does nothing else meanwhile.
  return pins.size === 0 ? held : [...pins.values(), ...held.filter(({ address }) => !pins.has(address))];
}

type Follower = readonly [Address, ObservedResource];

/** Also those that are to go: they serve, and scale out, until others have taken over. */
function followersIn({ current, surplus }: Matching): Follower[] {
  const leaving = surplus
    .filter(({ lifecycle }) => lifecycle !== "deleting")
    .map((group): Follower => [surplusAddress(group.id), group]);
  return [...current, ...leaving].filter(([, { fleet }]) => fleet?.alias !== undefined);
}

function changesContent({ differences }: Update): boolean {
  return !differences.every(({ field }) => isTag(field));
}

/** The groups that would launch by themselves what an action makes. */
function followersOf(action: Update, followers: readonly Follower[]): readonly Follower[] {
  return followers.filter(([, { fleet }]) => fleet?.template?.id === action.id);
}

function pinOf(kindNamed: KindNamed, address: Address, group: ObservedResource): Update {
  const { kind, name, id, fleet } = group;
  return {
    verb: "update",
    ...{ address, kind, name, id },
    reason: `it names ${fleet?.alias ?? ""} of its launch template, which is version ${fleet?.template?.version ?? "?"} so far`,
    differences: [],
    calls: kindNamed(kind).pin?.(group) ?? [],
  };
}

function waiting({ address, kind, name, id, reason, differences }: Update, group: Address): Wait {
  const until = [{ because: "version not pinned", group } as const];
  return { verb: "wait", to: "update", address, kind, name, id, reason, differences, until };
}
