/**
 * A group that names `$Latest` or `$Default` of its launch template launches the next version the moment that it is made,
 * or made the default: without a refresh, without a check, whenever it scales out. Before any version is made of such a
 * template, its groups name the number that they run.
 */
import { type Address, surplusAddress } from "../../model/address.ts";
import type { Action, Update, Wait } from "../core/actions.ts";
import type { Matching } from "../core/current-and-surplus.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import type { ObservedResource } from "../core/resource.ts";
import { isTag } from "../core/tags.ts";

interface Input {
  readonly kindNamed: KindNamed;
  readonly matching: Matching;
  /** Whether something was tried there in this pass: it is not tried again before a read. */
  readonly isTried: (address: Address) => boolean;
}

/** The same actions, with the pins before what they are for. */
export function withPins(
  actions: readonly Action[],
  { kindNamed, matching, isTried }: Input,
): readonly Action[] {
  const followers = followersIn(matching);
  if (followers.length === 0) return actions;
  const pins = new Map<Address, Update>();
  const held = actions.map((action): Action => {
    const [follower, ...others] = followersOf(action, followers);
    if (action.verb !== "update" || follower === undefined) return action;
    for (const [address, group] of [follower, ...others]) {
      const pin = pinOf(kindNamed, address, group);
      if (pin.calls.length > 0 && !isTried(address)) pins.set(address, pin);
    }
    return waiting(action, follower[0]);
  });
  // A group that is pinned does nothing else meanwhile.
  return [...pins.values(), ...held.filter(({ address }) => !pins.has(address))];
}

type Follower = readonly [Address, ObservedResource];

/** Also those that are to go: they serve, and scale out, until others have taken over. */
function followersIn({ current, surplus }: Matching): Follower[] {
  const leaving = surplus
    .filter(({ lifecycle }) => lifecycle !== "deleting")
    .map((group): Follower => [surplusAddress(group.id), group]);
  return [...current, ...leaving].filter(([, { fleet }]) => fleet?.alias !== undefined);
}

/** The groups that would launch by themselves what an action makes. */
function followersOf(action: Action, followers: readonly Follower[]): readonly Follower[] {
  if (action.verb !== "update" || action.differences.every(({ field }) => isTag(field))) return [];
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
